#!/usr/bin/env node
import { UserError } from '../core/user-error.ts'
import { COMMANDS } from './commands/index.ts'
import { runTyped } from './parse.ts'

// A reader that has seen enough (`| head`) closes the pipe; that is no error of anyone's.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

try {
  await runTyped(process.argv.slice(2), COMMANDS)
} catch (error) {
  if (error instanceof UserError) {
    console.error(error.message)
    process.exitCode = 2
  } else {
    console.error(error)
    console.error('This is a bug in pilotlight. Please report it with the lines above.')
    process.exitCode = 1
  }
}
