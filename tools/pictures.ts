// Draws the pictures of the documentation from experiments of the project: npm run pictures.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TIMELINES, timelines } from './timelines.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pilotlight-pictures-'))

function pilotlight(...words: readonly string[]): void {
  const main = join(ROOT, 'src/cli/main.ts')
  const { status } = spawnSync(process.execPath, [main, ...words, '--quiet'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 2],
  })
  if (status !== 0) throw new Error(`pilotlight ${words.join(' ')} failed`)
}

try {
  mkdirSync(join(ROOT, 'docs/pictures'), { recursive: true })
  for (const [file, ids] of Object.entries(TIMELINES)) writeFileSync(join(ROOT, 'docs/pictures', file), timelines(ids))
  const figure = join(ROOT, 'experiments/paper/figure-15.yaml')
  pilotlight('run', figure)
  pilotlight('report', figure, '--format', 'svg,png')
  for (const type of ['svg', 'png'])
    copyFileSync(
      join(folder, `reports/paper-figure-15/cold-vs-memory.${type}`),
      join(ROOT, `docs/pictures/figure-15.${type}`),
    )
  const quickstart = join(ROOT, 'experiments/quickstart.yaml')
  pilotlight('run', quickstart)
  pilotlight('explain', quickstart, '--app', '0a468cfbf71e', '--out', 'why')
  const svg = readdirSync(join(folder, 'why')).find((name) => name.endsWith('.svg'))!
  copyFileSync(join(folder, 'why', svg), join(ROOT, 'docs/pictures/why-cold.svg'))
} finally {
  rmSync(folder, { recursive: true })
}
