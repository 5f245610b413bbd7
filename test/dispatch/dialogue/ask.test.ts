import t from 'tap'
import { createApp } from '../../../src/dispatch/composer.ts'
import type { Script } from '../../../src/dispatch/dialogue/dialogue.ts'
import { conversation } from '../conversation.ts'

/** What is answered to these messages, after the one that begins the dialogue. */
async function answers(script: Script, ...messages: readonly string[]) {
  const app = createApp()
  app.hears('begin', app.dialogue('dialogue', script)).on('text', () => 'over')
  const { say, send } = conversation(app)
  const heard = [await say('begin')]
  for (const message of messages) heard.push(await (message.startsWith('<') ? send(message) : say(message)))
  return heard
}

const PICTURE = '<MsgType>image</MsgType><PicUrl>http://p/</PicUrl><MediaId>m1</MediaId>'

t.test('an option is chosen by its number or its words, as followers write them', async t => {
  const drinks: Script = ctx => ctx.ask('Drink?', ['Green Tea', '咖啡'])
  const question = 'Drink?\n1. Green Tea\n2. 咖啡'
  for (const message of ['1', ' 1 ', '１', '1.', '1、', 'green tea', ' GREEN TEA', 'ｇｒｅｅｎ　ｔｅａ']) {
    t.strictSame(await answers(drinks, message), [question, 'Green Tea'], message)
  }
  t.strictSame(await answers(drinks, '咖啡'), [question, '咖啡'])
  for (const message of [
    '0',
    '3',
    '-1',
    '1.5',
    '12',
    'tea',
    '一',
    '',
    '1 2',
    PICTURE,
    '【收到不支持的消息类型，暂无法显示】',
  ]) {
    t.strictSame(await answers(drinks, message, '2'), [question, question, '咖啡'], `not ${message}`)
  }
})

t.test('words that are an option count before numbers', async t => {
  const script: Script = ctx => ctx.ask('How many?', ['2', '1', 'more'])
  t.equal((await answers(script, '1'))[1], '1')
  t.equal((await answers(script, '2'))[1], '2')
  t.equal((await answers(script, '3'))[1], 'more')
})

t.test('options can be links, a tap on which sends the number', async t => {
  const script: Script = ctx => ctx.ask('Sure?', { options: ['Yes & no', 'No'], links: true })
  t.strictSame(await answers(script, '2'), [
    'Sure?\n<a href="weixin://bizmsgmenu?msgmenucontent=1&msgmenuid=1">1. Yes & no</a>\n<a href="weixin://bizmsgmenu?msgmenucontent=2&msgmenuid=2">2. No</a>',
    'No',
  ])
})

t.test('a text has no blanks round it, and is a text', async t => {
  const script: Script = async ctx => `<${await ctx.ask('Name?')}>`
  t.strictSame(await answers(script, '  Anna B. \n'), ['Name?', '<Anna B.>'])
  const noText = [PICTURE, '   ', '【收到不支持的消息类型，暂无法显示】']
  t.strictSame(await answers(script, ...noText, '0'), ['Name?', 'Name?', 'Name?', 'Name?', '<0>'])
})

t.test('a message of the kind that is asked for comes back whole, in every later run too', async t => {
  const script: Script = async ctx => {
    const picture = await ctx.ask('A picture, please', { on: 'image' })
    const place = await ctx.ask('Where?', { on: ['location', 'text'] })
    return `${picture.MediaId} ${picture.PicUrl} ${picture.FromUserName} ${place.kind === 'text' ? place.Content : place.Label}`
  }
  const PLACE = '<MsgType>location</MsgType><Location_X>24.5</Location_X><Label>厦门]]&gt;</Label>'
  t.strictSame(await answers(script, 'no', PICTURE, PLACE), [
    'A picture, please',
    'A picture, please',
    'Where?',
    'm1 http://p/ oFan 厦门]]>',
  ])
  t.equal((await answers(script, PICTURE, ' at home '))[2], 'm1 http://p/ oFan  at home ')
  t.equal((await answers(script, PICTURE, PICTURE))[2], 'Where?')
})

t.test('the words for it leave a dialogue whatever is asked for', async t => {
  const script: Script = async ctx => (await ctx.ask('Anything', { on: 'message' })).kind
  t.strictSame(await answers(script, '取消', 'x'), ['Anything', '好的，已退出。', 'over'])
})

t.test('an answer that will not do is asked for again, with a sentence above', async t => {
  const script: Script = async ctx => {
    const age = await ctx.ask('How old?', {
      retry: 'A number, please.',
      validate: async answer => (Number(answer) > 150 ? 'Really?' : /^\d+$/.test(answer)),
    })
    return `${age} years`
  }
  t.strictSame(await answers(script, 'old', '151', PICTURE, '42'), [
    'How old?',
    'A number, please.\nHow old?',
    'Really?\nHow old?',
    'A number, please.\nHow old?',
    '42 years',
  ])
})

t.test('validate may refuse without a word, and sees an option or a whole message', async t => {
  const seen: unknown[] = []
  const script: Script = async ctx => {
    await ctx.ask('One?', { options: ['a', 'b'], validate: option => seen.push(option) > 1 })
    await ctx.ask('Two?', { on: 'image', validate: ({ MediaId }) => seen.push(MediaId) > 0 })
    return 'done'
  }
  t.strictSame(await answers(script, '1', 'B', PICTURE), ['One?\n1. a\n2. b', 'One?\n1. a\n2. b', 'Two?', 'done'])
  t.strictSame(seen, ['a', 'b', 'm1'], 'and each answer once')
})

t.test('a question may be any reply, and below a text stand the options', async t => {
  const script: Script = async ctx => {
    await ctx.ask(ctx.text('Which?'), ['a', 'b'])
    return ctx.ask(ctx.image('captcha'), { validate: answer => answer === 'x7', retry: 'Look again.' })
  }
  t.strictSame(await answers(script, '1', 'x8', 'x7'), [
    'Which?\n1. a\n2. b',
    { MsgType: 'image', MediaId: 'captcha' },
    { MsgType: 'image', MediaId: 'captcha' },
    'x7',
  ])
})

t.test('what nobody could answer is refused', async t => {
  await t.rejects(
    answers(ctx => ctx.ask('Which?', [])),
    {
      name: 'UsageError',
      message: 'ask(): the list of options is empty',
      zh: 'ask()：选项列表是空的',
    },
  )
  await t.rejects(
    // @ts-expect-error: a tap on the menu is no answer
    answers(async ctx => (await ctx.ask('Tap', { on: 'event:CLICK' })).kind),
    { name: 'UsageError', message: /^ask\(\): \{ on: "event:CLICK" \} cannot be an answer: / },
  )
  await t.rejects(
    // @ts-expect-error: no such query
    answers(async ctx => (await ctx.ask('Picture', { on: 'iamge' })).kind),
    { name: 'UsageError', message: /^on\("iamge"\): no such query; permitted: / },
  )
})

t.test('the answer has the type that the question says', async t => {
  const script: Script = async ctx => {
    const size: 'S' | 'M' = await ctx.ask('Size?', ['S', 'M'])
    const colour: 'red' | 'blue' = await ctx.ask('Colour?', { options: ['red', 'blue'], links: false })
    // @ts-expect-error: there is no such option
    const wrong: 'L' = await ctx.ask('Size?', ['S', 'M'])
    const name: string = await ctx.ask('Name?', { validate: answer => answer.length > 0 })
    const { MediaId, ...picture } = await ctx.ask('Picture?', { on: 'image' })
    // @ts-expect-error: a picture has no text
    picture.Content
    const count: number = await ctx.once(async () => 3)
    // @ts-expect-error: a dialogue asks for messages or options, not for both
    const both = () => ctx.ask('?', { on: 'image', options: ['a'] })
    return [size, colour, wrong, name, MediaId, count, typeof both].join(' ')
  }
  const heard = await answers(script, '1', '2', '2', 'Anna', PICTURE)
  t.equal(heard.at(-1), 'S blue M Anna m1 3 function')
})
