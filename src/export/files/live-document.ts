import { formatMemory } from '../../core/units.ts'
import { UserError } from '../../core/user-error.ts'
import { type Data, documentsIn, type ExportFile, yamlFile } from './export-file.ts'
import { validName } from './deployed-names.ts'
import type { NamedPlan } from '../platform.ts'

/** The text in an exported live file that the operator must replace. The reader of live files refuses it. */
export const TO_FILL_IN = 'FILL-IN'

/** Names of apps in live files; see docs/live.md. */
const LIVE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** The most calls at a time that an instance of a live file serves. */
const MOST_CONCURRENCY = 10_000

const ABOUT = [
  '# Written by pilotlight export; pilotlight live serve live.yaml runs it.',
  `# Replace ${TO_FILL_IN} by what runs the app. Until then the file is refused.`,
  '# memory is the app’s memory in the trace. An instance that uses more is ended.',
]

/** A live file that serves the apps of a plan under a policy's entry. */
export function liveFile(plan: NamedPlan, policy: Readonly<Record<string, unknown>>): ExportFile {
  const { name, backend } = plan.settings
  const apps = new Map<string, unknown>()
  for (const app of plan.apps) {
    const own = LIVE_NAME.test(app.name) ? app.name : validName(app.name)
    if (apps.has(own)) {
      const hint = 'Give each a name of its own with the mapping file.'
      throw new UserError({ where: `apps: ${app.app}`, problem: `two apps have the live name ${own}`, hint })
    }
    apps.set(own, {
      ...(own === app.name ? {} : { traceName: app.name }),
      contract: plan.settings['contract'],
      ...programOf(plan.settings, own),
      memory: formatMemory(Math.max(1, Math.ceil(app.memoryMb))),
      ...concurrencyIn(app.concurrency),
    })
  }
  const { path, text } = yamlFile('live.yaml', [
    { name, backend, ...plan.world, policy, apps: Object.fromEntries(apps) },
  ])
  return { path, text: [...ABOUT, text].join('\n') }
}

/** What an instance serves at a time in the model, where that is a number that a live file takes. */
function concurrencyIn(concurrency: number): { readonly concurrency?: number } {
  return concurrency > 1 && concurrency <= MOST_CONCURRENCY ? { concurrency: Math.floor(concurrency) } : {}
}

function programOf({ backend, image, command }: NamedPlan['settings'], app: string): Record<string, unknown> {
  const filled = (text: string): string => text.replaceAll('{app}', app)
  const words = command!.split(' ').map((word) => filled(word))
  if (backend !== 'docker') return { command: words }
  return { image: filled(image!), ...(command === TO_FILL_IN ? {} : { command: words }) }
}

/** The policy's entry in an exported live file, and its apps by their names in the plan. */
export function readLive(files: readonly ExportFile[]): { readonly policy: Data; readonly apps: readonly string[] } {
  const [document] = documentsIn(files, /^live\.yaml$/)
  const apps = Object.entries(document!['apps']!).map(([name, { traceName }]) => String(traceName ?? name))
  return { policy: document!['policy']!, apps }
}
