import { parentPort, workerData } from 'node:worker_threads'
import { contentDigest, traceFromParts, type TraceParts } from '../trace-parts.ts'

// A thread that makes the digest of the trace it is given, says it, and ends.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(contentDigest(traceFromParts(workerData as TraceParts)))
