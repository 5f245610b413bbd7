import type { Page } from 'playwright-core'

/** Writes in the chat, as with the keyboard of a phone. */
export async function write(page: Page, text: string): Promise<void> {
  const field = page.locator('.composer__text')
  await field.fill(text)
  await field.press('Enter')
}

/** The words of the account in the chat. */
export function heard(page: Page) {
  return page.locator('.line_theirs .bubble')
}
