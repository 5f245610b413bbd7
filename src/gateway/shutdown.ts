/**
 * The message by which whoever started a process over an IPC channel asks it to finish what it has begun and to end.
 * Windows has no signals; pm2 sends this word there.
 */
export const SHUTDOWN = 'shutdown'
