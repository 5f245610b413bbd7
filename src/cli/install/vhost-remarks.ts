import { type Hindrance, hindranceOf, userNamed } from '../../apache/access.ts'
import type { Apache } from '../../apache/apache.ts'
import type { Machine } from '../../apache/machine.ts'
import { portHolders } from '../../apache/port.ts'
import type { Site } from '../../apache/site.ts'
import type { Way } from '../../apache/ways.ts'
import type { Bilingual } from '../../errors.ts'

/** What is unusual about a port, and whether Apache has it already. */
export function portRemarks(port: number, listens: boolean): Bilingual[] {
  const remarks: Bilingual[] = []
  if (port !== 80 && port !== 443) {
    remarks.push({
      en: `WeChat calls port 80 and 443 only, not ${port}`,
      zh: `微信只访问 80 和 443 端口，不会访问 ${port}`,
    })
  }
  if (!listens) {
    remarks.push({
      en: `Apache does not listen on port ${port} yet; the block says so`,
      zh: `Apache 尚未监听端口 ${port}；配置中会加上 Listen`,
    })
  }
  return remarks
}

/** What on this machine would keep the site from working, each with its cure. */
export function remarksOn({ way, directory, port }: Site, apache: Apache, machine: Machine, node: string): Bilingual[] {
  const remarks: Bilingual[] = []
  const stranger = portHolders(machine, port).find(({ program }) => program && !/apache|httpd/i.test(program))
  if (stranger) {
    const who = `${stranger.program} (${stranger.pid})`
    remarks.push({
      en: `port ${port} is held by ${who}; Apache cannot have it until that is stopped`,
      zh: `端口 ${port} 被 ${who} 占用；停掉它之前 Apache 无法使用该端口`,
    })
  }
  const runsScript = way === 'cgi' || way === 'fcgid'
  if (machine.readText('/sys/fs/selinux/enforce')?.trim() === '1') remarks.push(selinux(way, directory))
  return [...remarks, ...accessRemarks(machine, apache, directory, runsScript ? node : undefined)]
}

function selinux(way: Way, directory: string): Bilingual {
  const command =
    way === 'cgi' || way === 'fcgid'
      ? `semanage fcontext -a -t httpd_sys_script_exec_t '${directory}(/.*)?' && semanage fcontext -a -t httpd_sys_rw_content_t '${directory}/var(/.*)?' && restorecon -R '${directory}'`
      : way === 'unix'
        ? "semanage fcontext -a -t httpd_var_run_t '/run/weixin(/.*)?' && restorecon -R /run/weixin"
        : 'setsebool -P httpd_can_network_connect 1'
  return {
    en: `SELinux is enforcing; Apache may need: ${command}`,
    zh: `SELinux 处于强制模式；Apache 可能需要：${command}`,
  }
}

/** What stops Apache's user, as owners and modes have it. */
function accessRemarks(
  machine: Machine,
  { user: name }: Apache,
  directory: string,
  node: string | undefined,
): Bilingual[] {
  const user = machine.platform === 'win32' || name === undefined ? undefined : userNamed(machine, name)
  if (!user) return []
  const { join } = machine.path
  const asked = [
    hindranceOf(machine, user, join(directory, 'apache', 'static'), 'read'),
    ...(node === undefined
      ? []
      : [
          hindranceOf(machine, user, node, 'run'),
          hindranceOf(machine, user, join(directory, 'dist', 'responder.cjs'), 'read'),
        ]),
  ]
  const found = asked.filter((each): each is Hindrance => each !== undefined)
  const paths = new Set(found.map(each => each.path))
  return [...paths].map(each => hindranceSentence(user.name, found.find(({ path }) => path === each) as Hindrance))
}

/** What stops a user, with the cure. */
export function hindranceSentence(user: string, { path: at, needs }: Hindrance): Bilingual {
  switch (needs) {
    case 'exist':
      return { en: `${at} is missing: npm run build`, zh: `缺少 ${at}：请运行 npm run build` }
    case 'enter':
      return {
        en: `${user} may not enter ${at}, through which the way leads; move the project (or node) to /srv or /opt, or chmod o+x ${at}`,
        zh: `用户 ${user} 无权进入必经的目录 ${at}；请把项目（或 node）移到 /srv 或 /opt，或执行 chmod o+x ${at}`,
      }
    default: {
      const [en, zh, mode] = {
        read: ['read', '读取', 'o+r'],
        write: ['write to', '写入', 'o+w'],
        run: ['run', '执行', 'o+rx'],
      }[needs]
      return {
        en: `${user} may not ${en} ${at}: chmod ${mode} ${at}`,
        zh: `用户 ${user} 无权${zh} ${at}：chmod ${mode} ${at}`,
      }
    }
  }
}
