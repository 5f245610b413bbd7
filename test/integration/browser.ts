import fs from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A real Chromium without a window, or the reason why there is none: in CI that is a failure, elsewhere a skipped test. */
export async function requireBrowser(t: Test): Promise<Browser | undefined> {
  const named = process.env['WEIXIN_TEST_CHROMIUM']
  const executablePath = named ?? PLACES.find(place => fs.existsSync(place))
  if (!executablePath) {
    if (process.env['CI']) t.fail('Chromium must be installed in CI')
    else t.comment('skipped: Chromium is not installed (apt-get install chromium, or set WEIXIN_TEST_CHROMIUM)')
    return undefined
  }
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  const browser = await chromium.launch({ executablePath, args })
  t.teardown(() => browser.close())
  return browser
}

/** Uses a page, which must say nothing on its console meanwhile, and ask nobody but this machine. */
export async function usePage(
  t: Test,
  browser: Browser,
  address: string,
  use: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 900 }, ...options })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const said: string[] = []
  const left: string[] = []
  page.on('console', message => said.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', error => said.push(String(error)))
  context.on('request', request => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) left.push(request.url())
  })
  try {
    await page.goto(address)
    await page.locator('.follower').first().waitFor()
    await use(page)
  } finally {
    await context.close()
  }
  t.strictSame(said, [], 'nothing on the console')
  t.strictSame(left, [], 'no request leaves this machine')
}

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What stands between the page and those who cannot see it or use no mouse; empty when nothing does. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // What is still appearing has another colour than it will have.
  await page.evaluate(
    'Promise.all(document.getAnimations().filter(each => /appear|rise/.test(each.animationName)).map(each => each.finished))',
  )
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`)
}
