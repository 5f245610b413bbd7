/** What the log tells about a delivery beside its reply; it is filled in on the way. */
export interface Trace {
  /** Which delivery of its message it is, from 1; not there when the store does not say. */
  delivery?: number
  /**
   * Where the reply is from, when it is not simply the handlers': nowhere, for a handler failed; the rule for everything
   * that no other fits; an earlier message, whose answer was late; or the words for an answer that is late.
   */
  by?: 'error' | 'fallback' | 'kept' | 'later' | 'thinking'
}
