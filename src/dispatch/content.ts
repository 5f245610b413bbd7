import Mustache from 'mustache'
import { templates } from '#templates'
import { UsageError } from '../errors.ts'

/** What the owner's words may be filled with. */
export type ContentView = Readonly<Record<string, string | number | boolean | undefined>>

const writer = new Mustache.Writer()

/**
 * The owner's own words from `templates/content/`, filled in with mustache; nothing is escaped, since the reply's
 * own template does that.
 *
 * @param name the file's name without its ending: `welcome` for `templates/content/welcome.txt`
 * @throws {UsageError} that lists the templates there are
 */
export function renderContent(name: string, view: ContentView = {}): string {
  const template = templates.content[`${name}.txt`]
  if (template === undefined) throw unknownTemplate(name)
  // Without a prototype, so that a template cannot name what JavaScript put there.
  const context = new Mustache.Context(Object.assign(Object.create(null), view))
  return writer.renderTokens(writer.parse(template), context, undefined, undefined, { escape: String }).trimEnd()
}

/** What `renderContent` takes. */
export function contentNames(): readonly string[] {
  return Object.keys(templates.content).map(file => file.replace(/\.txt$/, ''))
}

function unknownTemplate(name: string): UsageError {
  return new UsageError({
    en: `render(${JSON.stringify(name)}): no such file in templates/content; there are: ${contentNames().join(', ')}`,
    zh: `render(${JSON.stringify(name)})：templates/content 中没有这个模板；现有：${contentNames().join('、')}`,
  })
}
