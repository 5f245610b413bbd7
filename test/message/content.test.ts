import t from 'tap'
import { contentOf } from '../../src/message/content.ts'
import { incoming, incomingEvent, incomingText } from '../dispatch/incoming.ts'

const voice = (recognition: string) =>
  incoming(`<MsgType>voice</MsgType><MediaId>m</MediaId><Recognition>${recognition}</Recognition>`)

t.test('the content is what was written or said, or the key of the button', async t => {
  t.equal(contentOf(incomingText('木棉')), '木棉')
  t.equal(contentOf(voice('木棉花开')), '木棉花开')
  t.equal(contentOf(incomingEvent('CLICK', '<EventKey>about</EventKey>')), 'about')
})

t.test('other messages have none', async t => {
  t.equal(contentOf(voice('')), undefined)
  t.equal(contentOf(incomingText('')), undefined)
  t.equal(contentOf(incoming('<MsgType>image</MsgType><MediaId>m</MediaId>')), undefined)
  t.equal(contentOf(incoming('<MsgType>hologram</MsgType><Content>a</Content><Content>b</Content>')), undefined)
})

t.test('it is cut after 100 characters, and never in the middle of one', async t => {
  t.equal(contentOf(incomingText('a'.repeat(101))), 'a'.repeat(100))
  t.equal(contentOf(incomingText(`${'a'.repeat(99)}🌳`)), 'a'.repeat(99))
  t.equal(contentOf(incomingText(`${'a'.repeat(98)}🌳b`)), `${'a'.repeat(98)}🌳`)
})
