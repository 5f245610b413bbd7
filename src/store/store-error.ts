import { type Bilingual, WeixinError } from '../errors.ts'

/** The store cannot be used just now: `code` is the operating system's or Redis's name for it. */
export class StoreError extends WeixinError {
  override name = 'StoreError'
  readonly code: string

  constructor(code: string, text: Bilingual, options?: ErrorOptions) {
    super(text, options)
    this.code = code
  }
}

const NO_PERMISSION: Bilingual = {
  en: 'permission denied; give the directory and everything in it to the user that the web server runs as (chown -R)',
  zh: '权限不足；请把该目录及其内容的所有者改为 Web 服务器的运行用户（chown -R）',
}
const TOO_MANY_FILES: Bilingual = {
  en: 'too many files are open; raise the limit (ulimit -n, LimitNOFILE=)',
  zh: '打开的文件过多；请调高限制（ulimit -n、LimitNOFILE=）',
}

const FILE_REASONS: Readonly<Record<string, Bilingual>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
  EROFS: {
    en: 'the file system is read-only; set "store" to a directory elsewhere',
    zh: '文件系统只读；请把 "store" 设为其他目录',
  },
  ENOSPC: { en: 'the disk is full; make room', zh: '磁盘已满；请清理空间' },
  EDQUOT: { en: "the user's disk quota is used up; make room", zh: '磁盘配额已用完；请清理空间' },
  ELOOP: {
    en: 'it is a symbolic link, which is not followed; remove it, or set "store" to the directory itself',
    zh: '这是一个符号链接，不会被跟随；请删除它，或把 "store" 直接设为目标目录',
  },
  LINK: {
    en: 'it was a symbolic link, which is not followed; the link has been removed, and what it points at is as it was',
    zh: '这是一个符号链接，不会被跟随；已删除该链接，它指向的内容未被改动',
  },
  ENOTDIR: {
    en: 'it is not a directory; remove it or set "store" to another',
    zh: '它不是目录；请删除它或更换 "store"',
  },
  EISDIR: { en: 'it is not a file; remove it', zh: '它不是普通文件；请删除它' },
  OWNER: {
    en: 'it belongs to another user; give it to the user that the web server runs as (chown -R), or set "store" to another',
    zh: '它属于其他用户；请把所有者改为 Web 服务器的运行用户（chown -R），或更换 "store"',
  },
  WRITABLE: {
    en: 'other users may write to it; take that right from them (chmod 700)',
    zh: '其他用户可以写入该目录；请收回权限（chmod 700）',
  },
  BUSY: {
    en: 'other processes keep changing it; if this goes on, look for a program that holds its files open',
    zh: '其他进程一直在改动它；如持续出现，请检查是否有程序占用其中的文件',
  },
}

/** Says which file, what happened and what to do about `code`, the operating system's name for it or one of ours. */
export function fileError(file: string, code: string, cause?: unknown): StoreError {
  const why = FILE_REASONS[code] ?? { en: code, zh: code }
  const text = { en: `cannot use ${file}: ${why.en}`, zh: `无法使用 ${file}：${why.zh}` }
  return new StoreError(code, text, cause === undefined ? undefined : { cause })
}

const WRONG_PASSWORD: Bilingual = {
  en: 'the user or password is wrong; write them in the URL: redis://USER:PASSWORD@HOST',
  zh: '用户名或密码错误；请在网址中填写：redis://用户:密码@主机',
}
const AWAY: Bilingual = {
  en: 'it does not answer; start Redis, and see that no firewall is in the way',
  zh: '没有应答；请启动 Redis，并确认没有被防火墙拦截',
}

const REDIS_REASONS: Readonly<Record<string, Bilingual>> = {
  ECONNREFUSED: {
    en: 'nobody listens there; start Redis or correct "store"',
    zh: '该处无人监听；请启动 Redis 或修改 "store"',
  },
  ENOTFOUND: { en: 'there is no such host; correct "store"', zh: '主机不存在；请修改 "store"' },
  ETIMEDOUT: AWAY,
  CLOSED: {
    en: 'it closed the connection; if this goes on, see whether it wants TLS (rediss://) and read its log',
    zh: '连接被关闭；如持续出现，请确认是否需要 TLS（rediss://），并查看 Redis 日志',
  },
  DATABASE: {
    en: 'it has no such database as the URL ends with; write /0 to /15, or raise its "databases"',
    zh: '网址末尾的数据库编号不存在；请写 /0 到 /15，或调大其 databases',
  },
  WRONGPASS: WRONG_PASSWORD,
  NOAUTH: WRONG_PASSWORD,
  NOPERM: {
    en: 'its user may not use GET, SET, DEL, EVAL or keys that begin with weixin:; change its ACL',
    zh: '该用户无权使用 GET、SET、DEL、EVAL 或 weixin: 开头的键；请修改其 ACL',
  },
  OOM: { en: 'its memory is used up; raise maxmemory', zh: '内存已用完；请调大 maxmemory' },
  READONLY: { en: 'this is a replica; name the primary in "store"', zh: '这是只读副本；请在 "store" 中填写主节点' },
}

/** Says where, what happened and what to do about `code`: the first word of Redis's answer, the system's, or ours. */
export function redisError(address: string, code: string, cause?: unknown): StoreError {
  const why = REDIS_REASONS[code] ?? { en: code, zh: code }
  return new StoreError(
    code,
    { en: `cannot use Redis at ${address}: ${why.en}`, zh: `无法使用 Redis（${address}）：${why.zh}` },
    cause === undefined ? undefined : { cause },
  )
}
