import { once } from 'node:events'
import type { Page } from 'playwright-core'
import t from 'tap'
import { checkout, lineOf, start } from '../cli/weixin.ts'
import { answering, echo, phoneFor } from '../simulator/phone/phone.ts'
import { says, silent } from '../simulator/sample.ts'
import { barriers, requireBrowser, usePage } from './browser.ts'
import { freePort } from './deployment.ts'

const browser = await requireBrowser(t)
if (browser) testWith(browser)

const NARROW = { viewport: { width: 390, height: 844 } }

/** Writes in the chat, as with the keyboard of a phone. */
async function write(page: Page, text: string): Promise<void> {
  const field = page.locator('.composer__text')
  await field.fill(text)
  await field.press('Enter')
}

/** The words of the account in the chat. */
function heard(page: Page) {
  return page.locator('.line_theirs .bubble')
}

function testWith(browser: NonNullable<Awaited<ReturnType<typeof requireBrowser>>>): void {
  t.test('one writes, the account answers, and the exchange stands beside it', async t => {
    const { phone, behind } = await phoneFor(t)
    await usePage(t, browser, phone.url, async page => {
      await write(page, '你好 😀 https://example.com/a')
      await heard(page).getByText('你好 😀 ').waitFor()
      t.equal(await page.locator('.line_mine a').getAttribute('href'), 'https://example.com/a')
      t.equal(await page.locator('.line_mine a').getAttribute('rel'), 'noopener noreferrer')
      const exchange = page.locator('.exchange').first()
      t.equal(await exchange.locator('.exchange__kind').textContent(), 'text')
      t.equal(await exchange.locator('.tag_state').textContent(), '已回复')
      t.match(await exchange.locator('.code').first().textContent(), /^POST \/wx\?signature=[0-9a-f]{40}&.*\nHost: /)
      t.match(await exchange.locator('.verdict').textContent(), '已接受：文本')
      t.equal(behind.arrived.length, 1)
    })
  })

  t.test('what the account writes is words and the links that WeChat permits, never a page of its own', async t => {
    const text = [
      '<b>fat</b><img src=x onerror=alert(1)><script>alert(2)</script>',
      '<a href="javascript:alert(3)">bad</a> <a onclick="alert(4)" href="https://example.com/?a=1&b=2">good</a>',
      '<a href="weixin://bizmsgmenu?msgmenucontent=都好&msgmenuid=204">都好</a>',
    ].join('\n')
    const { phone, behind } = await phoneFor(t, {
      answers: [answering('text', `<Content><![CDATA[${text}]]></Content>`), echo],
    })
    await usePage(t, browser, phone.url, async page => {
      await write(page, 'hi')
      const bubble = heard(page).first()
      await bubble.waitFor()
      t.match(await bubble.textContent(), '<b>fat</b><img src=x onerror=alert(1)><script>alert(2)</script>')
      t.match(await bubble.textContent(), '<a href="javascript:alert(3)">bad</a> good')
      t.equal(await bubble.locator('*').count(), 2, 'two links')
      t.equal(await bubble.locator('a').getAttribute('href'), 'https://example.com/?a=1&b=2')
      t.equal(await bubble.locator('a').getAttribute('onclick'), null)
      await bubble.getByRole('button', { name: '都好' }).click()
      await behind.got(2)
      t.match(behind.arrived[1]?.body, /<Content><!\[CDATA\[都好\]\]>.*<bizmsgmenuid><!\[CDATA\[204\]\]>/)
    })
  })

  t.test('the menu has two levels, and each button does what it does in WeChat', async t => {
    const menu = {
      button: [
        { name: '今日', type: 'click', key: 'today' },
        {
          name: '服务',
          sub_button: [
            { name: '扫码', type: 'scancode_waitmsg', key: 'scan' },
            { name: '位置', type: 'location_select', key: 'place' },
            { name: '官网', type: 'view', url: 'https://example.com/' },
          ],
        },
      ],
    }
    const { phone, behind } = await phoneFor(t, { menu })
    await usePage(t, browser, phone.url, async page => {
      const bar = page.getByRole('navigation', { name: '公众号菜单' })
      await bar.getByRole('button', { name: '今日' }).click()
      await heard(page).getByText('today').waitFor()
      t.equal(await bar.getByRole('button', { name: '扫码' }).isVisible(), false)
      await bar.getByRole('button', { name: '服务' }).click()
      await bar.getByRole('button', { name: '扫码' }).click()
      await page.getByRole('textbox', { name: '码中的内容' }).fill('seat=14C')
      await page.getByRole('dialog').getByRole('button', { name: '扫一扫' }).click()
      await behind.got(2)
      t.match(behind.arrived[1]?.body, /<Event><!\[CDATA\[scancode_waitmsg\]\]>.*<ScanResult><!\[CDATA\[seat=14C\]\]>/)
      await bar.getByRole('button', { name: '服务' }).press('Enter')
      await bar.getByRole('button', { name: '位置' }).press('Enter')
      await page.getByRole('button', { name: '发送位置' }).click()
      await behind.got(4)
      t.match(behind.arrived[2]?.body, '<Event><![CDATA[location_select]]>')
      t.match(behind.arrived[3]?.body, '<MsgType><![CDATA[location]]>')
      await bar.getByRole('button', { name: '服务' }).click()
      await bar.getByRole('button', { name: '官网' }).click()
      const link = page.getByRole('link', { name: '在新标签页打开' })
      t.equal(await link.getAttribute('href'), 'https://example.com/', 'a page is opened by the reader only')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    })
  })

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

  t.test('one follows, leaves and comes back with a code, as one of several', async t => {
    const { phone, behind } = await phoneFor(t)
    await usePage(t, browser, phone.url, async page => {
      await page.getByRole('radio', { name: /^Mary/ }).check()
      t.equal(await page.locator('.composer').isVisible(), false, 'who does not follow cannot write')
      await page.getByRole('button', { name: '关注公众号' }).click()
      await heard(page).getByText('ok').waitFor()
      t.match(behind.arrived[0]?.body, '<Event><![CDATA[subscribe]]>')
      t.equal(await page.locator('.exchange__words').first().textContent(), '', 'an empty EventKey says nothing')
      await page.getByRole('button', { name: '公众号资料' }).click()
      await page.getByRole('button', { name: '取消关注' }).click()
      await page.getByRole('button', { name: '关注公众号' }).waitFor()
      await page.getByRole('radio', { name: /^小林/ }).check()
      await page.getByRole('button', { name: '更多功能' }).click()
      await page.getByRole('button', { name: '扫一扫' }).click()
      await page.getByRole('textbox', { name: '二维码的场景值' }).fill('booth-17')
      await page.getByRole('dialog').getByRole('button', { name: '扫一扫' }).click()
      await heard(page).getByText('booth-17').waitFor()
      t.match(behind.arrived.at(-1)?.body, '<Event><![CDATA[SCAN]]>')
      await page.getByRole('button', { name: '新增用户' }).click()
      await page.getByRole('radio', { name: /^老王/, checked: true }).waitFor()
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

  t.test('a server that fails is what followers see: one line', async t => {
    const { phone } = await phoneFor(t, { answers: [says('<html>502</html>', 502)] })
    for (const [locale, more] of [
      ['zh-CN', '请稍后再试'],
      ['en-US', 'out of order'],
    ] as const) {
      await usePage(
        t,
        browser,
        phone.url,
        async page => {
          await write(page, 'hi')
          const line = page.locator('.notice_failed').last()
          await line.waitFor()
          t.match(await line.textContent(), '该公众号提供的服务出现故障，请稍后再试')
          t.match(await line.textContent(), more)
          await line.click()
          t.equal(await page.locator('.exchange__head').first().getAttribute('aria-expanded'), 'true')
        },
        { locale },
      )
    }
  })

  t.test('pictures, voices, places and links go out, all with the keyboard', async t => {
    const { phone, behind } = await phoneFor(t)
    await usePage(t, browser, phone.url, async page => {
      const open = async (name: string) => {
        const more = page.getByRole('button', { name: '更多功能' })
        if ((await more.getAttribute('aria-expanded')) !== 'true') await more.press('Enter')
        await page.getByRole('button', { name, exact: true }).press('Enter')
      }
      await open('图片')
      await page.getByRole('button', { name: '示例图片 1' }).press('Enter')
      await behind.got(1)
      await open('位置')
      await page.getByRole('button', { name: '北京 天安门' }).press('Enter')
      await page.getByRole('textbox', { name: '地点' }).press('Enter')
      await behind.got(2)
      await open('链接')
      await page.getByRole('textbox', { name: '标题' }).press('Enter')
      await behind.got(3)
      await page.getByRole('button', { name: '切换到语音' }).press('Enter')
      await page.getByRole('button', { name: '按住 说话' }).press('Space')
      await behind.got(4)
      const kinds = behind.arrived.map(({ body }) => /<MsgType><!\[CDATA\[(\w+)/.exec(body)?.[1])
      t.strictSame(kinds, ['image', 'location', 'link', 'voice'])
      t.match(behind.arrived[1]?.body, '<Label><![CDATA[北京 天安门]]>')
      await page
        .locator('.line_mine .picture')
        .evaluate(picture => (picture as unknown as { decode(): unknown }).decode())
    })
  })

  t.test('with the keyboard the lines of the chat are one stop, and the arrows lead from one to the next', async t => {
    const { phone, behind, clock } = await phoneFor(t, { answers: [echo, echo, echo, silent, echo] })
    await usePage(t, browser, phone.url, async page => {
      for (const [count, words] of ['one https://example.com/', 'two', 'three'].entries()) {
        await write(page, words)
        await heard(page).nth(count).waitFor()
      }
      const focused = () =>
        page.evaluate('document.activeElement.closest(".line")?.textContent ?? document.activeElement.className')
      const press = async (key: string) => {
        await page.keyboard.press(key)
        return focused()
      }
      t.equal(await page.locator('.chat :is(a, button)').count(), 5, 'two links, and how long each answer took')
      await page.locator('.composer__text').focus()
      t.equal(await press('Shift+Tab'), 'round', 'the button beside the words')
      t.match(await press('Shift+Tab'), /three.* ms$/, 'the newest line')
      t.match(await press('ArrowUp'), /two.* ms$/)
      t.match(await press('Home'), /one /)
      t.match(await press('ArrowUp'), /one /, 'there is none before')
      t.match(await press('End'), /three.* ms$/)
      t.match(await press('ArrowUp'), /two.* ms$/)
      t.equal(await press('Shift+Tab'), 'chat', 'what scrolls, and no other line')
      t.match(await press('Tab'), /two.* ms$/, 'back where it was')
      await page.keyboard.press('Enter')
      t.equal(await page.locator('.exchange__head').nth(1).getAttribute('aria-expanded'), 'true')

      await write(page, 'four')
      await behind.got(4)
      await page.locator('.line_mine .mark').nth(2).focus()
      clock.pass(5000)
      await heard(page).getByText('four').waitFor()
      t.match(await focused(), /three.* ms$/, 'what comes takes nobody away')
      await page.locator('.composer__text').focus()
      await page.keyboard.press('Shift+Tab')
      t.match(await press('Shift+Tab'), /three.* ms$/)
      t.match(await press('ArrowDown'), /four.* ms$/)
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
