/** A file to upload. */
export interface Upload {
  /** With an extension, which WeChat goes by: `photo.jpg`. */
  readonly fileName: string
  /**
   * The bytes, or whatever can say how many they are and give them more than once: a `Blob`, or
   * `{ size, stream: () => fs.createReadStream(path) }`.
   */
  readonly content: Uint8Array | { readonly size: number; stream(): AsyncIterable<Uint8Array> }
  /** If not given, what the extension says. */
  readonly contentType?: string
}

/** How many bytes it has. */
export function uploadSize({ content }: Upload): number {
  return content instanceof Uint8Array ? content.byteLength : content.size
}

/** Whether a value has the shape of an upload. */
export function isUpload(value: unknown): value is Upload {
  if (typeof value !== 'object' || value === null) return false
  const { fileName, content } = value as Partial<Upload>
  if (typeof fileName !== 'string' || typeof content !== 'object' || content === null) return false
  return (
    content instanceof Uint8Array ||
    (Number.isSafeInteger(content.size) && content.size >= 0 && typeof content.stream === 'function')
  )
}
