import { type Fact, options, traceSize } from '../../report/comparison/provenance.ts'
import type { CurveStudy } from './curve-study.ts'

/** What the outputs of a curve state of where its figures come from. */
export function curveFacts({ eviction, model, seed, trace, version }: CurveStudy): readonly Fact[] {
  return [
    { term: 'trace', text: `${trace.id} (${trace.format}): ${traceSize(trace)}` },
    { term: 'digest', text: trace.digest },
    { term: 'model', text: options({ eviction, ...model }) },
    { term: 'seed', text: String(seed) },
    { term: 'version', text: `pilotlight ${version}` },
  ]
}
