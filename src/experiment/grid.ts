import type { GivenOption } from '../config/experiment-file.ts'
import type { Setting } from '../config/setting.ts'

/** One point of a grid: a value for each thing that was given, in the order given. */
export type GridPoint = readonly GridValue[]

/** One of the values of something that was given. */
interface GridValue {
  readonly name: string
  readonly setting: Setting
  /** Whether it was one of several values. */
  readonly isSwept: boolean
}

/** Every combination of the values given, the last name varying fastest; one empty point when nothing was given. */
export function grid(given: readonly Pick<GivenOption, 'name' | 'values'>[]): GridPoint[] {
  let points: GridPoint[] = [[]]
  for (const { name, values } of given) {
    const isSwept = values.length > 1
    points = points.flatMap((point) => values.map((setting) => [...point, { name, setting, isSwept }]))
  }
  return points
}
