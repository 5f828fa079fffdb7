import { byApp } from './by-app.ts'
import { byTime } from './by-time.ts'
import { caching } from './caching.ts'
import { instances } from './instances.ts'
import { paper } from './paper.ts'
import { paperByGaps } from './paper-by-gaps.ts'
import { paperInTime } from './paper-in-time.ts'
import { quietly } from './quietly.ts'
import type { Replay } from './replay.ts'

/** Every way of replaying a trace, the fastest first. A simulation takes the first that suits; the last suits always. */
export const replays: readonly Replay[] = [paperByGaps, paper, paperInTime, caching, instances, quietly, byApp, byTime]
