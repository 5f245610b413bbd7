import type { Machine } from '../../apache/machine.ts'

/** How a person at this machine would type a command of ours that needs the administrator's rights. */
export function invocation(
  words: string,
  { platform, userId, environment }: Pick<Machine, 'platform' | 'userId' | 'environment'>,
): string {
  const isRoot = userId === 0 && environment['SUDO_USER'] === undefined
  return `${platform === 'win32' || isRoot ? '' : 'sudo '}npx weixin ${words}`
}
