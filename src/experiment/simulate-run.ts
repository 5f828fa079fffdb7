import { performance } from 'node:perf_hooks'
import { MODEL_VERSION, VERSION } from '../core/version.ts'
import type { Ledger } from '../engine/ledger.ts'
import { demandSound } from '../metrics/check-ledger.ts'
import type { FinishedRun } from '../metrics/run.ts'
import type { ParameterTable } from '../policy/parameters.ts'
import { chargedMemory } from '../sim/charged-memory.ts'
import { type Simulation, runSimulation, unitsOf } from '../sim/simulation.ts'
import { runDraws } from './draws.ts'
import { longestWindow } from './longest-window.ts'
import { optionsInForce } from './model-in-force.ts'
import { type RunSpec, runDigest, speltSpec, variantId } from './run-spec.ts'

/**
 * Simulates and gives the finished run, ready to be compared under its label. The digest of a policy that is not a
 * listed one covers its id and parameters, and its code only where `policyFile` is a digest of that. Throws what `simulate` throws.
 */
export function simulateRun<T extends ParameterTable>(
  label: string,
  simulation: Simulation<T>,
  policyFile?: string,
): FinishedRun {
  const began = performance.now()
  const ledger = runSimulation(simulation)
  return runOf(label, simulation, { ledger, wallMs: performance.now() - began, policyFile })
}

/** The accounts of a simulation, how long it took, and the digest of its policy's code. */
interface Simulated {
  readonly ledger: Ledger
  readonly wallMs: number
  readonly policyFile?: string | undefined
}

/** The finished run of a simulation that was made already. */
export function runOf<T extends ParameterTable>(
  label: string,
  { trace, model, policy, params, seed, accountFromMs = 0 }: Simulation<T>,
  { ledger, wallMs, policyFile }: Simulated,
): FinishedRun {
  const judged = accountFromMs === 0 ? null : { fromMs: accountFromMs, toMs: trace.horizonMs }
  const spec: RunSpec = {
    policy: policy.id,
    ...(policyFile === undefined ? {} : { policyFile }),
    params: params as RunSpec['params'],
    model: optionsInForce(model, trace),
    seed,
    ...(judged === null ? {} : { judge: judged }),
    trace: trace.digest,
    modelVersion: MODEL_VERSION,
  }
  demandSound(ledger, label)
  const memoryMb = chargedMemory(unitsOf(trace, model), model)
  const { horizonMs } = trace
  const { policy: id, model: inForce } = spec
  const digest = runDigest(spec)
  return {
    label,
    variant: variantId(spec),
    policy: id,
    params: params ?? {},
    model: inForce,
    spelt: speltSpec(spec, policy.parameters),
    seed,
    draws: runDraws(spec, trace),
    windowMs: longestWindow(spec, policy.parameters),
    judged,
    days: null,
    digest,
    version: VERSION,
    ledger,
    memoryMb,
    horizonMs,
    wallMs,
  }
}
