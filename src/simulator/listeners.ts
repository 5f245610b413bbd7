/** Those who want to be told of something. */
export interface Listeners<Told extends unknown[]> {
  /** @returns how to end it */
  add(listener: (...told: Told) => void): () => void
  tell(...told: Told): void
}

/** Nobody yet. */
export function createListeners<Told extends unknown[]>(): Listeners<Told> {
  const all = new Set<(...told: Told) => void>()
  return {
    add(listener) {
      all.add(listener)
      return () => all.delete(listener)
    },
    tell(...told) {
      for (const listener of all) listener(...told)
    },
  }
}
