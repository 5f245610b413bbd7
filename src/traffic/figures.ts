/** 12 345: with narrow blanks, which both languages read. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** `0.4 ms`, `35 ms`, `1.3 s`. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`
  return `${ms < 9.95 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`
}

/** `99.8 %`, and 100 % only when it is all. */
export function percent(share: number): string {
  return share === 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}
