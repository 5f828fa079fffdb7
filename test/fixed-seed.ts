import fc from 'fast-check'

/**
 * Properties draw the same examples on every run, so that a run that fails can be made again and none fails by chance.
 * PILOTLIGHT_SEED draws others.
 */
fc.configureGlobal({ seed: Number(process.env['PILOTLIGHT_SEED'] ?? 2026) })
