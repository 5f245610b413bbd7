import { type Bilingual, ConfigError } from '../errors.ts'

/** Where something stands in the JSON value: keys, and indices from 0. */
export type RulePath = readonly (string | number)[]

/**
 * A mistake in the rules. The sentence begins with the rule's number, from 1, and the key; whoever has the file's text
 * finds the line with `path`.
 */
export class RuleError extends ConfigError {
  override name = 'RuleError'
  readonly path: RulePath

  /** @param text what is wrong with the value at `path` and what is permitted: `is empty; permitted: …` */
  constructor(path: RulePath, text: Bilingual, options?: ErrorOptions) {
    const place = placeOf(path)
    super({ en: `${place.en}${text.en}`, zh: `${place.zh}${text.zh}` }, options)
    this.path = path
  }
}

function placeOf(path: RulePath): Bilingual {
  const index = path.findIndex(step => typeof step === 'number')
  const key = path.slice(index + 1).findLast(step => typeof step === 'string')
  const name = key === undefined ? '' : `${JSON.stringify(key.slice(0, 40))} `
  if (index === -1) return { en: name, zh: name }
  const number = Number(path[index]) + 1
  return { en: `rule ${number}: ${name}`, zh: `第 ${number} 条规则：${name}` }
}
