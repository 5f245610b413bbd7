/**
 * The headers of every request of the platform, Host aside, as observed on the wire: no Accept-Encoding, so that nothing may be
 * compressed.
 */
export const PLATFORM_HEADERS: Readonly<Record<string, string>> = {
  'User-Agent': 'Mozilla/4.0',
  Accept: '*/*',
  Pragma: 'no-cache',
}
