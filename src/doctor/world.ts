import { spawn } from 'node:child_process'
import dns from 'node:dns/promises'
import fs from 'node:fs'
import net from 'node:net'
import { type Environment, type Machine, thisMachine } from '../apache/machine.ts'
import { type Ask, ask } from './ask.ts'

/** The last part of a file, or what was added to it. */
export interface FilePart {
  readonly text: string
  /** Where the file ends, in bytes. */
  readonly end: number
}

/** How a program ended that was given something to read. */
export interface Ended {
  /** Undefined when it could not be started or was ended after `timeout`. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

/** What was asked for on the command line. */
export interface Wanted {
  /** Where the responder answers, in the place of Apache on this machine. */
  readonly url: URL | undefined
  /** The folder of the Apache that is meant. */
  readonly apache: string | undefined
  /** Without a call to WeChat. */
  readonly offline: boolean
}

/** Everything that a check looks at or tries. */
export interface World {
  readonly machine: Machine
  /** The project's folder. */
  readonly directory: string
  readonly environment: Environment
  readonly wanted: Wanted
  /** The running Node: its program and its version, `v20.20.2`. */
  readonly node: string
  readonly nodeVersion: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly ask: Ask
  /** Undefined when somebody listens there, else the system's name for what went wrong; a path is a unix socket. */
  readonly connect: (place: string | { readonly host: string; readonly port: number }) => Promise<string | undefined>
  /** The addresses of a host. */
  readonly lookUp: (host: string) => Promise<readonly string[]>
  /** From a byte on; a number below 0 counts from the end. Undefined when it may not be read. */
  readonly readPart: (file: string, from: number, bytes?: number) => FilePart | undefined
  /** Milliseconds since 1970 of the last change. */
  readonly changed: (file: string) => number | undefined
  /** Bytes that are free where a folder is. */
  readonly freeSpace: (folder: string) => number | undefined
  readonly run: (command: string, words: readonly string[], environment: Environment, timeout: number) => Promise<Ended>
}

/** The machine that we run on. */
export function thisWorld(environment: Environment, directory: string, wanted: Wanted): World {
  return {
    machine: thisMachine(environment),
    directory,
    environment,
    wanted,
    node: process.execPath,
    nodeVersion: process.version,
    now: Date.now,
    ask,
    connect,
    lookUp: async host => (await dns.lookup(host, { all: true })).map(({ address }) => address),
    readPart,
    changed,
    freeSpace,
    run,
  }
}

/** Milliseconds. */
const CONNECT_TIMEOUT = 2000

function connect(place: string | { readonly host: string; readonly port: number }): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = typeof place === 'string' ? net.connect(place) : net.connect(place.port, place.host)
    const end = (code: string | undefined) => {
      socket.destroy()
      resolve(code)
    }
    socket.setTimeout(CONNECT_TIMEOUT, () => end('ETIMEDOUT'))
    socket.once('connect', () => end(undefined))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}

const PART = 262_144

function readPart(file: string, from: number, bytes = PART): FilePart | undefined {
  try {
    // Nobody may ever write to a pipe.
    const fd = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0))
    try {
      const status = fs.fstatSync(fd)
      const size = status.isFile() ? status.size : 0
      const start = from < 0 ? Math.max(0, size + from) : Math.min(from, size)
      const buffer = Buffer.alloc(Math.min(size - start, bytes))
      const read = fs.readSync(fd, buffer, 0, buffer.length, start)
      return { text: buffer.toString('utf8', 0, read), end: size }
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return undefined
  }
}

function changed(file: string): number | undefined {
  try {
    return fs.statSync(file).mtimeMs
  } catch {
    return undefined
  }
}

function freeSpace(folder: string): number | undefined {
  try {
    const { bavail, bsize } = fs.statfsSync(folder)
    return bavail * bsize
  } catch {
    return undefined
  }
}

function run(command: string, words: readonly string[], environment: Environment, timeout: number): Promise<Ended> {
  const started = performance.now()
  const grouped = process.platform !== 'win32'
  return new Promise(resolve => {
    const child = spawn(command, words, {
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: grouped,
      windowsHide: true,
    })
    let [stdout, stderr] = ['', '']
    const end = (code: number | undefined, more = '') => {
      clearTimeout(timer)
      resolve({ code, stdout, stderr: stderr + more, milliseconds: performance.now() - started })
    }
    // What it has started in its turn may hold its output open.
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(grouped ? -child.pid : child.pid, 'SIGKILL')
      end(undefined)
    }, timeout)
    child.stdout.on('data', chunk => {
      stdout += chunk
    })
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    child.on('error', error => end(undefined, error.message))
    child.on('close', code => end(code ?? undefined))
  })
}
