import { VERSION } from '../core/version.ts'
import type { Comparison, RunSummary } from './comparison.ts'
import type { BoundThere, ResultOrigin, OriginFile } from './origin.ts'
import type { Judged, Spelt, TraceSummary } from './run.ts'
import { finite } from './to-json.ts'

/** What a card calls itself, and the id of the element of a page that holds one. */
export const CARD_KIND = 'pilotlight-card'

/** One run of a card. */
export interface CardRun {
  readonly label: string
  readonly variant: string
  readonly policy: string
  /** SHA-256 (hex) of the file of a policy of the user's own; null for a listed policy. */
  readonly policyFile: string | null
  /** Every parameter in force; durations in ms, infinite ones as the text `Infinity`. */
  readonly params: Readonly<Record<string, unknown>>
  /** Every option of the model in force. */
  readonly model: Readonly<Record<string, unknown>>
  /** The same as an experiment spells them. */
  readonly spelt: Spelt
  readonly seed: number
  /** The part of the trace that it was judged on, in ms from its beginning; null for the whole. */
  readonly judged: Judged | null
  /** SHA-256 (hex) of all that the result depends on. */
  readonly digest: string
  /** SHA-256 (hex) of the accounts of all apps; null where the card was made without them. */
  readonly ledger: string | null
  /** The version of the package that made the run. */
  readonly version: string
  /** Every metric in its unit, by its id; null where the run has none. */
  readonly metrics: Readonly<Record<string, number | null>>
  /** What nobody can beat with the run's idle memory; none where that is not known. */
  readonly bounds: readonly BoundThere[]
}

/** All that is needed to make runs again and to tell whether they are the same. */
export interface ResultCard {
  readonly kind: typeof CARD_KIND
  readonly schema: 1
  readonly experiment: string
  /** The version of the package that wrote the card, and of the model that made the runs. */
  readonly version: string
  readonly modelVersion: number | null
  /** The text of the experiment file; null for a comparison that none stands behind. */
  readonly source: string | null
  readonly command: string | null
  readonly trace: TraceSummary & {
    /** Its path as the experiment writes it. */
    readonly path: string | null
    readonly files: readonly OriginFile[]
  }
  /** Files of the user's own that the experiment names; a card holds their digests, and not what is in them. */
  readonly files: readonly OriginFile[]
  readonly baseline: { readonly label: string; readonly variant: string }
  readonly notes: readonly string[]
  readonly runs: readonly CardRun[]
  /** Labels of the runs that are not finished. */
  readonly unfinished: readonly string[]
}

/** The card of a comparison. */
export function resultCard(comparison: Comparison): ResultCard {
  const { experiment, trace, baseline, notes, runs, origin } = comparison
  const { id, format, digest, apps, functions, invocations, horizonMs } = trace
  return finite({
    kind: CARD_KIND,
    schema: 1,
    experiment,
    version: VERSION,
    modelVersion: origin?.modelVersion ?? null,
    source: origin?.source ?? null,
    command: origin?.command ?? null,
    trace: {
      id,
      format,
      digest,
      apps,
      functions,
      invocations,
      horizonMs,
      path: origin?.trace.path ?? null,
      files: origin?.trace.files ?? [],
    },
    files: origin?.files ?? [],
    baseline: { label: baseline.label, variant: baseline.variant },
    notes,
    runs: runs.map((run) => cardRun(run, origin)),
    unfinished: origin?.unfinished ?? [],
  }) as ResultCard
}

function cardRun(run: RunSummary, origin: ResultOrigin | undefined): CardRun {
  const { label, variant, policy, params, model, spelt, seed, judged, digest, version, metrics } = run
  const more = origin?.runs.get(digest)
  // How long a run took is no part of its result.
  const { 'wall-time': _wallTime, ...results } = metrics
  return {
    label,
    variant,
    policy,
    policyFile: more?.policyFile ?? null,
    params,
    model,
    spelt,
    seed,
    judged,
    digest,
    ledger: more?.ledger ?? null,
    version,
    metrics: results,
    bounds: more?.bounds ?? [],
  }
}
