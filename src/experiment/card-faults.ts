import type { CardRun, ResultCard } from '../metrics/card.ts'
import { type RunSpec, runDigest } from './run-spec.ts'

/** Why a run of a card cannot be what the card says, as a sentence; undefined where nothing speaks against it. */
export function cardFaultOf({ trace, modelVersion }: ResultCard, run: CardRun): string | undefined {
  const { policy, policyFile, params, model, seed, judged, digest, ledger, metrics } = run
  if (modelVersion === null || ledger === null) return 'It has no digest of its accounts, so nobody can verify it.'
  const spec = {
    policy,
    ...(policyFile === null ? {} : { policyFile }),
    params: numbersOf(params),
    model: numbersOf(model),
    seed,
    ...(judged === null ? {} : { judge: { fromMs: judged.fromMs, toMs: judged.toMs } }),
    trace: trace.digest,
    modelVersion,
  } as RunSpec
  if (runDigest(spec) !== digest) return 'Its digest is not that of what it says it depends on: the card was changed.'
  const [share, cold] = [metrics['cold-share'], metrics['cold-starts']]
  if (typeof cold === 'number' && cold > trace.invocations)
    return 'It has more cold starts than the trace has invocations.'
  if (typeof share === 'number' && (share < 0 || share > 100)) return 'Its share of cold starts is none.'
  return undefined
}

/** JSON has no number for what is infinite, and a card says it as a text. */
function numbersOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === 'Infinity' ? Number.POSITIVE_INFINITY : value]),
  )
}
