import type { Check } from '../check.ts'
import { accessChecks } from './access.ts'
import { doctypeChecks } from './doctype.ts'
import { encryptionChecks } from './encryption.ts'
import { forgeryChecks } from './forgery.ts'
import { httpChecks } from './http.ts'
import { messageChecks } from './message.ts'
import { redeliveryChecks } from './redelivery.ts'
import { refusalChecks } from './refusal.ts'
import { replyChecks } from './reply.ts'
import { sealedChecks } from './sealed.ts'
import { survival } from './survival.ts'
import { textChecks } from './text.ts'
import { timingChecks } from './timing.ts'
import { xmlChecks } from './xml.ts'

/** Every check, in the order in which they are told. */
export const checks: readonly Check[] = [
  ...accessChecks,
  ...messageChecks,
  ...replyChecks,
  ...textChecks,
  ...doctypeChecks,
  ...xmlChecks,
  ...forgeryChecks,
  ...refusalChecks,
  ...encryptionChecks,
  ...sealedChecks,
  ...httpChecks,
  ...redeliveryChecks,
  survival,
  ...timingChecks,
]
