import { performance } from 'node:perf_hooks'
import { printableText } from '../../core/printable.ts'
import { formatSpan, SECOND } from '../../core/units.ts'
import { formatQuantity } from '../../metrics/figure-text.ts'

/** Tells how far a long work is, on stderr. */
export interface Progress {
  /** `done` of `total`, both in the unit that the work was begun with; `note` is what else is told of it. */
  at(done: number, total: number, note?: string): void
  /** The work is over; nothing of the progress stays on a terminal. */
  end(): void
}

/** What a rate is told in, as in `MB`, and how much of what is counted makes one of it. */
export interface Unit {
  readonly name: string
  readonly size: number
}

export const MEGABYTES: Unit = { name: 'MB', size: 1e6 }
export const INVOCATIONS: Unit = { name: 'million invocations', size: 1e6 }

/** On a terminal a bar is drawn anew ten times a second; elsewhere a line is printed every ten seconds. */
const DRAW_MS = 100
const LINE_MS = 10_000

/** Begins to tell of a work: a bar on a terminal, lines now and then elsewhere, nothing when `quiet`. */
export async function beginProgress(title: string, unit: Unit | undefined, quiet: boolean): Promise<Progress> {
  if (quiet) return { at: () => {}, end: () => {} }
  const began = performance.now()
  const shown = printableText(title)
  const show = process.stderr.isTTY ? await barOf(shown) : linesOf(shown)
  let last = process.stderr.isTTY ? Number.NEGATIVE_INFINITY : began
  return {
    at(done, total, note) {
      const now = performance.now()
      if (now - last < (process.stderr.isTTY ? DRAW_MS : LINE_MS)) return
      last = now
      const pace = paceOf({ done, total, unit, ms: now - began })
      show.at(
        total === 0 ? 1 : done / total,
        [note, pace].filter((text) => text !== undefined && text !== '').join(', '),
      )
    },
    end: () => show.end(),
  }
}

/** `4 s left, 12.3 MB/s`: on a narrow terminal what comes last is cut off, and the time left is what people wait for. */
export function paceOf({
  done,
  total,
  unit,
  ms,
}: {
  done: number
  total: number
  unit: Unit | undefined
  ms: number
}): string {
  if (done === 0 || ms === 0) return ''
  const seconds = Math.ceil((((total - done) / done) * ms) / SECOND)
  const left = seconds === 0 ? '0 s left' : `${formatSpan(seconds * SECOND)} left`
  return unit === undefined ? left : `${left}, ${formatQuantity(done / unit.size / (ms / SECOND))} ${unit.name}/s`
}

interface Shown {
  at(share: number, pace: string): void
  end(): void
}

function linesOf(title: string): Shown {
  return {
    at: (share, pace) =>
      void process.stderr.write(`${title}: ${Math.floor(share * 100)} %${pace === '' ? '' : `, ${pace}`}\n`),
    end: () => {},
  }
}

async function barOf(title: string): Promise<Shown> {
  const { default: cliProgress } = await import('cli-progress')
  const name = titleOf(title)
  const bar = new cliProgress.SingleBar(
    {
      format: `${name} {bar} {percentage} %  {pace}`,
      barsize: barSize(name, process.stderr.columns),
      clearOnComplete: true,
      // Neither stand in the way of ctrl-C, nor change anything of the terminal that ctrl-C would leave changed.
      gracefulExit: false,
      linewrap: true,
    },
    cliProgress.Presets.shades_classic,
  )
  bar.start(100, 0, { pace: '' })
  return { at: (share, pace) => bar.update(Math.floor(share * 100), { pace }), end: () => bar.stop() }
}

/** Columns of a bar that leave room behind it for how many are finished and how long it still takes. */
export function barSize(title: string, columns = 80): number {
  return Math.min(20, Math.max(5, columns - title.length - 40))
}

/** A title that leaves room for the bar in 80 columns; braces would be taken for the bar's own marks. */
function titleOf(title: string): string {
  const plain = title.replaceAll('{', '(').replaceAll('}', ')')
  return plain.length > 34 ? `${plain.slice(0, 33)}…` : plain
}
