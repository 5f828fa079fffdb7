// Loaded before a program with --import: kills it at one of its steps on the disk, counted from 1. PILOTLIGHT_KILL_AT says
// which; without it the number of steps is written to the file PILOTLIGHT_COUNT_STEPS as the program ends.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const STEPS = ['mkdir', 'rename', 'rm', 'link', 'open']
const killAt = Number(process.env.PILOTLIGHT_KILL_AT ?? 0)
let steps = 0
for (const name of STEPS) {
  const own = fs.promises[name]
  fs.promises[name] = (...args) => {
    // Opened to be read, or to be synced, is nothing on the disk.
    if (name !== 'open' || args.length > 1) steps += 1
    if (steps === killAt && killAt > 0) process.kill(process.pid, 'SIGKILL')
    return own(...args)
  }
}
syncBuiltinESMExports()
const countIn = process.env.PILOTLIGHT_COUNT_STEPS
if (countIn !== undefined) process.on('exit', () => fs.writeFileSync(countIn, String(steps)))
