/** What the naive version may be told; in minutes. */
export interface NaiveSpes {
  readonly train: number
  readonly judge: number
  readonly alpha: number
  readonly slack: number
  readonly otherwise: number
}

/** A class as the policy gives it. */
export interface NaiveClass {
  readonly kind: 'warm' | 'regular' | 'approximate' | 'dense' | 'successive' | 'pulsed' | 'possible' | 'correlated'
  readonly waits: readonly (readonly [number, number])[]
  readonly giveUp: number
}

/** The least value which so many percent of all are no greater than. */
function percentile(list: readonly number[], percent: number): number {
  return Math.min(
    ...list.filter((value) => list.filter((each) => each <= value).length >= (percent / 100) * list.length),
  )
}

/** The commonest values, of equal ones the smaller, at most so many. */
function commonest(list: readonly number[], most: number): number[] {
  const times = (wanted: number): number => list.filter((each) => each === wanted).length
  return [...new Set(list)].sort((one, other) => times(other) - times(one) || one - other).slice(0, most)
}

/** The class of a function, read off its minutes as a text of 0 and 1, and of nothing else. */
export function naiveClass(line: string, callsOf: ReadonlyMap<number, number>): NaiveClass | null {
  for (let day = 0; day <= 6 && day * 1440 < line.length; day += 1) {
    const from = day * 1440
    // A run that goes on over the border belongs to the day before.
    const goesOn = from > 0 && line[from - 1] === '1' ? (/^1*/.exec(line.slice(from))?.[0].length ?? 0) : 0
    const text = '0'.repeat(goesOn) + line.slice(from + goesOn)
    const runs = [...text.matchAll(/1+/g)].map((run) => ({ at: from + run.index, length: run[0].length }))
    const zeros = [...text].filter((each) => each === '0').length
    if (1000 * zeros < text.length) return { kind: 'warm', waits: [], giveUp: Number.POSITIVE_INFINITY }
    const waits = (text.replaceAll(/^0+|0+$/g, '').match(/0+/g) ?? []).map((each) => each.length)
    if (waits.length === 0) continue
    const inner = (waits.length > 3 ? waits.slice(1, -1) : waits).toSorted((one, other) => one - other)
    const mean = inner.reduce((sum, wait) => sum + wait, 0) / inner.length
    const deviation = Math.sqrt(inner.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / inner.length)
    if (runs.length >= 3 && (percentile(inner, 95) - percentile(inner, 5) < 1 || deviation <= 0.01 * mean)) {
      const [median, half] = [percentile(inner, 50), Math.min(deviation, 2)]
      return { kind: 'regular', waits: [[median - half, median + half]], giveUp: 1 }
    }
    const three = commonest(waits, 3).toSorted((one, other) => one - other)
    if (runs.length >= 3 && waits.filter((wait) => three.includes(wait)).length >= 0.9 * waits.length)
      return { kind: 'approximate', waits: three.map((wait) => [wait, wait] as const), giveUp: 1 }
    if (percentile(waits, 90) < 5) return { kind: 'dense', waits: [[three[0]!, three.at(-1)!]], giveUp: 5 }
    if (runs.every(({ at, length }) => length >= 10 || callsOf.get(at)! >= 11))
      return { kind: 'successive', waits: [], giveUp: 1 }
  }
  return null
}

type Span = readonly [from: number, to: number]

/** Waits of idle minutes between runs of minutes. */
function waitsBetween(minutes: readonly number[]): number[] {
  return minutes.slice(1).flatMap((minute, at) => (minute > minutes[at]! + 1 ? [minute - minutes[at]! - 1] : []))
}

/** The minutes in which runs begin. */
function beginsOf(minutes: readonly number[]): number[] {
  return minutes.filter((minute) => !minutes.includes(minute - 1))
}

/**
 * SPES for functions that are invoked at the beginning of some minutes, once in each, of executions that take no time: from
 * the table of all minutes, without an engine. Gives per function its cold starts, its idle minutes and the rule that it
 * was given (`none`: not invoked in the training).
 */
export function naiveSpes(
  minutesOf: readonly (readonly number[])[],
  ownerOf: readonly string[],
  end: number,
  { train, judge, alpha, slack, otherwise }: NaiveSpes,
): { coldStarts: number; idleMinutes: number; kind: string }[] {
  const everything = minutesOf.flat()
  // Whoever is invoked first after the training has all of it looked at.
  const trainedAt = Math.min(...everything.filter((minute) => minute >= train), Number.POSITIVE_INFINITY)
  const isBusy = minutesOf.map((minutes) => new Set(minutes))
  const begins = minutesOf.map((minutes, fn) => minutes.filter((minute) => !isBusy[fn]!.has(minute - 1)))
  const lastOfRun = (fn: number, begin: number): number => {
    let last = begin
    while (isBusy[fn]!.has(last + 1)) last += 1
    return last
  }
  const inTraining = (fn: number): readonly number[] => minutesOf[fn]!.filter((minute) => minute < train)
  const from = train - judge

  /** Minutes of the judged part: a run that reaches into it is in it as a whole. */
  const judged = (fn: number): number[] => {
    const first = begins[fn]!.find((begin) => begin < train && Math.min(lastOfRun(fn, begin), train - 1) >= from)
    return inTraining(fn).filter((minute) => minute >= (first ?? Number.POSITIVE_INFINITY))
  }
  const heraldBegins = (fn: number): number[] => begins[fn]!.filter((begin) => begin < train && begin >= from)

  const heraldOf = (fn: number): number | undefined => {
    const own = beginsOf(judged(fn))
    return [...minutesOf.keys()].find((other) => {
      const signs = heraldBegins(other)
      if (other === fn || ownerOf[other] !== ownerOf[fn] || own.length < 2 || signs.length === 0) return false
      const foretold = own.filter((begin) =>
        Array.from({ length: 11 }, (_, lag) => begin - lag).some((at) => signs.includes(at)),
      )
      const alarms = signs.filter(
        (sign) => !Array.from({ length: 11 }, (_, lag) => sign + lag).some((at) => own.includes(at)),
      )
      return 10 * foretold.length >= 7 * own.length && 10 * alarms.length <= 3 * signs.length
    })
  }

  /** What a rule that loads some minutes would have cost: `isLoaded` is told how many minutes it has been idle. */
  const costOf = (fn: number, isLoaded: (idle: number) => boolean): { cold: number; waste: number } => {
    let [cold, waste] = [0, 0]
    for (const wait of waitsBetween(judged(fn))) {
      if (!isLoaded(wait)) cold += 1
      for (let idle = 0; idle < wait; idle += 1) waste += isLoaded(idle) ? 1 : 0
    }
    return { cold, waste }
  }

  const heralds: (number | undefined)[] = []
  const classes = minutesOf.map((_, fn): NaiveClass | null => {
    const minutes = inTraining(fn)
    if (minutes.length === 0) return null
    const line = Array.from({ length: train }, (_zero, minute) => (isBusy[fn]!.has(minute) ? '1' : '0')).join('')
    // Of a run that goes on after the training, what was seen until then.
    const callsOf = begins[fn]!.map((begin) => [begin, Math.min(lastOfRun(fn, begin), train - 1) - begin + 1] as const)
    const found = naiveClass(line, new Map(callsOf))
    if (found !== null) return found
    const again = commonest(
      waitsBetween(minutes).filter((wait, at, all) => all.indexOf(wait) !== at || all.lastIndexOf(wait) !== at),
      5,
    ).toSorted((one, other) => one - other)
    const spread = again.length === 0 ? 0 : again.at(-1)! - again[0]!
    const ranges: Span[] =
      again.length > 0 && spread <= 10 ? [[again[0]!, again.at(-1)!]] : again.map((wait) => [wait, wait])
    const near = (idle: number): boolean =>
      ranges.some(([least, most]) => idle >= least - slack && idle <= most + slack)
    const choices: { rule: NaiveClass; cold: number; waste: number }[] = [
      { rule: { kind: 'pulsed', waits: [], giveUp: 3 }, ...costOf(fn, (idle) => idle < 3) },
      { rule: { kind: 'possible', waits: ranges, giveUp: 1 }, ...costOf(fn, (idle) => idle < 1 || near(idle)) },
    ]
    const herald = heraldOf(fn)
    if (herald !== undefined) {
      const own = beginsOf(judged(fn))
      const signs = heraldBegins(herald)
      const isForetold = (begin: number): boolean => signs.some((sign) => sign <= begin && begin <= sign + 10)
      // Eleven minutes after a sign, or until it is needed.
      const waste = signs.map((sign) => {
        let loaded = 0
        while (loaded < 11 && !own.includes(sign + loaded)) loaded += 1
        return loaded
      })
      choices.push({
        rule: { kind: 'correlated', waits: [], giveUp: 1 },
        cold: own.slice(1).filter((begin) => !isForetold(begin)).length,
        waste: waste.reduce((sum, each) => sum + each, 0),
      })
    }
    const most = Math.max(1, ...choices.map(({ cold }) => cold))
    const wasted = Math.max(1, ...choices.map(({ waste }) => waste))
    const score = ({ cold, waste }: { cold: number; waste: number }): number =>
      (alpha * cold) / most + ((1 - alpha) * waste) / wasted
    const best = choices.toSorted((one, other) => score(one) - score(other))[0]!.rule
    if (best.kind === 'correlated') heralds[fn] = herald
    return best
  })

  /** What is predicted after an invocation: by the last five waits, once there were so many since the training. */
  const predicted = (fn: number, minute: number, { kind, waits }: NaiveClass): readonly Span[] => {
    const since = begins[fn]!.filter((begin) => begin <= minute && begin >= train)
    if (!['regular', 'approximate'].includes(kind) || since.length < 5) return waits
    const last = waitsBetween(minutesOf[fn]!.filter((each) => each <= minute)).slice(-5)
    if (kind === 'approximate') return commonest(last, 3).map((wait) => [wait, wait])
    const [least, most] = waits[0]!
    const middle = last.toSorted((one, other) => one - other)[2]!
    return [[middle - (most - least) / 2, middle + (most - least) / 2]]
  }

  return minutesOf.map((minutes, fn) => {
    const rule = classes[fn]!
    let [coldStarts, idleMinutes] = [0, 0]
    for (const [at, minute] of minutes.entries()) {
      if (at === 0) coldStarts += 1
      const next = minutes[at + 1] ?? Number.POSITIVE_INFINITY
      const idle = minute + 1
      const spans: Span[] = []
      if (rule !== null && minute >= trainedAt) {
        spans.push([minute, idle + rule.giveUp])
        for (const [least, most] of predicted(fn, minute, rule))
          spans.push([idle + least - slack, idle + most + 1 + slack])
      } else spans.push([minute, minute + otherwise])
      const herald = heralds[fn]
      if (herald !== undefined) {
        for (const sign of begins[herald]!) if (sign >= trainedAt) spans.push([sign, sign + 11])
      }
      const isLoadedAt = (when: number): boolean => spans.some(([begin, close]) => begin <= when && when <= close)
      if (next < Number.POSITIVE_INFINITY && !isLoadedAt(next)) coldStarts += 1
      // The length of the union of the spans in this idle time.
      const border = Math.min(next, end)
      let reached = minute
      for (const [begin, close] of spans.toSorted(([one], [other]) => one - other)) {
        const [left, right] = [Math.max(begin, reached), Math.min(close, border)]
        if (right > left) {
          idleMinutes += right - left
          reached = right
        }
      }
    }
    return { coldStarts, idleMinutes, kind: rule?.kind ?? 'none' }
  })
}
