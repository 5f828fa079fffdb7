import { type Described, registry } from '../core/registry.ts'
import { formatDuration } from '../core/units.ts'
import type { Parameter } from '../policy/parameters.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL, SPREADS } from '../sim/model.ts'
import { readDuration, type SettingKind, settingKind } from './setting.ts'

/** One kind of simulated world, with the options that it takes. */
export interface ModelKind extends Described {
  readonly id: Model['kind']
  readonly options: Readonly<Record<string, SettingKind>>
  /** Every option at its default, `memory: trace` included, which holds only for traces that offer it. */
  readonly defaults: Model
}

function choice(describe: string, standard: string, options: readonly string[]): SettingKind {
  return settingKind({ kind: 'choice', describe, default: standard, options })
}

function commonOptions({ unit, memory, spread, horizon }: Model): Record<string, SettingKind> {
  return {
    unit: choice('What is loaded and decided for: an app, or each function as an app of its own.', unit, [
      'app',
      'function',
    ]),
    memory: choice(
      'Each app its own memory as the trace has it, or 1 MB each. Default: the trace’s where it has memory, else equal.',
      memory,
      ['trace', 'equal'],
    ),
    spread: choice('How minute counts become arrivals.', spread, SPREADS),
    horizon: choice('Account until the end of the trace, or until each window ends.', horizon, ['cut', 'expire']),
  }
}

const CONCURRENCY: Parameter = {
  kind: 'number',
  describe: 'Invocations that one instance serves at a time.',
  default: INSTANCES_MODEL.concurrency,
  min: 1,
  max: 2 ** 31,
  whole: true,
}

/** The loading time of every app, or `trace` for the trace's own. */
const coldStart: SettingKind = {
  jsonSchema: {
    type: 'string',
    pattern: String.raw`^(trace|\d+(\.\d+)? ?(ms|s|m|h|d))$`,
    description: 'Loading time of every app, or trace: its own from the trace, one second where it has none.',
    default: INSTANCES_MODEL.coldStart === 'trace' ? 'trace' : formatDuration(INSTANCES_MODEL.coldStart),
  },
  read(raw) {
    if (raw === 'trace') return { value: raw, written: raw, canonical: raw }
    return readDuration(raw, { min: 0 })
  },
}

/** The kinds of worlds that runs are simulated in. */
export const MODEL_KINDS = registry<ModelKind>('kind of model', [
  {
    id: 'paper',
    summary: 'Executions take no time, one instance an app, no memory limit: the published evaluation.',
    options: commonOptions(PAPER_MODEL),
    defaults: PAPER_MODEL,
  },
  {
    id: 'instances',
    summary: 'The durations of the trace, loading time and as many instances as are needed, no memory limit.',
    options: {
      ...commonOptions(INSTANCES_MODEL),
      concurrency: settingKind(CONCURRENCY),
      reuse: choice('Which idle instance takes an arrival.', INSTANCES_MODEL.reuse, ['newest', 'oldest']),
      whileLoading: choice('Does an arrival start a new instance while one is loading, or join that one.', 'new', [
        'new',
        'join',
      ]),
      coldStart,
    },
    defaults: INSTANCES_MODEL,
  },
])
