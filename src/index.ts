export { ApiError } from './client/api-error.ts'
export { ArgumentError } from './client/argument-error.ts'
export type { Client } from './client/client.ts'
export type { JsSdkConfig } from './client/js-sdk.ts'
export type { AuthorizeOptions, Pages, SubscribeOptions } from './client/pages.ts'
export { TransportError, type TransportFault } from './client/transport-error.ts'
export { type AppOptions, type Composer, createApp } from './dispatch/composer.ts'
export type { Context, ContextAccount } from './dispatch/context.ts'
export type { AnswerQuery, Ask, AskOptions, ChoiceOptions, MessageOptions, Once } from './dispatch/dialogue/ask.ts'
export type { DialogueOptions, Script } from './dispatch/dialogue/dialogue.ts'
export type { Matched, Query } from './dispatch/filter.ts'
export type { Answer, ErrorHandler, Handler } from './dispatch/handler.ts'
export type { Trigger } from './dispatch/hears.ts'
export type { SessionOptions } from './dispatch/visit.ts'
export { type Bilingual, ConfigError, UsageError, WeixinError } from './errors.ts'
export type { Logger } from './log.ts'
export type { EventMap, EventName } from './message/events.ts'
export { isUnsupportedPlaceholder } from './message/placeholder.ts'
export type {
  EventMessage,
  EventOf,
  IncomingMessage,
  Message,
  MessageMap,
  MessageOf,
  MessageType,
  UnknownEvent,
  UnknownMessage,
} from './message/types.ts'
export { type OpenAccount, type OpenAccountOptions, openAccount } from './open-account.ts'
export {
  image,
  music,
  news,
  none,
  text,
  transferBizAiIvr,
  transferCustomerService,
  video,
  voice,
} from './reply/build.ts'
export { ReplyError } from './reply/reply-error.ts'
export type { Article, Reply } from './reply/types.ts'
export { TokenError } from './token/token-error.ts'
export type { XmlElement, XmlValue } from './xml/element.ts'
