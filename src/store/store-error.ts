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
  EROFS: { en: 'the file system is read-only; set "store" to a directory elsewhere', zh: '文件系统只读；请把 "store" 设为其他目录' },
  ENOSPC: { en: 'the disk is full; make room', zh: '磁盘已满；请清理空间' },
  EDQUOT: { en: "the user's disk quota is used up; make room", zh: '磁盘配额已用完；请清理空间' },
  ENOTSUP: {
    en: 'this file system has no hard links; set "store" to a directory on a local disk',
    zh: '该文件系统不支持硬链接；请把 "store" 设为本地磁盘上的目录',
  },
  ELOOP: {
    en: 'it is a symbolic link, which is not followed; remove it, or set "store" to the directory itself',
    zh: '这是一个符号链接，不会被跟随；请删除它，或把 "store" 直接设为目标目录',
  },
  ENOTDIR: { en: 'it is not a directory; remove it or set "store" to another', zh: '它不是目录；请删除它或更换 "store"' },
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
