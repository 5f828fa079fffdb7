import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pilotlight } from '../../cli/pilotlight.ts'
import { type Study, study } from '../../cli/study.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
// Where CI is set the browser must be there: its absence fails the test.
const present = existsSync(CHROMIUM) || process.env['CI'] !== undefined
const because = present ? '' : ` (skipped: no Chromium at ${CHROMIUM}; set CHROMIUM to its path)`

describe.skipIf(!present)(`the page of a board in a real browser${because}`, () => {
  let here: Study
  beforeAll(async () => {
    here = study()
    here.write('nothing.json', '{}')
    for (const words of [
      ['run', 'study.yaml'],
      ['report', 'study.yaml', '--format', 'card'],
      ['board', 'reports/study/card.json', 'nothing.json', '--out', 'board'],
    ]) {
      const { code, stderr } = await pilotlight(here.folder, ...words, '--quiet')
      if (code !== 0) throw new Error(stderr)
    }
  })
  afterAll(() => here.remove())

  it('has nothing that axe finds fault with, wide and narrow, and is no wider than the screen', async () => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox'] })
    try {
      // The page itself lets no script in.
      const context = await browser.newContext({ bypassCSP: true })
      const page = await context.newPage()
      await page.goto(pathToFileURL(join(here.folder, 'board/index.html')).href)
      expect(await page.locator('#refused').count()).toBe(1)
      await page.evaluate(axe.source)
      for (const width of [1200, 390]) {
        await page.setViewportSize({ width, height: 844 })
        const found = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')
        expect(found, `${width} px`).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} px`).toBe(width)
      }
    } finally {
      await browser.close()
    }
  })
})
