/** Whether the host of a request fits a `ServerName` or `ServerAlias`: `*` stands for anything, `?` for one character. */
export function matches(written: string, host: string): boolean {
  const source = written
    .replace(/^\w+:\/\//, '')
    .replace(/:\d+$/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i').test(host)
}
