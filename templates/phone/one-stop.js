const CONTROLS = 'a[href], button, video'

/**
 * Makes all the controls in an element one stop of the Tab key: the newest, or the one that was used last. From there
 * Arrow Up and Arrow Down, Home and End lead to the others.
 *
 * @param {HTMLElement} element
 * @returns what is to be called when controls have come or gone
 */
export function oneStop(element) {
  /** @type {HTMLElement | undefined} */
  let chosen
  const controls = () => /** @type {HTMLElement[]} */ ([...element.querySelectorAll(CONTROLS)])

  /** @param {HTMLElement | undefined} control */
  const choose = control => {
    for (const each of controls()) each.tabIndex = each === control ? 0 : -1
    chosen = control
  }
  element.addEventListener('focusin', ({ target }) => {
    const control = /** @type {Element} */ (target).closest(CONTROLS)
    if (control instanceof HTMLElement && control !== chosen) choose(control)
  })
  element.addEventListener('keydown', event => {
    const all = controls()
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement))
    const next = at < 0 ? undefined : { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    all[next]?.focus()
  })
  return () => choose(element.contains(document.activeElement) && chosen?.isConnected ? chosen : controls().at(-1))
}
