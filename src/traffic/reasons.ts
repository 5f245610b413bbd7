import { type CryptoCode, CryptoError } from '../crypto/crypto-error.ts'
import type { Bilingual } from '../errors.ts'
import { refusals } from '../refusal.ts'
import { XmlError, type XmlFault } from '../xml/xml-error.ts'

/** A word that the log counts refusals by, with the sentence that the log has for it. */
export interface Reason extends Bilingual {
  readonly reason: string
}

const CRYPTO_CODES: readonly CryptoCode[] = [-40001, -40002, -40004, -40005, -40006, -40007, -40008, -40010, -40011]
const XML_FAULTS: readonly XmlFault[] = [
  'not-utf8',
  'prolog',
  'declaration',
  'malformed',
  'attributes',
  'too-deep',
  'too-many',
]

/** Every reason for which a request is refused; what a sentence would say of the request is left open. */
export const reasons: readonly Reason[] = [
  ...Object.values(refusals)
    .map(make => make('…'))
    .map(({ reason, message: en, zh }) => ({ reason, en, zh })),
  ...CRYPTO_CODES.map(code => ({ reason: String(code), ...textOf(new CryptoError(code)) })),
  ...XML_FAULTS.map(fault => ({ reason: fault, ...textOf(new XmlError(fault)) })),
]

function textOf({ message: en, zh }: CryptoError | XmlError): Bilingual {
  return { en, zh }
}
