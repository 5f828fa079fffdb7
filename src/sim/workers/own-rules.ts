import { UserError } from '../../core/user-error.ts'
import type { EvictionDefinition, EvictionFacts, IdlePool, Ranking } from '../cluster/idle-pool.ts'
import { type NodeTable, NOWHERE, type PlacementDefinition, roomOn } from '../cluster/placement.ts'
import { type OwnCode, ownCall } from '../../own/own-calls.ts'
import { toldOf } from '../../own/told.ts'

/**
 * A user's own eviction order: what it throws names its file and method, what it is given is its own, and an instance that
 * it lets go must be idle, on that node, and not spared.
 */
export function guardedEviction(definition: EvictionDefinition, own: OwnCode): EvictionDefinition {
  const { file } = own
  const call = ownCall('eviction', own)
  return {
    ...definition,
    pool(facts, node) {
      const pool: IdlePool = call('pool', () => definition.pool(factsOfItsOwn(facts, file), node))
      for (const method of ['add', 'remove', 'forget', 'victim'] as const) {
        if (typeof pool?.[method] === 'function') continue
        throw new UserError({ where: file, problem: `pool() must give an object with the method ${method}()` })
      }
      const idle = new Set<number>()
      return {
        add(instance, app, now, until) {
          idle.add(instance)
          call('add', () => pool.add(instance, app, now, until), app)
        },
        remove(instance) {
          idle.delete(instance)
          call('remove', () => pool.remove(instance))
        },
        forget: (instance) => call('forget', () => pool.forget(instance)),
        victim(spared) {
          const copy = spared === undefined ? undefined : new Set(spared)
          const victim: unknown = call('victim', () => pool.victim(copy))
          if (typeof victim === 'number' && idle.has(victim) && spared?.has(victim) !== true) return victim
          const problem = `victim() must give an idle instance of node ${node} that is not spared, found ${toldOf(victim)}`
          throw new UserError({ where: file, problem })
        },
      }
    },
  }
}

/** Copies of what does not change. Uses and the busy ones do, and nobody but eviction orders reads them. */
function factsOfItsOwn(facts: EvictionFacts, file: string): EvictionFacts {
  const ranked = (ranking: Ranking): IdlePool =>
    facts.ranked((...asked) => {
      const rank: unknown = ranking(...asked)
      if (typeof rank === 'number' && !Number.isNaN(rank)) return rank
      throw new UserError({ where: file, problem: `a rank must be a number, found ${toldOf(rank)}` })
    })
  return { ...facts, memoryMb: facts.memoryMb.slice(), loadingMs: facts.loadingMs.slice(), ranked }
}

/**
 * A user's own placement: what it throws names its file and method, the table of nodes that it reads is a copy, and the
 * node that it chooses must be one, and have the room.
 */
export function guardedPlacement(definition: PlacementDefinition, own: OwnCode): PlacementDefinition {
  const { file } = own
  const call = ownCall('placement', own)
  return {
    ...definition,
    create({ nodes, names, seed }) {
      const copy: NodeTable = {
        ...nodes,
        memory: nodes.memory.slice(),
        free: nodes.free.slice(),
        idle: nodes.idle.slice(),
      }
      const placement = call('create', () => definition.create({ nodes: copy, names, seed }))
      if (typeof placement?.choose !== 'function')
        throw new UserError({ where: file, problem: 'create() must give an object with the method choose()' })
      return {
        choose(app, units, evicts) {
          for (const column of ['memory', 'free', 'idle'] as const) copy[column].set(nodes[column])
          const node: unknown = call('choose', () => placement.choose(app, units, evicts), app)
          if (node === NOWHERE) return NOWHERE
          const isNode = typeof node === 'number' && Number.isInteger(node) && node >= 0 && node < nodes.count
          if (isNode && roomOn(nodes, node, evicts) >= units) return node
          const problem = isNode
            ? `choose() chose node ${node}, where ${roomOn(nodes, node, evicts)} of the ${units} units are ${evicts ? 'free or idle' : 'free'}`
            : `choose() must give a node from 0 to ${nodes.count - 1}, or ${NOWHERE} for none, found ${toldOf(node)}`
          throw new UserError({ where: file, problem })
        },
      }
    },
  }
}
