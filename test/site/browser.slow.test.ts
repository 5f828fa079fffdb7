import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeOwnFolder } from '../../src/files/own-folder.ts'
import { siteFiles } from '../../tools/site/site-files.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const present = existsSync(CHROMIUM)
const because = present ? '' : ` (skipped: no Chromium at ${CHROMIUM}; set CHROMIUM to its path)`

describe.skipIf(!present)(`the site in a real browser${because}`, () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-site-'))
    await writeOwnFolder(folder, await siteFiles(), { force: true })
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function opened(name: string) {
    const page = await browser.newPage()
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(join(folder, name)).href)
    return { page, complaints, requests }
  }

  it('simulates the sample as the command does, draws it anew with the slider, and sends nothing', async () => {
    const { page, complaints, requests } = await opened('try.html')
    await page.waitForSelector('html[data-ready=yes]', { timeout: 60_000 })
    // What README.md shows of the same runs.
    expect(await page.textContent('#figures')).toContain('fixed 10 min5,2603,066,539')
    expect(await page.textContent('#figures')).toContain('hybrid, range 4 h1,0492,143,365')
    await page.fill('#keep-alive', '7')
    expect(await page.textContent('#figures')).toContain('fixed 20 min2,6613,475,633')
    expect(Number(await page.getAttribute('html', 'data-took'))).toBeLessThan(1000)
    expect(await page.locator('#picture circle').count()).toBe(15)
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [page.url()] })
  }, 120_000)

  it('takes a file of the reader, and says what is wrong with another', async () => {
    const { page, complaints } = await opened('try.html')
    await page.waitForSelector('html[data-ready=yes]', { timeout: 60_000 })
    const file = join(folder, 'mine.csv')
    writeFileSync(file, 'app,start_ms\na,0\na,300000\n')
    await page.setInputFiles('#file', file)
    await page.getByText('mine.csv: 1 app, 2 invocations').waitFor()
    writeFileSync(file, 'nothing')
    await page.setInputFiles('#file', file)
    await page.waitForSelector('html[data-ready=refused]')
    expect(await page.textContent('#said')).toContain('mine.csv: expected a header with app and start_ms')
    expect(complaints).toEqual([])
  }, 120_000)

  it('is searched without a network, by keyboard', async () => {
    const { page, complaints } = await opened('index.html')
    await page.keyboard.press('/')
    await page.keyboard.type('verify card colleague')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/how-to\.html#repeat-a-colleagues-run$/)
    expect(complaints).toEqual([])
  }, 60_000)
})
