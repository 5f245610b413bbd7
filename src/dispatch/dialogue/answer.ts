import { parseMessage } from '../../message/parse.ts'
import { isUnsupportedPlaceholder } from '../../message/placeholder.ts'
import type { IncomingMessage } from '../../message/types.ts'
import { parseXml } from '../../xml/parse.ts'
import { matches } from '../filter.ts'
import { normal } from '../hears.ts'
import type { AskCall } from './ask.ts'

/** What a message is as the answer to a question: what is recorded of it, and what `ask` gives back. */
export interface GivenAnswer {
  readonly recorded: string
  readonly value: unknown
}

/** Undefined when the message cannot answer the question, whatever `validate` would say. */
export function readAnswer(message: IncomingMessage, { on, options }: AskCall): GivenAnswer | undefined {
  if (on) {
    return on.some(query => matches(query, message)) ? { recorded: message.raw, value: message } : undefined
  }
  const text = textOf(message)
  const value = options ? chosen(options, text) : text
  return value ? { recorded: value, value } : undefined
}

/** What `ask` gave back when the answer came. */
export function recallAnswer(recorded: string, { on }: AskCall): unknown {
  return on ? readMessage(recorded) : recorded
}

/** The message in XML that has been read before. */
export function readMessage(xml: string): IncomingMessage {
  return parseMessage(parseXml(Buffer.from(xml)))
}

/** What the follower has written, without blanks round it; nothing if it is something else. */
export function textOf(message: IncomingMessage): string {
  return message.kind === 'text' && !isUnsupportedPlaceholder(message) ? message.Content.trim() : ''
}

/** Whether a text is one of these words, as followers write: in whatever case, in half or full width. */
export function isOneOf(words: readonly string[], text: string): boolean {
  return words.some(word => plain(word) === plain(text))
}

/** The words come first: an option may be a number itself. */
function chosen(options: readonly string[], text: string): string | undefined {
  const [, digits] = /^(\d{1,3})\s*[.、。)]?$/.exec(plain(text)) ?? []
  return options.find(option => isOneOf([option], text)) ?? options[Number(digits) - 1]
}

function plain(text: string): string {
  return normal(text.normalize('NFKC'))
}
