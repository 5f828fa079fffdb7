/** Runs a function while the clock and chance throw, and gives them back afterwards. Throws where one was asked. */
export function withoutChance(run: () => unknown): void {
  const standing = [
    replace(Math, 'random', refuse('Math.random()')),
    replace(Date, 'now', refuse('Date.now()')),
    replace(performance, 'now', refuse('performance.now()')),
    replace(globalThis, 'Date', refuseDate(refuse('the clock by new Date()'))),
    replace(crypto, 'getRandomValues', refuse('crypto.getRandomValues()')),
    replace(crypto, 'randomUUID', refuse('crypto.randomUUID()')),
  ]
  try {
    run()
  } finally {
    for (const giveBack of standing.reverse()) giveBack()
  }
}

/** Puts another value in place of a property; gives what undoes it. */
function replace(owner: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  return () => {
    if (own === undefined) Reflect.deleteProperty(owner, name)
    else Object.defineProperty(owner, name, own)
  }
}

/** A Date that tells any time but the present. */
function refuseDate(refuse: () => never): DateConstructor {
  return new Proxy(Date, {
    construct: (target, words, created) => (words.length === 0 ? refuse() : Reflect.construct(target, words, created)),
    apply: refuse,
  })
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`it asks ${what}; a result follows from the trace, the parameters and the seed alone`)
  }
}
