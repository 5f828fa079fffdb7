import { it } from 'vitest'

// What a policy is believed by: evidence.test.ts asks every policy of the list for both, in its own test file.

/** A test of an example that was worked out by hand. */
export const byHand: typeof it = it

/** A test against a naive version, which shares no code with the policy and works everything out anew. */
export const asNaive: typeof it = it
