import { ACCOUNTS } from '../../engine/ledger.ts'
import { VERSION } from '../../core/version.ts'
import type { Adapter } from '../adapter.ts'
import type { ApartPolicy } from '../apart/apart-policy.ts'
import type { LiveConfig } from '../live-config.ts'

/** What the policy last answered for each app, by its row. */
export type LastDecisions = ReadonlyMap<number, { readonly prewarmMs: number; readonly keepAliveMs: number }>

/** What the admin page shows of the adapter and each app. Times are ms from now; null: never, or for ever. */
export function adminState(
  { name: adapterName, policy, backend, budgetMb }: LiveConfig,
  adapter: Adapter,
  decisions: LastDecisions,
  apart: Pick<ApartPolicy, 'state' | 'why'> | undefined,
): unknown {
  const now = adapter.now()
  const instances = adapter.instances
  const fromNow = (at = Infinity): number | null => (at === Infinity ? null : at - now)
  const apps = adapter.directory.present.map(([app, { name, memoryMb, contract }]) => {
    const windows = adapter.windowsOf(app)
    return {
      name,
      contract,
      memoryMb,
      instances: instances
        .filter((each) => each.app === app)
        .map(({ instance }) => ({ id: instance.id, state: instance.state })),
      windows: {
        idleSince: fromNow(windows?.idleAt),
        loadAt: fromNow(windows?.loadAt),
        keepUntil: fromNow(windows?.keepUntil),
      },
      decision: decisions.get(app) ?? null,
      accounts: Object.fromEntries(ACCOUNTS.map((account) => [account, adapter.ledger[account][app]!])),
    }
  })
  return {
    name: adapterName,
    version: VERSION,
    policy: {
      id: policy.definition.id,
      params: policy.params,
      seed: policy.seed,
      state: apart?.state ?? 'answers',
      why: apart?.why ?? null,
    },
    backend: backend.id,
    budgetMb,
    chargedMb: instances.reduce((sum, { app }) => sum + adapter.apps[app]!.memoryMb, 0),
    now,
    underWay: adapter.underWay,
    waiting: adapter.waiting,
    apps,
  }
}
