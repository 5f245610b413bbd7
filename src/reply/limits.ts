/* What WeChat takes, or shows whole; the checks say what becomes of more. */

/** A text reply, in bytes of UTF-8 (reported by users; WeChat publishes no number). */
export const TEXT_BYTES = 2047

/** A MediaId has 43 or 64 characters, an agent's name fewer; whatever is much longer is something else. */
export const ID_BYTES = 256

/** News in answer to an event; to a user's message it is one, since October 2018. */
export const EVENT_ARTICLES = 8

/** A link card's title that is sure to be shown whole, in characters; WeChat publishes no number. */
export const TITLE_CHARACTERS = 64

/** And its description. */
export const DESCRIPTION_CHARACTERS = 120
