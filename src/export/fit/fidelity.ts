/** How well a platform can follow a plan, from the least loss to the greatest. */
export const FIDELITY_KINDS = ['exact', 'superset', 'clamped', 'schedule', 'floor', 'global'] as const
export type FidelityKind = (typeof FIDELITY_KINDS)[number]

/** What each kind of fidelity loses. */
export const FIDELITY_MEANING: Readonly<Record<FidelityKind, string>> = {
  exact: 'The window is written as it is, or rounded up to the platform’s unit.',
  superset:
    'Instances stay loaded for longer than the policy keeps them, for example during a pre-warming window. This costs memory.',
  clamped:
    'The policy’s value is out of the platform’s range, and the nearest value is written. This costs cold starts or memory.',
  schedule: 'Instances are held by the time of day and not by windows. Calls at other times are cold.',
  floor: 'One number of instances replaces a schedule. The time of day is lost.',
  global: 'One value holds for all apps. The differences between apps are lost.',
}

/** How one value of an app was written. */
export interface FidelityNote {
  /** The app's name in the trace. */
  readonly app: string
  /** The platform's own word for what was set, or `none` where it has nothing to set. */
  readonly knob: string
  readonly kind: FidelityKind
  /** What the plan wants, and what the files say, as texts for people. */
  readonly wanted: string
  readonly written: string
}

/** The kind of an app: that of its note with the greatest loss. */
export function kindOf(notes: readonly Pick<FidelityNote, 'kind'>[]): FidelityKind {
  const least = Math.max(0, ...notes.map(({ kind }) => FIDELITY_KINDS.indexOf(kind)))
  return FIDELITY_KINDS[least]!
}

/** The notes without those of the kind `exact` where another note of the app says that the same knob loses something. */
export function withoutContradictions(notes: readonly FidelityNote[]): readonly FidelityNote[] {
  const key = ({ app, knob }: FidelityNote): string => JSON.stringify([app, knob])
  const losing = new Set(notes.filter(({ kind }) => kind !== 'exact').map((note) => key(note)))
  return notes.filter((note) => note.kind !== 'exact' || !losing.has(key(note)))
}

/** How many apps there are of each kind. */
export function fidelityTotals(notes: readonly FidelityNote[]): Record<FidelityKind, number> {
  const totals = Object.fromEntries(FIDELITY_KINDS.map((kind) => [kind, 0])) as Record<FidelityKind, number>
  for (const [, ofApp] of Map.groupBy(notes, ({ app }) => app)) totals[kindOf(ofApp)] += 1
  return totals
}
