/** One part of multipart/form-data. */
export interface Part {
  /** Absent for a field that is no file. */
  readonly fileName?: string
  readonly contentType: string
  readonly bytes: Buffer
}

/** The parts by their names. */
export type Form = Readonly<Record<string, Part>>

/**
 * The parts by their names (RFC 7578), read as far as they can be: what is malformed is left out.
 *
 * @param contentType of the request, with the boundary
 */
export function readForm(body: Buffer, contentType: string): Form {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  const form: Record<string, Part> = Object.create(null)
  if (boundary === undefined) return form
  const mark = Buffer.from(`--${boundary}`)
  for (let start = body.indexOf(mark); start >= 0; ) {
    const next = body.indexOf(mark, start + mark.length)
    if (next < 0) break
    addPart(form, body.subarray(start + mark.length + 2, next - 2))
    start = next
  }
  return form
}

function addPart(form: Record<string, Part>, part: Buffer): void {
  const end = part.indexOf('\r\n\r\n')
  if (end < 0) return
  const head = part.subarray(0, end).toString()
  const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1]
  if (name === undefined) return
  const fileName = /filename="([^"]*)"/i.exec(head)?.[1]
  const contentType = /^content-type:\s*(\S+)/im.exec(head)?.[1] ?? ''
  form[name] = { contentType, bytes: part.subarray(end + 4), ...(fileName !== undefined && { fileName }) }
}
