import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'

// Every bench in a process of its own, so that none runs on code or memory that another one shaped. Name some to run
// only those: `npm run bench -- day paper`. Of `paper` policies may be named as well: `npm run bench -- paper:kpa,mpc`.
const NOT_BENCHES = ['main.ts', 'figure.ts']
const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !NOT_BENCHES.includes(file))
const asked = new Map(process.argv.slice(2).map((word) => [word.split(':', 1)[0]!, word.split(/[:,]/).slice(1)]))
const wanted = [...asked.keys()]
const unknown = wanted.filter((name) => !all.includes(`${name}.ts`))
if (unknown.length > 0) {
  console.error(
    `bench: no bench called ${unknown.join(', ')}. There are: ${all.map((file) => file.slice(0, -3)).join(', ')}.`,
  )
  process.exit(2)
}

console.log(`Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}, one core each`)
for (const file of all.filter((each) => wanted.length === 0 || wanted.includes(each.slice(0, -3)))) {
  console.log(`\n${file.slice(0, -3)}`)
  const words = [`${import.meta.dirname}/${file}`, ...(asked.get(file.slice(0, -3)) ?? [])]
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
