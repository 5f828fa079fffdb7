import { type Described, registry } from '../core/registry.ts'
import { formatDuration } from '../core/units.ts'
import type { Parameter } from '../policy/parameters.ts'
import { evictions } from '../sim/evictions/index.ts'
import {
  CLUSTER_MODEL,
  type ClusterModel,
  INSTANCES_MODEL,
  type InstancesModel,
  type Model,
  PAPER_MODEL,
  SPREADS,
} from '../sim/model.ts'
import { placements } from '../sim/placements/index.ts'
import { coldStart } from './cold-start-setting.ts'
import { nodes } from './nodes-setting.ts'
import { presets } from './presets/index.ts'
import { ruleSetting } from './rule-setting.ts'
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

function commonOptions({ unit, memory, spread, horizon, warmAtStart }: Model): Record<string, SettingKind> {
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
    warmAtStart: choice(
      'What is loaded as the trace begins: nothing, or one idle instance of every app, as in a log that begins in mid-life.',
      warmAtStart,
      ['none', 'all'],
    ),
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

function instanceOptions({
  reuse,
  whileLoading,
}: Pick<InstancesModel, 'reuse' | 'whileLoading'>): Record<string, SettingKind> {
  return {
    concurrency: settingKind(CONCURRENCY),
    reuse: choice('Which idle instance takes an arrival.', reuse, ['newest', 'oldest']),
    whileLoading: choice('Does an arrival start a new instance while one is loading, or join that one.', whileLoading, [
      'new',
      'join',
    ]),
    renew: settingKind({
      kind: 'switch',
      describe:
        'Whether windows begin anew whenever an instance becomes idle. Off only to reproduce other tools, whose windows count from the first idle moment.',
      default: true,
    }),
    coldStart,
  }
}

/** How long an invocation waits for room at most. */
const queueLimit: SettingKind = {
  jsonSchema: {
    type: 'string',
    pattern: String.raw`^(none|\d+(\.\d+)? ?(ms|s|m|h|d))$`,
    description: 'How long an invocation waits for room at most before it is dropped.',
    default: 'none',
  },
  spell: (value) => (typeof value === 'number' ? formatDuration(value) : String(value)),
  read: (raw) => (raw === 'none' ? { value: raw, written: raw, canonical: raw } : readDuration(raw, { min: 0 })),
}

/** No other simulator's semantics. */
export const NO_PRESET = 'none'

function clusterOptions({ placement, eviction, overflow }: ClusterModel): Record<string, SettingKind> {
  return {
    nodes,
    placement: ruleSetting('By which rule a load chooses its node.', String(placement), placements),
    eviction: ruleSetting('In which order idle instances go when memory is short.', String(eviction), evictions),
    overflow: choice('Does an invocation that finds no room wait in line, or is it dropped.', overflow, [
      'queue',
      'drop',
    ]),
    queueLimit,
    as: choice('Options of another simulator’s semantics, under those that are given.', NO_PRESET, [
      NO_PRESET,
      ...presets.ids,
    ]),
  }
}

/** The options of a kind of model that an entry of a policy may choose for itself. */
export function ownOptions({ options }: Pick<ModelKind, 'options'>): ModelKind['options'] {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name === 'eviction'))
}

/** The kinds of worlds that runs are simulated in. */
export const MODEL_KINDS = registry<ModelKind>('kind of model', [
  {
    id: 'paper',
    summary: 'Executions take no time, one instance per app, no memory limit: the published evaluation.',
    options: commonOptions(PAPER_MODEL),
    defaults: PAPER_MODEL,
  },
  {
    id: 'instances',
    summary: 'The durations of the trace, loading time and as many instances as are needed, no memory limit.',
    options: { ...commonOptions(INSTANCES_MODEL), ...instanceOptions(INSTANCES_MODEL) },
    defaults: INSTANCES_MODEL,
  },
  {
    id: 'cluster',
    summary: 'The same on nodes of limited memory: loads are placed, idle instances evicted, invocations wait or drop.',
    options: {
      ...clusterOptions(CLUSTER_MODEL),
      ...commonOptions(CLUSTER_MODEL),
      ...instanceOptions(CLUSTER_MODEL),
    },
    defaults: CLUSTER_MODEL,
  },
])
