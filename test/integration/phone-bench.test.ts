import { once } from 'node:events'
import t from 'tap'
import { checkout, lineOf, start } from '../cli/weixin.ts'
import { answering, echo, phoneFor } from '../simulator/phone/phone.ts'
import { silent } from '../simulator/sample.ts'
import { barriers, requireBrowser, usePage } from './browser.ts'
import { heard, write } from './chat.ts'
import { freePort } from './deployment.ts'

const browser = await requireBrowser(t)
if (browser) testWith(browser)

const NARROW = { viewport: { width: 390, height: 844 } }

function testWith(browser: NonNullable<Awaited<ReturnType<typeof requireBrowser>>>): void {
  t.test('whoever writes goes on writing while the API is asked, and sees what it is asked', async t => {
    const menu = { button: [{ name: '今日', type: 'click', key: 'today' }] }
    const { phone, api } = await phoneFor(t, { menu })
    await usePage(t, browser, phone.url, async page => {
      const focused = () => page.evaluate('document.activeElement.className')
      await page.getByRole('button', { name: '切换到键盘' }).press('Enter')
      t.equal(await focused(), 'composer__text')
      await page.getByRole('button', { name: '切换到语音' }).press('Enter')
      t.equal(await focused(), 'composer__talk')
      await page.getByRole('button', { name: '切换到菜单' }).press('Enter')
      await page.getByRole('button', { name: '切换到键盘' }).press('Enter')
      await page.getByRole('button', { name: '切换到键盘' }).press('Enter')
      const chosen = page.waitForResponse(/\/do\/api-trouble$/)
      await page.getByRole('combobox', { name: '接口返回' }).selectOption('stall')
      await page.getByRole('combobox', { name: '次数' }).waitFor()
      await chosen
      await page.locator('.composer__text').focus()
      const patience = new AbortController()
      const stalled = fetch(`${api.url}/cgi-bin/menu/get`, { signal: patience.signal })
      await page.getByRole('combobox', { name: '次数' }).waitFor({ state: 'hidden' })
      patience.abort()
      await t.rejects(stalled, { name: 'AbortError' })
      t.equal(await focused(), 'composer__text')
      await page.getByRole('tab', { name: '接口调用' }).click()
      t.equal(await page.locator('.call .tag').textContent(), '没有响应')
    })
  })

  t.test('a slow answer is delivered again and again, before everybody’s eyes', async t => {
    const { phone, behind, clock } = await phoneFor(t, { answers: [silent, silent, echo] })
    await usePage(t, browser, phone.url, async page => {
      await write(page, 'think')
      await behind.got(1)
      await page.getByRole('img', { name: '等待回复' }).waitFor()
      clock.pass(5000)
      await behind.got(2)
      await page.locator('.attempt').nth(1).waitFor()
      clock.pass(5000)
      await heard(page).getByText('think').waitFor()
      const bars = page.locator('.attempt .time__track')
      t.equal(await bars.count(), 3)
      t.equal(await bars.first().getAttribute('aria-label'), '第 1 次推送: 5000 ms ，上限 5 秒')
      t.match(await page.locator('.verdict').first().textContent(), '5 秒内没有回复')
    })
  })

  t.test('garbage is shown as it went over the wire', async t => {
    const { phone, behind } = await phoneFor(t)
    await usePage(t, browser, phone.url, async page => {
      await write(page, 'hi')
      await heard(page).waitFor()
      await page.getByRole('button', { name: '乱码内容' }).click()
      await page.locator('.tag_let').waitFor()
      const exchange = page.locator('.exchange').first()
      t.equal(await exchange.getByText('消息明文').count(), 0)
      const body = (await exchange.locator('.attempt__side .code').nth(1).textContent()) ?? ''
      t.equal(body.replaceAll(/\s/g, ''), behind.arrived[1]?.body.replaceAll(/\s/g, ''))
    })
  })

  t.test('a recording is played again before everybody’s eyes, in the words of who wrote it', async t => {
    const { phone } = await phoneFor(t)
    await usePage(t, browser, phone.url, async page => {
      await write(page, 'once more')
      await heard(page).waitFor()
      const saved = page.waitForEvent('download')
      await page.getByRole('link', { name: '保存为样例' }).click()
      await page.getByLabel('回放录制文件…').setInputFiles(await (await saved).path())
      await heard(page).nth(1).waitFor()
      t.strictSame(await page.locator('.line_mine .bubble').allTextContents(), ['once more', 'once more'])
      t.equal(await page.locator('button.notice').count(), 0)
    })
  })

  t.test('a request is copied as a command', async t => {
    const { phone } = await phoneFor(t)
    const permissions = ['clipboard-read', 'clipboard-write']
    await usePage(
      t,
      browser,
      phone.url,
      async page => {
        await page.getByRole('button', { name: '校验 URL 和 Token' }).click()
        await page.locator('.exchange').getByText('校验通过', { exact: true }).waitFor()
        await page.getByRole('button', { name: '复制为 curl' }).click()
        await page.getByText('已复制').waitFor()
        t.match(await page.evaluate('navigator.clipboard.readText()'), /^curl -sS -i .*echostr=\d+'?\n$/)
      },
      { permissions },
    )
  })

  t.test('nobody is kept out: not on a phone, not at a desk, in neither language, by day or by night', async t => {
    const { phone, clock } = await phoneFor(t, {
      menu: { button: [{ name: '服务', sub_button: [{ name: '扫码', type: 'scancode_push', key: 'scan' }] }] },
      answers: [
        answering(
          'news',
          '<ArticleCount>1</ArticleCount><Articles><item><Title>竹编</Title><Description>入门</Description><PicUrl>https://example.com/a.jpg</PicUrl><Url>https://example.com/a</Url></item></Articles>',
        ),
        answering(
          'music',
          '<Music><Title>曲</Title><MusicUrl>https://example.com/a.mp3</MusicUrl><ThumbMediaId>m</ThumbMediaId></Music>',
        ),
        answering('video', '<Video><MediaId>film</MediaId><Title>片</Title></Video>'),
        answering('voice', '<Voice><MediaId>sound</MediaId></Voice>'),
        answering('image', '<Image><MediaId>picture</MediaId></Image>'),
        silent,
      ],
    })
    for (const [options, view] of [
      [{ locale: 'zh-CN' }, 'wide'],
      [{ locale: 'en-US', colorScheme: 'dark' }, 'wide'],
      [{ locale: 'en-US', ...NARROW }, 'narrow'],
      [{ locale: 'zh-CN', ...NARROW, colorScheme: 'dark' }, 'narrow'],
    ] as const) {
      await usePage(
        t,
        browser,
        phone.url,
        async page => {
          await page.locator('.menu > .round').click()
          if ((await page.locator('.line_theirs').count()) === 0) {
            for (let count = 1; count <= 5; count++) {
              await write(page, 'next')
              await page
                .locator('.line_theirs')
                .nth(count - 1)
                .waitFor()
            }
          }
          t.strictSame(await barriers(page), [], `${view} ${options.locale}: chat`)
          await page.locator('.composer__row [aria-expanded]').last().click()
          await page.locator('.tile').nth(3).click()
          t.strictSame(await barriers(page), [], `${view} ${options.locale}: sheet`)
          await page.keyboard.press('Escape')
          if (view === 'narrow') await page.locator('input[value=bench]').check()
          await page.getByRole('tab').first().waitFor()
          t.strictSame(await barriers(page), [], `${view} ${options.locale}: exchange`)
          const width = (await page.evaluate('document.documentElement.scrollWidth')) as number
          t.ok(width <= (page.viewportSize()?.width ?? 0), 'nothing sticks out')
        },
        options,
      )
    }
    clock.pass(5000)
  })

  t.test('when the program ends the page says so', async t => {
    const { phone } = await phoneFor(t)
    const context = await browser.newContext({ locale: 'en-US' })
    const page = await context.newPage()
    await page.goto(phone.url)
    await page.locator('.follower').first().waitFor()
    await phone.close()
    await page.getByRole('alert').getByText('Disconnected').waitFor()
    await context.close()
    t.pass('it says so')
  })

  t.test(
    'npm start serves the page: safe mode, the responder’s own answers, and everything ends with Ctrl-C',
    async t => {
      const directory = checkout(t)
      const port = await freePort()
      const running = start(directory, ['start', '--no-apache', '--port', String(port), '--lang', 'zh'])
      t.teardown(() => running.kill('SIGKILL'))
      const address = (await lineOf(running, /^ {2}http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\//)).trim()
      t.match(address, /\?lang=zh$/)
      await usePage(
        t,
        browser,
        address,
        async page => {
          await write(page, '你好')
          await heard(page).getByText('你好').waitFor()
          const switched = page.waitForResponse(/\/do\/mode$/)
          await page.getByRole('radio', { name: '安全' }).check()
          await switched
          await write(page, '加密的')
          await heard(page).getByText('加密的').waitFor()
          const exchange = page.locator('.exchange').first()
          await exchange.getByText('回复明文').waitFor()
          t.match(await exchange.locator('.code').first().textContent(), 'encrypt_type=aes&msg_signature=')
          await page.getByRole('button', { name: '签名错误' }).click()
          await page.locator('.tag_kept').first().waitFor()
          t.equal(await page.locator('.line_mine').count(), 2, 'a stranger does not show on the phone')
        },
        { locale: 'en-US' },
      )
      running.kill('SIGINT')
      t.strictSame(await once(running, 'exit'), [0, null])
      await t.rejects(fetch(address), 'nothing answers any more')
    },
  )
}
