/** Whether two types are the same, and not only assignable. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only with the right answer: `same<string, Context['from']>(true)`. */
export const same = <A, B>(yes: Same<A, B>) => yes
