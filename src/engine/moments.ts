/** Before every moment: what it stands for did not happen yet, or is not planned. A fraction, so that V8 keeps doubles. */
export const NOT_YET = -0.5

/** After every moment. */
export const NEVER = Number.POSITIVE_INFINITY
