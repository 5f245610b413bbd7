import { UsageError } from '../../errors.ts'
import type { Reply } from '../../reply/types.ts'
import { checkQuery } from '../filter.ts'
import type { AskCall, AskOptions, ChoiceOptions, MessageOptions } from './ask.ts'

/**
 * What `ask` was called with, in one shape.
 *
 * @throws {UsageError} for an empty list, a misspelt query, or one that no answer can meet
 */
export function readAskOptions(options: readonly string[] | ChoiceOptions | MessageOptions | AskOptions = {}): AskCall {
  if (isList(options)) return readAskOptions({ options })
  if ('options' in options && options.options.length === 0) {
    throw new UsageError({ en: 'ask(): the list of options is empty', zh: 'ask()：选项列表是空的' })
  }
  if (!('on' in options)) return options as AskCall
  const on = typeof options.on === 'string' ? [options.on] : options.on
  for (const query of on) {
    checkQuery(query)
    if (!/^(event|unknown)/.test(query)) continue
    throw new UsageError({
      en: `ask(): { on: ${JSON.stringify(query)} } cannot be an answer: events do not belong to a dialogue; ask for a message`,
      zh: `ask()：{ on: ${JSON.stringify(query)} } 不能作为回答：事件不属于对话；请改为消息类型`,
    })
  }
  return { ...options, on } as AskCall
}

function isList(options: unknown): options is readonly string[] {
  return Array.isArray(options)
}

/** The question as the follower gets it: below what was wrong with his answer, above the numbered options. */
export function pose(question: string | Reply, call: AskCall, complaint?: string): string | Reply {
  if (typeof question === 'object' && question.MsgType !== 'text') return question
  const content = typeof question === 'string' ? question : question.Content
  return [complaint, content, ...list(call)].filter(Boolean).join('\n')
}

function list({ options = [], links = false }: AskCall): readonly string[] {
  const lines = options.map((option, index) => `${index + 1}. ${option}`)
  if (!links) return lines
  // The number rather than the words: nothing in it needs an escape, and nobody documents one.
  return lines.map((line, index) => {
    const number = index + 1
    return `<a href="weixin://bizmsgmenu?msgmenucontent=${number}&msgmenuid=${number}">${line}</a>`
  })
}
