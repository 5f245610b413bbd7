/** Drawn on a field of 24 × 24 with a pen 1.6 wide. */
const PATHS = {
  keyboard: 'M3 7.5h18v10H3zM6 10.5h.01M9 10.5h.01M12 10.5h.01M15 10.5h.01M18 10.5h.01M8 14.5h8',
  list: 'M5 7h14M5 12h14M5 17h14',
  voice: 'M7 9.5a4 4 0 0 1 0 5M10.5 7a8 8 0 0 1 0 10M14 4.5a12 12 0 0 1 0 15',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 10v.5M15 10v.5M8 14.5c2 2.7 6 2.7 8 0',
  plus: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v8M8 12h8',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.5-4 3.5-6 7.5-6s7 2 7.5 6',
  photo: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01',
  video: 'M4 7h11v10H4zM15 10.5l5-3v9l-5-3z',
  film: 'M5 4h14v16H5zM5 8h3M5 12h3M5 16h3M16 8h3M16 12h3M16 16h3M8 4v16M16 4v16',
  pin: 'M12 21c4.5-5 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2 6 6.5 11zM12 12a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  scan: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M4 12h16',
  play: 'M8 5.5v13l11-6.5z',
  music: 'M9 18V6l10-2v11.5M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 15.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
  cross: 'M6 6l12 12M18 6 6 18',
  chevron: 'M9 5l7 7-7 7',
  copy: 'M8 8h11v12H8zM5 16V4h11',
  save: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
  redo: 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  warn: 'M12 4 2.5 20h19zM12 10v4.5M12 17.2v.1',
  shield: 'M12 3l7 3v5.5c0 4.5-3 7.8-7 9.5-4-1.7-7-5-7-9.5V6z',
}

const NAMESPACE = 'http://www.w3.org/2000/svg'

/**
 * A drawing that goes with words: screen readers pass it by.
 *
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const svg = document.createElementNS(NAMESPACE, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(NAMESPACE, 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}
