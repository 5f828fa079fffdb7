/** The version of this package, printed by every output; a test holds it equal to package.json's. */
export const VERSION = '0.1.0'

/** Changes whenever the same trace, options and seed may give another result; part of every run's digest. */
export const MODEL_VERSION = 3
