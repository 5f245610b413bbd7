import t from 'tap'
import { answering, echo, phoneFor } from '../simulator/phone/phone.ts'
import { says, silent } from '../simulator/sample.ts'
import { requireBrowser, usePage } from './browser.ts'
import { heard, write } from './chat.ts'

const browser = await requireBrowser(t)
if (browser) testWith(browser)

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
}
