import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { MAIN, pilotlight } from '../pilotlight.ts'

const SAMPLE = fileURLToPath(new URL('../../../traces/sample', import.meta.url))
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const present = existsSync(CHROMIUM) || process.env['CI'] !== undefined
const because = present ? '' : ` (skipped: no Chromium at ${CHROMIUM}; set CHROMIUM to its path)`

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-serve-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Status and text of an answer, for a request with any host and path. */
async function asked(url: string, path: string, host?: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url)
  return await new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host }
    request({ hostname, port, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode!, text }))
    })
      .on('error', reject)
      .end()
  })
}

async function served(file: string, ...words: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN, 'serve', file, '--json', ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const part of child.stdout!) {
    text += String(part)
    if (text.trimEnd().endsWith('}')) break
  }
  return { child, url: (JSON.parse(text) as { url: string }).url }
}

it('is served in the language that was asked for, while it waits and then', async () => {
  const file = join(folder, 'spoken.yaml')
  writeFileSync(join(folder, 'spoken.csv'), 'app,function,start_ms,duration_ms\na,f,0,1\na,f,900000,1\n')
  writeFileSync(file, 'name: spoken\ntrace: { path: spoken.csv }\npolicies: [{ policy: fixed, keepAlive: 10m }]\n')
  const { child, url } = await served(file, '--lang', 'zh')
  try {
    const waiting = (await asked(url, '/')).text
    expect(waiting).toContain('<html lang="zh-Hans">')
    expect(waiting).toContain('实验还没有开始运行。')
    expect((await pilotlight(folder, 'run', file, '--jobs', '1')).code).toBe(0)
    const page = (await asked(url, '/')).text
    expect(page).toContain('<html lang="zh-Hans" data-served="yes">')
    expect(page).toContain('冷启动')
  } finally {
    child.kill('SIGINT')
  }
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(0)
}, 60_000)

describe.skipIf(!present)(`a served page${because}`, () => {
  it('waits for the runs, shows them when they are there, explains an app, and ends when interrupted', async () => {
    const file = join(folder, 'served.yaml')
    writeFileSync(
      file,
      `name: served\ntrace: { path: ${SAMPLE} }\nmodel: { kind: paper }\npolicies: [{ policy: fixed, keepAlive: [10m, 20m] }]\nbaseline: fixed(keepAlive=10m)\nseed: 1\n`,
    )
    const { child, url } = await served(file)
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--headless', '--no-sandbox', '--disable-gpu'],
    })
    try {
      expect((await asked(url, '/')).text).toContain('There is nothing to compare yet')
      expect((await asked(url, '/', 'elsewhere.example')).status).toBe(403)
      expect((await asked(url, '/../../etc/passwd')).status).toBe(404)
      const page = await browser.newPage()
      const errors: string[] = []
      page.on('pageerror', ({ message }) => errors.push(message))
      await page.goto(url)
      expect((await pilotlight(folder, 'run', file, '--jobs', '1')).code).toBe(0)
      await page.waitForSelector('html[data-drawn=yes]', { timeout: 30_000 })
      await page.click('#apps > summary')
      await page.locator('#app-table tbody th button').first().click()
      const strip = page.locator('.strip svg[role=img]')
      await strip.first().waitFor({ timeout: 30_000 })
      expect(await strip.count()).toBe(2)
      expect(await strip.first().locator('.cold').getAttribute('d')).toMatch(/^M/)
      expect(errors).toEqual([])
    } finally {
      await browser.close()
      child.kill('SIGINT')
    }
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  }, 120_000)
})
