/** How far a transfer has come. */
export interface Progress {
  /** Bytes. */
  readonly transferred: number
  /** Bytes; undefined when the other side has not said how many there are. */
  readonly total: number | undefined
}

/** Told again and again while a file is on its way. */
export type ReportProgress = (progress: Progress) => void

/** A file that WeChat sends: read `body` to its end, or stop iterating, which ends the connection. */
export interface Download {
  /** The media type that WeChat names, which need not be right. */
  readonly contentType: string
  /** The name alone, without any directory. */
  readonly fileName: string | undefined
  /** Bytes, if WeChat says so. */
  readonly size: number | undefined
  /** For `pipeline(download.body, fs.createWriteStream(…))`; throws a `TransportError` when it ends too early. */
  readonly body: AsyncIterable<Uint8Array>
}
