export { type CgiOptions, serveCgi } from './cgi.ts'
export { detectGateway, type Gateway, type Surroundings } from './detect.ts'
export {
  type EngineName,
  type FastcgiOptions,
  type FastcgiResponder,
  serveFastcgi,
} from './fastcgi/index.ts'
export { createHttpFront, type HttpFront, type HttpFrontOptions } from './http.ts'
export { formatListenAddress, type ListenAddress, parseListenAddress } from './listen-address.ts'
export { ListenError } from './listen-error.ts'
export type { BodyFault, CgiEnvironment, GatewayRequest } from './request.ts'
export type { Application, GatewayResponse } from './response.ts'
export { removeStaleSocket } from './socket-file.ts'
