import { createHash } from 'node:crypto'
import { streamOf } from '../../core/random.ts'
import { OWNERS_PER_APP } from './published-shares.ts'

/** The name of an owner, app or function: 64 hexadecimal digits, as in the data set. */
export function hashOf(seed: number, key: string): string {
  return createHash('sha256').update(`pilotlight synth ${seed} ${key}`).digest('hex')
}

/**
 * The owner of an app. Most apps have an owner of their own; the others belong to the owner of some earlier app, which
 * gives a few owners many apps, and the same owner whatever the number of apps.
 */
export function ownerOf(seed: number, index: number): string {
  let app = index
  for (;;) {
    const stream = streamOf(seed, `owner of app ${app}`)
    if (app === 0 || stream.uniform() < OWNERS_PER_APP) return hashOf(seed, `owner ${app}`)
    app = Math.floor(stream.uniform() * app)
  }
}
