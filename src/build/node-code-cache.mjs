import fs from 'node:fs'

/** A module's name is an ASCII string. */
const NAME = /^[\w./-]{2,100}$/
const MOST_MODULES = 2000

/**
 * Node ends a snapshot's file with the compiled code of every module of its own, nearly half of the file, which each process
 * would read and copy. What a request needs is in the snapshot itself; what a handler needs beside that is compiled then.
 *
 * The file ends with the number of the modules and, for each, its name and its code, with their lengths before them; all numbers
 * have 8 bytes. A file that does not end so is left as it is.
 *
 * @param {string} file
 */
export function leaveOutCodeCache(file) {
  const bytes = fs.readFileSync(file)
  const begin = beginOfCodeCache(bytes)
  if (begin !== undefined) fs.writeFileSync(file, Buffer.concat([bytes.subarray(0, begin), Buffer.alloc(8)]))
}

/** @param {Buffer} bytes */
function beginOfCodeCache(bytes) {
  for (let begin = 0; begin < bytes.length; begin++) {
    if (endOfCodeCache(bytes, begin) === bytes.length) return begin
  }
  return undefined
}

/**
 * @param {Buffer} bytes
 * @param {number} begin
 */
function endOfCodeCache(bytes, begin) {
  const modules = numberAt(bytes, begin)
  if (modules === 0 || modules > MOST_MODULES) return undefined
  let at = begin + 8
  for (let module = 0; module < modules; module++) {
    const name = at + 8
    const code = name + numberAt(bytes, at) + 8
    if (code > bytes.length || !NAME.test(bytes.toString('latin1', name, code - 8))) return undefined
    at = code + numberAt(bytes, code - 8)
  }
  return at
}

/**
 * Infinite behind the end.
 *
 * @param {Buffer} bytes
 * @param {number} at
 */
function numberAt(bytes, at) {
  return at + 8 <= bytes.length ? Number(bytes.readBigUInt64LE(at)) : Number.POSITIVE_INFINITY
}
