import type { ServerResponse } from 'node:http'
import { beginStream } from './answer.ts'
import type { Changes, Snapshot } from './state.ts'

/** The pages that listen, as server-sent events. */
export interface Audience {
  join(response: ServerResponse, snapshot: Snapshot): void
  tell<Name extends keyof Changes>(name: Name, value: Changes[Name]): void
  /** Ends every stream. */
  leave(): void
}

/** Nobody yet. */
export function createAudience(): Audience {
  const listeners = new Set<ServerResponse>()
  return {
    join(response, snapshot) {
      beginStream(response, 'text/event-stream; charset=utf-8')
      response.write(`retry: 1000\n${event('begin', snapshot)}`)
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
    },
    tell(name, value) {
      const text = event(name, value)
      for (const response of listeners) response.write(text)
    },
    leave() {
      for (const response of listeners) response.end()
    },
  }
}

function event(name: string, value: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
}
