import { cycleMinutes, type Floor, floorOfBreaks, highestLevel, levelAt } from '../../policy/plan/floor.ts'

/** How long a scaler holds instances after a schedule's level fell, in whole seconds. */
export interface AfterFall {
  /** All instances stay for so long: the stabilisation window of a HorizontalPodAutoscaler. */
  readonly allS: number
  /** When the level was 0 for so long, all are gone: the cool-down before zero. */
  readonly lastS: number
}

/**
 * What a scaler holds of a schedule: as long as it asked for anything within the last `lastS` seconds, the highest level
 * of the last `allS`, and at least one instance; then none.
 */
export function heldAfterFall(floor: Floor, { allS, lastS }: AfterFall): Floor {
  const { cycle, steps } = floor
  if (steps.length < 2) return floor
  const highestOf = highestOfLate(floor)
  const held = (minute: number): number => {
    return highestOf(minute, lastS) === 0 ? 0 : Math.max(1, highestOf(minute, allS))
  }
  const breaks = steps.flatMap(({ minute }) => [minute, minute + allS / 60, minute + lastS / 60])
  return floorOfBreaks(cycle, breaks, held)
}

/** What it holds while calls keep it from zero: the highest level of the last `allS` seconds. */
export function heldWhileAwake(floor: Floor, { allS }: Pick<AfterFall, 'allS'>): Floor {
  const { cycle, steps } = floor
  if (steps.length < 2) return floor
  const highestOf = highestOfLate(floor)
  const breaks = steps.flatMap(({ minute }) => [minute, minute + allS / 60])
  return floorOfBreaks(cycle, breaks, (minute) => highestOf(minute, allS))
}

/** Gives the highest level of so many seconds before a minute. */
function highestOfLate(floor: Floor): (minute: number, span: number) => number {
  const { steps } = floor
  const cycleS = cycleMinutes(floor) * 60
  // In whole seconds: no rounding can make a fall and the end of what follows it equal.
  return (minute, span) => {
    const second = Math.round(minute * 60)
    if (span >= cycleS) return highestLevel(floor)
    const within = steps.filter(({ minute }) => (((second - minute * 60) % cycleS) + cycleS) % cycleS < span)
    return Math.max(
      levelAt(floor, second / 60),
      levelAt(floor, (second - span) / 60),
      ...within.map(({ instances }) => instances),
    )
  }
}
