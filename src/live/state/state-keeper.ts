import { UserError } from '../../core/user-error.ts'
import type { Adapter } from '../adapter.ts'
import { type LiveConfig, policyName } from '../live-config.ts'
import type { LogLine } from '../log.ts'
import type { LiveMetrics } from '../metrics.ts'
import { type SavedApp, type SavedState, writeState } from './saved-state.ts'

/** What a keeper saves, and where it reports. */
export interface KeeperParts {
  readonly adapter: Adapter
  readonly config: LiveConfig
  readonly originMs: number
  readonly metrics: LiveMetrics
  readonly log: (line: LogLine) => void
}

/** Saves an adapter's state again and again, one save at a time, off the path of calls. */
export interface Keeper {
  /** Saves now. Never rejects: a save that fails is logged and counted. */
  readonly save: () => Promise<void>
  /** Saves a last time. */
  readonly stop: () => Promise<void>
}

/** Restores a saved state, if there is one; what another policy learnt is left out. */
export function resume(saved: SavedState | undefined, { adapter, config, log }: KeeperParts): void {
  if (saved === undefined) return
  const isSame = saved.policy === policyName(config)
  const taking = (of: string, take: () => void): void => {
    try {
      take()
    } catch (error) {
      if (error instanceof UserError) throw error
      const problem = `what the policy learnt${of} cannot be taken back: ${(error as Error).message}`
      const hint = 'Delete the file, and the policy learns anew.'
      throw new UserError({ where: config.state.file, problem, hint })
    }
  }
  if (isSame && saved.learnt !== undefined) taking('', () => adapter.resumeAll(saved.learnt))
  for (const [app, { name }] of adapter.directory.present) {
    const was = Object.hasOwn(saved.apps, name) ? saved.apps[name] : undefined
    if (was === undefined) continue
    taking(` of ${name}`, () => adapter.resume(app, isSame ? was : { windows: was.windows, learnt: undefined }))
  }
  log({ event: 'resumed', apps: Object.keys(saved.apps).length, learnt: isSame })
}

export function stateKeeper({ adapter, config, originMs, metrics, log }: KeeperParts): Keeper {
  const { file, everyMs } = config.state
  const write = async (): Promise<void> => {
    try {
      await writeState(file, stateOf(adapter, config, originMs))
      metrics.saved(true)
    } catch (error) {
      metrics.saved(false)
      log({ event: 'state not saved', file, why: (error as Error).message })
    }
  }
  let latest: Promise<void> = Promise.resolve()
  const save = (): Promise<void> => (latest = latest.then(write))
  const timer = setInterval(() => void save(), everyMs)
  return {
    save,
    stop: () => {
      clearInterval(timer)
      return save()
    },
  }
}

function stateOf(adapter: Adapter, config: LiveConfig, originMs: number): SavedState {
  const apps: Record<string, SavedApp> = {}
  for (const [app, { name }] of adapter.directory.present) {
    const saved = adapter.save(app)
    if (saved !== undefined) apps[name] = saved
  }
  return { schema: 1, originMs, policy: policyName(config), apps, learnt: adapter.saveAll() }
}
