/** IDs after which the oldest ones are forgotten: more than there are of one second in any real traffic. */
const MOST = 65_536
const FEWEST_SLOTS = 64
/** Hexadecimal ones, as many as a number can hold. */
const DIGITS = 12

/**
 * The IDs that occurred, in some sixteen bytes each. It may take a new one for an old one, if they begin with the same
 * digits; and an old one for a new one only when very many were between.
 */
export class SeenIds {
  #slots = new Float64Array(FEWEST_SLOTS)
  #earlier = new Float64Array(1)
  #count = 0

  /** @returns whether it was there already */
  add(id: string): boolean {
    // An empty slot is 0.
    const digits = Number.parseInt(id.slice(0, DIGITS), 16) || 1
    const slot = slotOf(digits, this.#slots)
    if (this.#slots[slot] === digits || this.#earlier[slotOf(digits, this.#earlier)] === digits) return true
    this.#slots[slot] = digits
    this.#count++
    if (this.#count >= MOST) this.#forget()
    else if (this.#count * 2 > this.#slots.length) this.#grow()
    return false
  }

  #forget(): void {
    this.#earlier = this.#slots
    this.#slots = new Float64Array(FEWEST_SLOTS)
    this.#count = 0
  }

  #grow(): void {
    const slots = new Float64Array(this.#slots.length * 2)
    for (const digits of this.#slots) if (digits > 0) slots[slotOf(digits, slots)] = digits
    this.#slots = slots
  }
}

/** Where it is, or where it belongs. At least one slot is empty. */
function slotOf(digits: number, slots: Float64Array): number {
  const last = slots.length - 1
  let slot = digits & last
  while (slots[slot] !== 0 && slots[slot] !== digits) slot = (slot + 1) & last
  return slot
}
