import { binOf } from '../../../src/core/log-bins.ts'
import { type Ledger, loadedMb } from '../../../src/engine/ledger.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Heard, naiveOf, type RandomScenario, realOf } from './random-scenario.ts'
import { NAIVE_ACCOUNTS, type NaiveResult } from './scenario.ts'
import { simulateNaively } from './simulate.ts'

/** What the naive simulation and the others differ in; undefined where there is more than one right result. */
export function differences(given: RandomScenario): string[] | undefined {
  const { trace, model, policy } = realOf(given)
  const nothing = (): Heard => Array.from({ length: trace.apps.count }, () => [])
  const told = nothing()
  const naive = simulateNaively(naiveOf(given, trace, told))
  if (naive.isAmbiguous) return undefined
  const found: string[] = []
  const ways = suitableReplays({ trace, model, policy: policy(nothing()), seed: 1, accountFromMs: given.from })
  for (const replay of ways) {
    const heard = nothing()
    const ledger = runSimulation({
      trace,
      model,
      policy: policy(heard),

      seed: 1,
      replay,
      accountFromMs: given.from,
    })
    for (const line of [
      ...accountsApart(naive, ledger),
      ...timelineApart(naive, ledger, given, trace.apps.memoryMb),
      ...(given.kind === 'paper' ? [] : latenciesApart(naive, ledger)),
      ...heardApart(told, heard),
    ])
      found.push(`${replay}: ${line}`)
  }
  return found
}

function accountsApart(naive: NaiveResult, ledger: Ledger): string[] {
  return naive.accounts.flatMap((row, app) =>
    NAIVE_ACCOUNTS.filter((account) => Math.abs(row[account] - ledger[account][app]!) > 1e-9).map(
      (account) => `app ${app}: ${account} is ${ledger[account][app]}, naively ${row[account]}`,
    ),
  )
}

/** Memory that was loaded on average, summed up stretch by stretch; all of a scenario is in one bucket. */
function timelineApart(
  { residences }: NaiveResult,
  ledger: Ledger,
  { from, end }: RandomScenario,
  memoryMb: Float64Array,
): string[] {
  const sum = residences.reduce((total, stay) => {
    const [begin, over] = [Math.max(stay.from, from), Math.min(stay.to, end)].map(Math.round) as [number, number]
    return total + stay.share * memoryMb[stay.app]! * Math.max(0, over - begin)
  }, 0)
  const [mean] = loadedMb(ledger.timeline, end)
  return Math.abs(mean! - sum / end) < 1e-9 ? [] : [`${mean} MB loaded on average, naively ${sum / end}`]
}

function latenciesApart({ served, accounts }: NaiveResult, { latency }: Ledger): string[] {
  const counts = new Map<string, number>()
  const add = (name: string, count: number): void => void counts.set(name, (counts.get(name) ?? 0) + count)
  for (const { app, waited, loading, takes } of served)
    for (const [kind, ms] of [waited + loading, waited, waited + loading + takes].entries())
      add(`app ${app}, latency ${kind}, bin ${binOf(ms)}`, 1)
  for (let app = 0; app < accounts.length; app += 1)
    for (let kind = 0; kind < 3; kind += 1)
      for (let row = latency!.first[3 * app + kind]!; row < latency!.first[3 * app + kind + 1]!; row += 1)
        add(`app ${app}, latency ${kind}, bin ${latency!.bin[row]}`, -latency!.count[row]!)
  return [...counts].filter(([, count]) => count !== 0).map(([name, count]) => `${name}: naively ${count} more`)
}

function heardApart(told: Heard, heard: Heard): string[] {
  return told.flatMap((lines, app) => {
    const at = lines.findIndex((line, index) => line !== heard[app]![index])
    if (at < 0 && lines.length === heard[app]!.length) return []
    const place = at < 0 ? lines.length : at
    return [`app ${app} heard as number ${place} "${heard[app]![place]}", naively "${lines[place]}"`]
  })
}
