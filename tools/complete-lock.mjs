// Adds the other platforms' optional binaries to package-lock.json.
// Why: where the registry at hand does not carry them, npm leaves them out of the lock, and `npm ci` then
// refuses the lock on every machine. An entry without integrity is fetched by name and version where it fits.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// The folder of the lock, which a word may name: the project itself, or test/export/independent.
const file = join(process.argv[2] ?? '.', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix']
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'loong64', 'mips64el']

function platformOf(name) {
  const words = name.split('/').at(-1).split('-')
  const os = systems.filter((system) => words.includes(system))
  const cpu = processors.filter((processor) => words.includes(processor))
  if (words.includes('musleabi') || words.includes('gnueabihf') || words.includes('musleabihf'))
    cpu.splice(0, cpu.length, 'arm')
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : []
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }) }
}

let added = 0
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`${path}/node_modules/${name}`] || lock.packages[`node_modules/${name}`]) continue
    const platform = platformOf(name)
    if (!platform.os && !platform.cpu) throw new Error(`${path}: cannot tell the platform of ${name}`)
    if (!/^\d/.test(version))
      throw new Error(`${path}: ${name} is asked for as ${version}, an exact version was expected`)
    lock.packages[`node_modules/${name}`] = { version, ...(entry.dev && { dev: true }), optional: true, ...platform }
    added += 1
  }
}
const root = lock.packages['']
lock.packages = {
  '': root,
  ...Object.fromEntries(
    Object.entries(lock.packages)
      .filter(([path]) => path)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} optional packages of other platforms added to ${file}`)
