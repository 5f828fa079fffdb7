import type { EvictionDefinition, EvictionFacts, IdlePool } from '../cluster/idle-pool.ts'

/** Greedy-Dual over the number of instances of the app on the node: a further one is worth less than the first. */
function pool({ busy, loadingMs, memoryMb, ranked, uses }: EvictionFacts): IdlePool {
  const idle = new Uint32Array(uses.length)
  const appOf: number[] = []
  const order = ranked(
    (app, _now, clock) => clock + (uses[app]! * loadingMs[app]!) / (memoryMb[app]! * (idle[app]! + busy[app]!)),
  )
  return {
    add(instance, app, now, until) {
      appOf[instance] = app
      idle[app]! += 1
      order.add(instance, app, now, until)
    },
    remove(instance) {
      idle[appOf[instance]!]! -= 1
      order.remove(instance)
    },
    forget: (instance) => order.forget(instance),
    victim: (spared) => order.victim(spared),
  }
}

/** CIDRE's eviction; its scaling is a matter of the policy and not of the order. */
export const cidre: EvictionDefinition = {
  id: 'cidre',
  summary: 'The lowest clock + frequency x cost / (size x instances of the app) goes first.',
  paper:
    'CIDRE, ASPLOS 2025 (its eviction). The priority is that of the moment at which an instance became idle; instances are those idle on the node and at work anywhere',
  pool,
}
