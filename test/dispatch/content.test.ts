import t from 'tap'
import { templates } from '#templates'
import { renderContent } from '../../src/dispatch/content.ts'

t.test('a section is there when its variable is, and a variable is filled in without escaping', async t => {
  t.equal(renderContent('welcome'), '你好，欢迎关注！\n回复“帮助”看看我会什么。')
  t.equal(renderContent('welcome', { scene: undefined }), '你好，欢迎关注！\n回复“帮助”看看我会什么。')
  t.equal(renderContent('welcome', { scene: '' }), '你好，欢迎关注！\n回复“帮助”看看我会什么。')
  t.equal(
    renderContent('welcome', { scene: `<a> & "b" ']]>` }),
    `你好，欢迎关注！\n你扫的是“<a> & "b" ']]>”的二维码。\n回复“帮助”看看我会什么。`,
  )
  t.match(renderContent('welcome', { scene: 7 }), '你扫的是“7”的二维码。')
})

t.test('what is filled in is not a template', async t => {
  for (const scene of ['{{scene}}', '{{{scene}}}', '{{#scene}}x{{/scene}}', '{{constructor}}']) {
    t.match(renderContent('welcome', { scene }), `你扫的是“${scene}”的二维码。`)
  }
})

t.test('a template cannot name what JavaScript put there', async t => {
  const content: Record<string, string> = templates.content
  content['probe.txt'] = '[{{constructor}}{{toString}}{{__proto__}}{{valueOf}}]'
  t.teardown(() => delete content['probe.txt'])
  t.equal(renderContent('probe', { scene: 'x' }), '[]')
})

t.test('a template that there is not is refused with those that there are', async t => {
  for (const name of ['wellcome', 'welcome.txt', '', '../reply/text', 'constructor', '__proto__']) {
    t.throws(() => renderContent(name), {
      name: 'UsageError',
      message: `render(${JSON.stringify(name)}): no such file in templates/content; there are: help, later, thinking, welcome`,
      zh: `render(${JSON.stringify(name)})：templates/content 中没有这个模板；现有：help、later、thinking、welcome`,
    })
  }
})
