import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { say } from './output.ts'

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['explorer'],
}

/** Opens a file with the program that the desktop has for it; says so when there is none. */
export function openFile(path: string): void {
  const [program, ...first] = OPENERS[process.platform] ?? ['xdg-open']
  const opener = spawn(program, [...first, resolve(path)], { stdio: 'ignore', detached: true })
  opener.on('error', () => say(`There is no ${program} here; open ${path} yourself.`))
  opener.unref()
}
