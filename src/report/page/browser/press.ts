let isPressing = false
for (const [type, is] of [
  ['pointerdown', true],
  ['pointerup', false],
  ['pointercancel', false],
] as const) {
  addEventListener(type, () => (isPressing = is), true)
}

/**
 * Does something once the press that is under way has had its click. A press elsewhere ends the typing into a field; if what
 * was pressed were drawn anew before the pointer is up again, nothing would be clicked.
 */
export function afterPress(act: () => void): void {
  if (!isPressing) return void setTimeout(act)
  const ended = new AbortController()
  for (const type of ['pointerup', 'pointercancel']) {
    addEventListener(
      type,
      () => {
        ended.abort()
        setTimeout(act)
      },
      { signal: ended.signal },
    )
  }
}
