import type { Stretch } from './replay.ts'

/** Tells the share of apps that is done, after every 64th of them. */
export function tellOfApps({ from, to }: Stretch, onProgress: (done: number) => void): (app: number) => void {
  return (app) => {
    if (app % 64 === 63) onProgress((app + 1 - from) / (to - from))
  }
}

/** Tells the share of minutes that is done. */
export function tellOfMinutes(horizonMs: number, onProgress: (done: number) => void): (minute: number) => void {
  return (minute) => onProgress(Math.min(1, ((minute + 1) * 60_000) / horizonMs))
}
