/** What `hears` waits for: a whole text, or something in it. */
export type Trigger = string | RegExp

/** The text and the groups of the first trigger that fits, or undefined. */
export function hear(triggers: readonly Trigger[], text: string): readonly string[] | undefined {
  for (const trigger of triggers) {
    const match = typeof trigger === 'string' ? hearWord(trigger, text) : hearPattern(trigger, text)
    if (match) return match
  }
  return undefined
}

function hearWord(word: string, text: string): readonly string[] | undefined {
  return normal(text) === normal(word) ? [text] : undefined
}

/** A text as it is compared: blanks round it and capitals aside. */
export function normal(text: string): string {
  return text.trim().toLowerCase()
}

function hearPattern(pattern: RegExp, text: string): readonly string[] | undefined {
  // A pattern with the flag g or y remembers where it stopped; the next follower's text begins at its beginning.
  pattern.lastIndex = 0
  const match = pattern.exec(text)
  return match?.map(group => group ?? '')
}
