/*
 * Whoever sends the messages is a process of its own, so that what it does is not in the way of who starts and measures.
 */
import { type LoadJob, sendLoad } from './load.ts'

process.on('message', async job => {
  process.send?.(await sendLoad(job as LoadJob))
})
