#!/usr/bin/env node
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { UserError } from '../core/user-error.ts'
import { refused } from '../files/system-error.ts'
import { tellFailure } from './failure.ts'

/** As package.json has it under `engines`. */
const OLDEST_NODE = 22

// A reader that has seen enough (`| head`) closes the pipe, which is no error of anyone's: without results to print
// there is nothing left to do, while a run goes on without its progress.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw refused('standard output', 'written', error)
})
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.on('uncaughtException', (error) => {
  process.exitCode = tellFailure(error)
  process.exit()
})

try {
  demandNode()
  // Half of the time of a short command is compiling. Modules that are loaded from here on are compiled once and kept.
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/pilotlight', import.meta.url)))
  const { COMMANDS } = await import('./commands/index.ts')
  const { runTyped } = await import('./arguments/parse.ts')
  await runTyped(process.argv.slice(2), COMMANDS)
} catch (error) {
  process.exitCode = tellFailure(error)
}

/** An older Node.js crashes in a package made for later ones, without a word. */
function demandNode(): void {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return
  const problem = `expected version ${OLDEST_NODE} or later, found ${process.version}`
  throw new UserError({ where: 'Node.js', problem, hint: 'npm run pilotlight -- … brings a version of its own.' })
}
