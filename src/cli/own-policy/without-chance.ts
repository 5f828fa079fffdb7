import { changeBuiltIns } from '../../own/own-code.ts'

/** Methods of a date that depend on the time zone of the machine. */
const LOCAL_TIMES = [
  'getDate',
  'getDay',
  'getFullYear',
  'getHours',
  'getMinutes',
  'getMonth',
  'getTimezoneOffset',
] as const

/** Runs a function while the clock and chance throw, and gives them back afterwards. Throws where one was asked. */
export function withoutChance(run: () => unknown): void {
  const giveBack = refuseChance()
  try {
    run()
  } finally {
    giveBack()
  }
}

/** The same for work that is awaited. Everything else that runs meanwhile has no clock and no chance either. */
export async function withoutChanceUntil(run: () => Promise<unknown>): Promise<void> {
  const giveBack = refuseChance()
  try {
    await run()
  } finally {
    giveBack()
  }
}

/** From now on the clock and chance throw; gives what ends that. */
function refuseChance(): () => void {
  const changed = changeBuiltIns()
  const standing = [
    replace(Math, 'random', refuse('Math.random()')),
    replace(Date, 'now', refuse('Date.now()')),
    ...LOCAL_TIMES.map((name) => replace(Date.prototype, name, refuse(`the time zone of the machine by ${name}()`))),
    replace(performance, 'now', refuse('performance.now()')),
    replace(globalThis, 'Date', refuseDate(refuse('the clock by new Date()'))),
    replace(
      process,
      'hrtime',
      Object.assign(refuse('process.hrtime()'), { bigint: refuse('process.hrtime.bigint()') }),
    ),
    replace(process, 'uptime', refuse('process.uptime()')),
    replace(crypto, 'getRandomValues', refuse('crypto.getRandomValues()')),
    replace(crypto, 'randomUUID', refuse('crypto.randomUUID()')),
  ]
  return () => {
    for (const giveBack of standing.reverse()) giveBack()
    changed()
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
