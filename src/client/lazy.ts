import type { Client } from './client.ts'

type Method = (...values: readonly unknown[]) => Promise<unknown>
type Methods = Readonly<Record<string, Method>>

/**
 * A client that is loaded with its first call: most messages are answered without one, and a CGI process is quicker
 * without the tables of the API.
 */
export function createLazyClient(load: () => Promise<Client>): Client {
  let loading: Promise<Client> | undefined
  const loaded = () => (loading ??= load())
  const area = (name: string) =>
    new Proxy({} as Methods, {
      get:
        (_, method) =>
        async (...values: readonly unknown[]) => {
          const methods = (await loaded())[name as keyof Client] as unknown as Methods
          return methods[String(method)]?.(...values)
        },
    })
  const request = async (...values: Parameters<Client['request']>) => (await loaded()).request(...values)
  const close = () => void loading?.then(client => client.close())
  return new Proxy({ request, close } as Client, {
    get: (own, name) => (name in own ? own[name as keyof Client] : area(String(name))),
  })
}
