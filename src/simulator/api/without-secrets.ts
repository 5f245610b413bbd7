const SECRET = 'access_token|refresh_token|secret|appsecret'

/** A query or a JSON text with `***` in the place of tokens, secrets and login codes. */
export function withoutSecrets(text: string): string {
  return text
    .replace(new RegExp(`("(?:${SECRET})"\\s*:\\s*")[^"]*`, 'g'), '$1***')
    .replace(new RegExp(`((?:^|[?&])(?:${SECRET}|code)=)[^&\\s]*`, 'g'), '$1***')
}
