import type { Check } from '../check.ts'

/** Whether the responder is there at the end; asked when it is not as well. */
export const survival: Check = {
  name: 'survival-hostile',
  severity: 'must',
  alone: true,
  title: { en: 'after all that was hostile a message is taken', zh: '经历所有恶意请求之后仍能正常接收消息' },
  why: {
    en: 'a process that anybody can end loses the messages of everybody',
    zh: '任何人都能弄垮的进程，会丢失所有人的消息',
  },
  async run(player) {
    await player.ask(player.compose('text'))
  },
}
