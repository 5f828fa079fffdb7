import { nearest } from '../core/registry.ts'
import { MINUTE } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import { policies } from '../policy/policies/index.ts'
import type { Experiment } from '../config/experiment-file.ts'
import { canonicalLabel } from './label.ts'
import { type Variant, variant } from './variant.ts'

/** The paper's baseline, which is run as well when an experiment neither names another nor has it. */
const STANDARD = { policy: policies.get('fixed', 'baseline'), keepAlive: 10 * MINUTE, label: 'fixed(keepAlive=10m)' }

/** The variant that the others are compared with; not one of them when it has to be run as well. */
export function baselineOf({ baseline, models }: Experiment, variants: readonly Variant[]): Variant {
  if (baseline === undefined) {
    const isStandard = ({ entry, params }: Variant): boolean =>
      entry.definition === STANDARD.policy && params['keepAlive'] === STANDARD.keepAlive
    const entry = { definition: STANDARD.policy, params: [], ownOptions: [], files: {}, where: models[0]!.where }
    const params = { keepAlive: STANDARD.keepAlive }
    return variants.find(isStandard) ?? variant(STANDARD.label, entry, params, [])
  }
  const wanted = canonicalLabel(baseline.label)
  const found =
    variants.find(({ label }) => label === baseline.label) ??
    variants.find(({ label }) => canonicalLabel(label) === wanted)
  if (found !== undefined) {
    const other = variants.find(({ label, id }) => label === found.label && id !== found.id)
    if (other === undefined) return found
    throw new UserError({
      where: baseline.where,
      problem: `two policies have the label ${JSON.stringify(found.label)}`,
      hint: 'Give the one that is the baseline a label of its own.',
    })
  }
  const labels = variants.map(({ label }) => label)
  const near = nearest(baseline.label, labels)
  throw new UserError({
    where: baseline.where,
    problem: `no run has the label ${JSON.stringify(baseline.label)}`,
    hint: `${near === undefined ? '' : `Did you mean "${near}"? `}The labels are: ${labels.join(', ')}.`,
  })
}
