import { createConnector } from '../../src/client/connection.ts'
import { createHttpCall } from '../../src/token/http-call.ts'

const connector = createConnector(undefined, 2500)

/** Calls as an account without a proxy makes them. */
export const directCall = createHttpCall((url, request) => connector.open(url, { ...request, reuse: false }))
