import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { appOf } from '../deployed.ts'
import { withServing } from '../serving.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
// Where CI is set the browser must be there: its absence fails the test.
const present = existsSync(CHROMIUM) || process.env['CI'] !== undefined
const because = present ? '' : ` (skipped: no Chromium at ${CHROMIUM}; set CHROMIUM to its path)`

describe.skipIf(!present)(`the admin page in a real browser${because}`, () => {
  it('shows each app’s instances and windows as they change, and what they print', async () => {
    const app = appOf('process', 'fn', 'fdk', { name: 'shown' })
    const printing = appOf('process', 'http', 'http-server', { name: 'printing', functions: ['printing'] })
    await withServing('process', [app, printing], {}, async (here) => {
      const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--headless', '--no-sandbox', '--disable-gpu'],
      })
      try {
        const page = await browser.newPage()
        const errors: string[] = []
        page.on('pageerror', ({ message }) => errors.push(message))
        await page.goto(`${here.url}/admin`)
        await page.waitForSelector('#apps tr')
        const cells = (): Promise<string[]> => page.locator('#apps tr td').allTextContents()
        expect((await cells()).slice(0, 2)).toEqual(['shown', 'none'])
        await here.call('shown')
        await page.getByRole('cell', { name: 'idle' }).waitFor()
        const [name, instances, memory, , kept, , keepAlive, calls, cold] = await cells()
        expect([name, instances, memory]).toEqual(['shown', 'idle', '256'])
        expect([keepAlive, calls, cold]).toEqual(['10.0 min', '1', '1'])
        const about = (await page.locator('#about').textContent()) ?? ''
        expect(about).toContain(`${here.config.name} on process`)
        expect(about).toContain('policy fixed (keepAlive 600000), seed 1 · 256 of 4096 MB · 0 calls under way')
        expect(kept).toMatch(/^(10\.0|9\.9) min$/)
        await here.call('printing/printing/print/first')
        await page.locator('#whose').selectOption('printing')
        await page.getByText('printed first').waitFor()
        await here.call('printing/printing/print/second')
        await page.getByText('printed second').waitFor()
        await page.locator('#whose').selectOption('')
        expect(await page.locator('#printed').textContent()).toBe('')
        expect(errors).toEqual([])
      } finally {
        await browser.close()
      }
    })
  })
})
