import { formatDuration, MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import { policies } from '../../policy/policies/index.ts'
import { planOfJson, planToJson } from '../../policy/plan/plan-json.ts'
import { yamlFile } from '../files/export-file.ts'
import { liveFile, readLive, TO_FILL_IN } from '../files/live-document.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { floorText } from '../schedule/schedule.ts'
import { windowsText } from '../fit/fit.ts'

function planIn({ apps, settings: _settings, world: _world, ...rest }: Parameters<Platform['write']>[0]): Plan {
  return { ...rest, apps: apps.map(({ name, app: _traceName, ...rules }) => ({ app: name, ...rules })) }
}

function noteOf(app: NamedApp) {
  const text = windowsText(app)
  const notes = [{ app: app.app, knob: 'windows', kind: 'exact' as const, wanted: text, written: text }]
  const floor = floorText(app.floor)
  return app.floor.steps.length === 0
    ? notes
    : [...notes, { ...notes[0]!, knob: 'floor', wanted: floor, written: floor }]
}

/** The entry of an experiment: the policy itself where it is one of ours, else the plan. */
function entryOf({ policy: { id, params } }: Pick<Plan, 'policy'>): Record<string, unknown> {
  const definition = policies.all.find((policy) => policy.id === id)
  const hasFile = Object.entries(params).some(
    ([name, value]) => definition?.parameters[name]?.kind === 'file' && value !== '',
  )
  if (definition === undefined || id === 'plan' || hasFile) return { policy: './plan.json' }
  const spelt = Object.entries(params).map(([name, value]) => {
    const isDuration = definition.parameters[name]?.kind === 'duration'
    return [name, isDuration ? formatDuration(Number(value)) : value] as const
  })
  return { policy: id, ...Object.fromEntries(spelt) }
}

/** What live instances run under. Floors by the time of day come from the plan, which knows the time zone. */
function liveEntryOf(plan: Parameters<Platform['write']>[0]): Record<string, unknown> {
  const isByClock = plan.apps.some(({ floor }) => floor.steps.length > 0)
  return plan.settings['runs'] === 'plan' || isByClock ? { policy: './plan.json' } : entryOf(plan)
}

/** Our own adapter in front of containers, which runs plans as they are, and simulations of them. */
export const pilotlight: Platform = {
  id: 'pilotlight',
  title: 'pilotlight',
  summary: 'The policy itself, and the plan that it settled on, for experiments and live containers.',
  sets: 'live.yaml for `pilotlight live serve`, plan.json, and in policy.yaml the entry of an experiment',
  sources: [
    { about: 'keys', says: 'live files', at: 'docs/live.md', read: '2026-11-30' },
    { about: 'default', says: 'the baseline of experiments', at: 'docs/how-to.md', read: '2026-11-30' },
  ],
  assumed: [],
  lacks: 'Nothing.',
  present: 'what runs now is in your own live file. Put its policy into an experiment and compare it there.',
  afterFall: 'An instance goes when its own window has passed, as in the simulation.',
  names: { pattern: /^[^\p{Cc}]{1,500}$/u, words: 'at most 500 printable characters' },
  settings: {
    runs: {
      describe:
        'What decides how long instances are kept: policy, which goes on learning, or plan, the policy’s last answers.',
      default: 'policy',
      pattern: /^(policy|plan)$/,
    },
    name: { describe: 'The name of the adapter.', default: 'pilotlight', pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/ },
    backend: { describe: 'process or docker.', default: 'process', pattern: /^(process|docker)$/ },
    contract: {
      describe: 'How the adapter talks to instances: http, fn, openwhisk or lambda.',
      default: 'http',
      pattern: /^(http|fn|openwhisk|lambda)$/,
    },
    command: {
      describe: 'The program and its arguments, with spaces between them. {app} becomes the name of the app.',
      default: TO_FILL_IN,
      pattern: /^\S+( \S+)*$/,
    },
    image: {
      describe: 'The image of containers. {app} becomes the name of the app.',
      default: TO_FILL_IN,
      pattern: /^\S+$/,
    },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 10 * MINUTE,
    floor: NO_FLOOR,
    from: 'the baseline of experiments: fixed, 10 min',
  },
  write(plan) {
    return {
      files: [
        liveFile(plan, liveEntryOf(plan)),
        { path: 'plan.json', text: planToJson(planIn(plan)) },
        yamlFile('policy.yaml', [{ policies: [entryOf(plan)] }]),
      ],
      notes: plan.apps.flatMap((app) => noteOf(app)),
      changes: [],
      back: 'Serve the live file that you had.',
      byHand: [
        '# policy.yaml is the entry of an experiment that runs the policy; { policy: ./plan.json } replays its plan.',
        'pilotlight live serve live.yaml',
      ],
    }
  },
  readPolicy(files) {
    const { policy, ...params } = readLive(files).policy
    const id = String(policy)
    return id.endsWith('.json') ? undefined : { id, params }
  },
  read(files) {
    const { path, text } = files.find(({ path }) => path === 'plan.json')!
    const planned = new Map(planOfJson(text, path).apps.map(({ app, ...rules }) => [app, rules]))
    return new Map(readLive(files).apps.map((app) => [app, planned.get(app)!]))
  },
}
