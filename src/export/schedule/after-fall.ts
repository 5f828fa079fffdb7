import {
  constantFloor,
  cycleMinutes,
  type Floor,
  floorOfBreaks,
  highestLevel,
  levelAt,
} from '../../policy/plan/floor.ts'

/** How long a scaler holds what a schedule no longer asks for, in whole seconds. */
export interface AfterFall {
  /** All instances stay for so long, as by the stabilisation window of a HorizontalPodAutoscaler. */
  readonly allS: number
  /** The last one stays for so long, as by a cool-down before zero. */
  readonly lastS: number
}

/**
 * What a scaler holds of a schedule: at any time the highest level of the last `allS` seconds, and one instance where the
 * level was above 0 within the last `lastS`.
 */
export function heldAfterFall(floor: Floor, { allS, lastS }: AfterFall): Floor {
  const { cycle, steps } = floor
  if (steps.length < 2) return floor
  const cycleS = cycleMinutes(floor) * 60
  if (allS >= cycleS) return constantFloor(highestLevel(floor))
  const spans = [allS, Math.max(allS, lastS)] as const
  // In whole seconds, so that a fall and the end of what follows it are told apart without rounding.
  const highestOf = (second: number, span: number): number => {
    if (span >= cycleS) return highestLevel(floor)
    const within = steps.filter(({ minute }) => (((second - minute * 60) % cycleS) + cycleS) % cycleS < span)
    return Math.max(levelAt(floor, (second - span) / 60), ...within.map(({ instances }) => instances))
  }
  const held = (minute: number): number => {
    const second = Math.round(minute * 60)
    return Math.max(levelAt(floor, second / 60), highestOf(second, spans[0]), Math.min(1, highestOf(second, spans[1])))
  }
  const breaks = steps.flatMap(({ minute }) => [minute, ...spans.map((span) => minute + span / 60)])
  return floorOfBreaks(cycle, breaks, held)
}
