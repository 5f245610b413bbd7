import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { createApp } from '../../src/index.ts'

export const app = createApp()

app.on('text', async ctx => {
  const { LLM_URL, LLM_KEY, LLM_MODEL } = process.env
  const { body } = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${LLM_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      model: LLM_MODEL,
      stream: true,
      messages: [{ role: 'user', content: ctx.message.Content }],
    }),
    signal: ctx.signal,
  })
  let answer = ''
  for await (const line of createInterface({ input: Readable.fromWeb(body ?? new ReadableStream()) })) {
    const [, event] = /^data: (\{.*\})$/.exec(line) ?? []
    if (event) answer += JSON.parse(event).choices[0]?.delta?.content ?? ''
  }
  return answer
})
