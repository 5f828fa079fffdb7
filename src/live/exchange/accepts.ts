import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { RETRY_MS } from '../live-limits.ts'

/** Resolves when something accepts connections at a port; tried again and again until the signal aborts. */
export async function accepts(
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    if (await connects(target)) return
    await sleep(RETRY_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

function connects({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('connect', () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
  })
}
