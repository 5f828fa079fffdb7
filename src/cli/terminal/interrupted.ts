/** Resolves at the first signal to end; at the next one, whichever it is, the process ends at once. */
export async function interrupted(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM'] as const
  await new Promise<void>((resolve) => {
    for (const each of signals) process.once(each, () => resolve())
  })
  for (const each of signals) process.removeAllListeners(each).once(each, () => process.exit(1))
}
