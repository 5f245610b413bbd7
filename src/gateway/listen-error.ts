import type { Bilingual } from '../errors.ts'
import { WeixinError } from '../errors.ts'
import type { ListenAddress } from './listen-address.ts'
import { formatListenAddress } from './listen-address.ts'

/** The address cannot be listened on. */
export class ListenError extends WeixinError {
  override name = 'ListenError'
}

const NOT_A_SOCKET: Bilingual = {
  en: 'this descriptor is not a listening socket; start the program from systemd or mod_fcgid, or give --listen',
  zh: '该描述符不是监听套接字；请由 systemd 或 mod_fcgid 启动，或使用 --listen',
}
const NO_SUCH_HOST: Bilingual = {
  en: 'this machine does not have that address; use 127.0.0.1',
  zh: '本机没有这个地址；请使用 127.0.0.1',
}

const IN_USE: Bilingual = {
  en: 'another program is listening there; stop it or choose another address',
  zh: '已有其他程序在监听；请停止它或换一个地址',
}

const REASONS: Readonly<Record<string, Bilingual>> = {
  EADDRINUSE: IN_USE,
  // From the link that names a unix socket.
  EEXIST: IN_USE,
  ELOCKED: {
    en: 'a program that was killed while it started has left this file; delete it',
    zh: '某个程序在启动过程中被终止，留下了这个文件；请删除它',
  },
  EACCES: {
    en: 'permission denied; choose a directory that this user may write to, or a port above 1023',
    zh: '权限不足；请选择该用户可写的目录，或 1023 以上的端口',
  },
  ENOENT: { en: 'its directory does not exist; create it', zh: '所在目录不存在；请先创建' },
  ENOTDIR: { en: 'its directory is not a directory', zh: '所在目录不是一个目录' },
  ENOTSOCK: {
    en: 'there is something that is not a socket, and it is not removed; delete it or choose another path',
    zh: '该处已有一个不是套接字的文件，不会被删除；请自行删除或换一个路径',
  },
  ENAMETOOLONG: {
    en: 'the path of a socket can have 107 bytes at most; choose a shorter one',
    zh: '套接字路径最多 107 字节；请换一个更短的路径',
  },
  EAFNOSUPPORT: {
    en: 'Windows has no unix sockets for this; listen on 127.0.0.1:port',
    zh: 'Windows 不支持此类 unix 套接字；请监听 127.0.0.1:端口',
  },
  EADDRNOTAVAIL: NO_SUCH_HOST,
  ENOTFOUND: NO_SUCH_HOST,
}

/** Says where, what happened and what to do about `code`, the operating system's name for it. */
export function listenError(address: ListenAddress, code: string, cause?: unknown): ListenError {
  const where = formatListenAddress(address)
  const why = 'fd' in address ? NOT_A_SOCKET : (REASONS[code] ?? { en: code, zh: code })
  return new ListenError({ en: `cannot listen on ${where}: ${why.en}`, zh: `无法监听 ${where}：${why.zh}` }, { cause })
}
