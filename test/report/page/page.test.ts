import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/metrics/comparison.ts'
import { chartsFor } from '../../../src/report/charts/index.ts'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { plausibleComparison } from '../plausible-comparison.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
// Where CI is set the browser must be there: its absence fails the tests.
const present = existsSync(CHROMIUM) || process.env['CI'] !== undefined
const because = present ? '' : ` (skipped: no Chromium at ${CHROMIUM}; set CHROMIUM to its path)`

/** The labels of the table's rows, from above. */
async function labels(page: Page): Promise<(string | null)[]> {
  return await page.$$eval('#comparison tbody th', (heads) => heads.map((head) => head.getAttribute('data-value')))
}

describe.skipIf(!present)(`the page in a real browser${because}`, () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-page-'))
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Opens the page of a comparison from its file and waits until it has drawn; `complaints` gathers what goes wrong. */
  async function opened(comparison: Comparison): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
    const [file] = await RENDERERS.get('html', 'test').render(comparison)
    const path = join(folder, file!.name)
    writeFileSync(path, file!.bytes)
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(path).href)
    await page.waitForSelector('html[data-drawn=yes]', { timeout: 20_000 })
    return { page, complaints, requests }
  }

  it.each([
    ['one run', { runs: 1 }],
    ['eight runs', { runs: 8 }],
    ['markup and quotes in every text', { runs: 3, hostile: true }],
    ['nothing invoked', { runs: 2, cold: 'none' }],
    ['clusters', { runs: 8, cluster: true }],
  ] as const)('draws every chart, asks for nothing but itself and complains of nothing, with %s', async (_, look) => {
    const comparison = plausibleComparison(look)
    const { page, complaints, requests } = await opened(comparison)
    expect(complaints).toEqual([])
    expect(requests).toHaveLength(1)
    for (const { id } of chartsFor(comparison)) {
      const box = await page.locator(`#${id} svg`).boundingBox()
      expect(box!.width).toBeGreaterThan(400)
      expect(await page.locator(`#${id} svg text`).count()).toBeGreaterThan(0)
    }
    await page.close()
  })

  it('sorts the table by a column, both ways, and by label', async () => {
    const comparison = plausibleComparison({ runs: 5 })
    const { page } = await opened(comparison)
    const byCold = comparison.runs
      .toSorted((a, b) => a.totals.coldStarts - b.totals.coldStarts)
      .map(({ label }) => label)
    const heading = page.getByRole('button', { name: 'cold starts' }).first()
    await heading.click()
    expect(await labels(page)).toEqual(byCold)
    await heading.click()
    expect(await labels(page)).toEqual(byCold.toReversed())
    await page.getByRole('button', { name: 'run' }).first().click()
    expect((await labels(page))[0]).toBe('fixed(keepAlive=5m)')
    await page.close()
  })

  it('tells the figures of all runs where the pointer is, labels as they are', async () => {
    const { page, complaints } = await opened(plausibleComparison({ runs: 3, hostile: true }))
    const chart = page.locator('#loaded-memory svg')
    await chart.scrollIntoViewIfNeeded()
    const box = (await chart.boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3)
    await page.waitForSelector('#tip:not([hidden])')
    const names = await page.$$eval('#tip tr', (rows) => rows.map((row) => row.textContent))
    expect(names).toHaveLength(4)
    expect(names[1]).toContain(String.raw`</script><script>alert("1")</script> & 'quoted' \"twice" C:\new`)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows all columns when asked, and the dark colours', async () => {
    const { page } = await opened(plausibleComparison({ runs: 2 }))
    const loads = page.locator('#comparison thead th', { hasText: 'unused pre-warms' })
    expect(await loads.isVisible()).toBe(false)
    await page.check('#all-columns')
    expect(await loads.isVisible()).toBe(true)
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(await paper()).toBe('rgb(255, 255, 255)')
    await page.click('#theme')
    expect(await paper()).toBe('rgb(20, 23, 26)')
    await page.close()
  })
})
