/** The public door of synthesis. */
export { SYNTH_DEFAULTS, type SynthFileOptions, type SynthOptions } from './options.ts'
export { appsFor } from './population.ts'
export { synthesizeTrace } from './synthesize-trace.ts'
export { writeSynth } from './write-synth.ts'
