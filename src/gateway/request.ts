/**
 * What is wrong with a body that could not be taken whole: larger than the gateway's limit, shorter or longer than
 * CONTENT_LENGTH says, or not there in time. The body is empty then. Where the variables themselves are too many
 * bytes (`head-too-large`), nothing is known of the request.
 */
export type BodyFault = 'too-large' | 'incomplete' | 'timeout' | 'head-too-large'

/** A request as every gateway hands it over: the same for CGI, FastCGI and HTTP. */
export interface GatewayRequest {
  /** `REQUEST_METHOD`, as it came. */
  readonly method: string
  /** `SCRIPT_NAME` and `PATH_INFO`, which is decoded: where Apache draws the line between them depends on the way. */
  readonly path: string
  /** `QUERY_STRING`, still encoded, without the question mark. */
  readonly query: string
  /** `CONTENT_TYPE`, empty when there is none. */
  readonly contentType: string
  /** `HTTP_CONTENT_ENCODING`, empty when there is none. */
  readonly contentEncoding: string
  readonly body: Buffer
  readonly bodyFault?: BodyFault
}

/** The meta-variables of RFC 3875 section 4.1 under their own names. */
export type CgiEnvironment = Readonly<Record<string, string | undefined>>

/** The part of a request that the meta-variables carry; the gateway adds the body. */
export function requestFromEnvironment(
  environment: CgiEnvironment,
  body: Buffer,
  bodyFault?: BodyFault,
): GatewayRequest {
  return {
    method: environment['REQUEST_METHOD'] ?? '',
    path: (environment['SCRIPT_NAME'] ?? '') + (environment['PATH_INFO'] ?? ''),
    query: environment['QUERY_STRING'] ?? '',
    contentType: environment['CONTENT_TYPE'] ?? '',
    contentEncoding: environment['HTTP_CONTENT_ENCODING'] ?? '',
    body,
    ...(bodyFault && { bodyFault }),
  }
}
