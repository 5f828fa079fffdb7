// Draws the pictures of the documentation from experiments of the project: npm run pictures.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { TIMELINES, timelines } from './timelines.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pilotlight-pictures-'))

/** Wide enough for the chips and the controls of a page to stand in one row each. */
const PAGE_WIDTH = 1300
const MARGIN = 12

function pilotlight(...words: readonly string[]): void {
  const main = join(ROOT, 'src/cli/main.ts')
  const { status } = spawnSync(process.execPath, [main, ...words, '--quiet'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 2],
  })
  if (status !== 0) throw new Error(`pilotlight ${words.join(' ')} failed`)
}

/** A report's page from its verdict to the end of its first chart, as a browser shows it. */
async function pictureOfPage(html: string, png: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: PAGE_WIDTH, height: 1000 }, colorScheme: 'light' })
    await page.goto(pathToFileURL(html).href)
    await page.waitForSelector('html[data-drawn]')
    const top = (await page.locator('#verdict').boundingBox())!.y - MARGIN
    const chart = (await page.locator('#decision-chart > svg').boundingBox())!
    const height = Math.ceil(chart.y + chart.height + MARGIN - top)
    await page.screenshot({ path: png, clip: { x: 0, y: top, width: PAGE_WIDTH, height } })
  } finally {
    await browser.close()
  }
}

try {
  mkdirSync(join(ROOT, 'docs/pictures'), { recursive: true })
  for (const [file, ids] of Object.entries(TIMELINES)) writeFileSync(join(ROOT, 'docs/pictures', file), timelines(ids))
  const figure = join(ROOT, 'experiments/paper/figure-15.yaml')
  pilotlight('run', figure)
  pilotlight('report', figure, '--format', 'svg')
  copyFileSync(join(folder, 'reports/paper-figure-15/cold-vs-memory.svg'), join(ROOT, 'docs/pictures/figure-15.svg'))
  for (const [lang, picture] of [
    ['en', 'report-page.png'],
    ['zh', 'report-page.zh.png'],
  ] as const) {
    pilotlight('report', figure, '--format', 'html', '--lang', lang, '--force')
    await pictureOfPage(join(folder, 'reports/paper-figure-15/index.html'), join(ROOT, 'docs/pictures', picture))
  }
  const quickstart = join(ROOT, 'experiments/quickstart.yaml')
  pilotlight('run', quickstart)
  pilotlight('explain', quickstart, '--app', '0a468cfbf71e', '--out', 'why')
  const svg = readdirSync(join(folder, 'why')).find((name) => name.endsWith('.svg'))!
  copyFileSync(join(folder, 'why', svg), join(ROOT, 'docs/pictures/why-cold.svg'))
} finally {
  rmSync(folder, { recursive: true })
}
