/** The steps that an answer takes when it is slow; times in milliseconds. */
export interface Ladder {
  /** How often WeChat delivers a message that is not answered: at 0, 5 and 10 s. */
  readonly deliveries: number
  /** How long the last delivery waits for the answer before it is answered otherwise: WeChat waits for five seconds. */
  readonly inline: number
  /** How long the other deliveries are left open: longer than WeChat waits. In CGI as long as a handler may take. */
  readonly hold: number
  /** How long a handler may take: nobody waits longer for its answer. */
  readonly limit: number
}
