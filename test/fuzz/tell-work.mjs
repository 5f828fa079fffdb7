// Loaded before a program with --import: says on its fourth stream when work begins, which is when it loads the program of
// stores or changes something on the disk. What came before is start-up, in which there is nothing to kill.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

let told = false
const tell = () => {
  if (!told) fs.writeSync(3, '.')
  told = true
}
const { dlopen } = process
process.dlopen = (module, file, ...rest) => {
  if (file.includes('sqlite')) tell()
  return dlopen.call(process, module, file, ...rest)
}
for (const name of ['mkdir', 'rename', 'rm', 'link', 'open']) {
  const own = fs.promises[name]
  fs.promises[name] = (...args) => {
    tell()
    return own(...args)
  }
}
syncBuiltinESMExports()
