/** What a responder that is being tried out gets: replies that WeChat would show wrongly are reported. */
export function inDevelopment(environment: Readonly<Record<string, string | undefined>>): { WEIXIN_LINT: string } {
  return { WEIXIN_LINT: environment['WEIXIN_LINT'] ?? 'on' }
}
