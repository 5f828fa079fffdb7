import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../../src/language/index.ts'
import type { Comparison } from '../../../src/metrics/comparison.ts'
import { chartsFor } from '../../../src/report/charts/index.ts'
import type { Material } from '../../../src/report/renderer.ts'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { type Look, plausibleAccounts, plausibleComparison } from '../plausible-comparison.ts'

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

/** The texts of all elements that match. */
async function texts(page: Page, selector: string): Promise<string[]> {
  return await page.$$eval(selector, (found) => found.map((each) => each.textContent ?? ''))
}

/** What the choice of a reader shows in. */
async function seen(page: Page): Promise<unknown[]> {
  return [
    await labels(page),
    await page.locator('#pair select').first().inputValue(),
    await page.locator('#pair select').last().inputValue(),
    await texts(page, '#decision-answer'),
    await texts(page, '#comparison thead th'),
    await texts(page, '#difference'),
  ]
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
  async function opened(
    comparison: Comparison,
    { hash = '', ...material }: Material & { hash?: string } = {},
    hasTouch = false,
  ) {
    const [file] = await RENDERERS.get('html', 'test').render(comparison, material)
    const path = join(folder, file!.name)
    writeFileSync(path, file!.bytes)
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, hasTouch })
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(path).href + hash)
    await page.waitForSelector('html[data-drawn=yes]', { timeout: 20_000 })
    await page.waitForSelector('html[data-time=yes]', { timeout: 20_000 })
    return { page, complaints, requests }
  }

  it.each([
    ['one run', { runs: 1 }],
    ['eight runs in clusters', { runs: 8, cluster: true }],
    ['markup and quotes in every text', { runs: 3, hostile: true }],
    ['nothing invoked', { runs: 2, cold: 'none' }],
  ] as const)('draws every part, asks for nothing but itself and complains of nothing, with %s', async (_, look) => {
    const comparison = plausibleComparison(look)
    const { page, complaints, requests } = await opened(comparison)
    await page.click('#figures > summary')
    await page.waitForSelector('html[data-figures=yes]')
    for (const id of ['decision-chart', 'time-chart', ...chartsFor(comparison).map((chart) => chart.id)]) {
      if (id === 'cold-vs-memory' || id === 'loaded-memory') continue
      const box = await page.locator(`#${id} svg`).first().boundingBox()
      expect(box!.width, id).toBeGreaterThan(400)
      expect(await page.locator(`#${id} svg text`).count(), id).toBeGreaterThan(0)
    }
    expect(complaints).toEqual([])
    expect(requests).toHaveLength(1)
    await page.close()
  })

  it('has nothing that axe finds fault with, wide and narrow, light and dark', async () => {
    const look: Look = { runs: 6, cluster: true }
    const { page } = await opened(plausibleComparison(look), { apps: plausibleAccounts(look) })
    await page.click('#apps > summary')
    await page.click('#app-table tbody th button')
    await page.evaluate(axe.source)
    for (const [width, theme] of [
      [1200, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 844 })
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    }
    await page.close()
  })

  it('sets the apps of A and B against each other, in sentences, as a picture and as a table that opens an app', async () => {
    const look: Look = { runs: 3 }
    const comparison = plausibleComparison(look)
    const apps = plausibleAccounts(look)
    const [one, other] = comparison.runs
    const [a, b] = [one!, other!].map(({ digest }) => [...apps.runOf(digest)!.ledger.coldStarts])
    const differences = a!.map((cold, app) => cold - b![app]!)
    const hash = `#a=${one!.digest.slice(0, 10)}&b=${other!.digest.slice(0, 10)}`
    const { page, complaints } = await opened(comparison, { apps, hash })
    await page.focus('#by-app > summary')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#by-app svg[role=img]')
    const more = differences.filter((by) => by > 0)
    const sentence = await page.locator('#by-app .sentence').textContent()
    expect(sentence).toContain(
      `more for ${more.length} (${more.reduce((x, y) => x + y, 0).toLocaleString('en-US')} more`,
    )
    expect(await page.locator('#by-app svg').getAttribute('aria-label')).toBe(sentence)
    const most = differences.map((by, app) => [Math.abs(by), `app-${app}`] as const).toSorted(([x], [y]) => y - x)[0]!
    const first = page.locator('#by-app-table tbody button').first()
    expect(await first.textContent()).toBe(most[1])
    await first.focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('#app-table td.opened')
    expect(await page.locator('#app-table button[aria-expanded=true]').textContent()).toBe(most[1])
    // Every app is in some circle.
    const circles = await page.$$eval('#by-app circle', (found) => found.length)
    expect(circles).toBeGreaterThan(5)
    expect(circles).toBeLessThanOrEqual(differences.length)
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  it('has no English sentence in Chinese once its script has drawn every part', async () => {
    const look: Look = { runs: 4, measured: true, bounded: true }
    const { page, complaints } = await opened(plausibleComparison(look, LANGUAGES.get('zh', 'test')), {
      apps: plausibleAccounts(look),
    })
    for (const part of ['#by-app', '#apps', '#figures', '#column-chooser']) await page.click(`${part} > summary`)
    await page.waitForSelector('html[data-figures=yes]')
    await page.fill('#budget', '70')
    await page.press('#budget', 'Enter')
    await page.click('#app-table tbody th button')
    await page.waitForSelector('.strip .hint')
    await page.hover('#decision-chart svg', { position: { x: 100, y: 100 } })
    // What vega tells within a figure is not read: the figure itself has a label, as pictures have.
    const shown = await page.evaluate(`[
      document.body.innerText,
      ...[...document.querySelectorAll('[aria-label]:not(figure *), [title]')].map((each) => each.getAttribute('aria-label') ?? each.title),
    ].join('\\n')`)
    const kept =
      /pilotlight (source|verify|run|data|explain \S+ --app \S+)|Trace-driven simulation of serverless keep-alive|Trace plausible/g
    const english = String(shown)
      .replaceAll(kept, '')
      .replaceAll(/\w+=\S*/g, '=')
      .match(/\b[a-z]{2,} [a-z]{2,}\b/gi)
    expect(english).toBeNull()
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows when an app was loaded and cold, with no server, for the apps that are told over time', async () => {
    const look: Look = { runs: 3 }
    const comparison = plausibleComparison(look)
    const apps = plausibleAccounts(look)
    const [name] = apps.namesOf(apps.runOf(comparison.runs[0]!.digest)!)
    const runs = comparison.runs.map(({ digest }) => ({
      key: digest.slice(0, 10),
      sentence: '2 of 3 cold.',
      arrivals: [0, 1000, 2000],
      cold: [0, 2000],
      loaded: [0, 400, 1000, 1400],
    }))
    const strips = [{ app: name!, fromMs: 0, toMs: 86_400_000, midnightMs: 0, runs }]
    const { page, requests } = await opened(comparison, { apps, strips })
    await page.click('#apps > summary')
    await page.selectOption('#app-controls select', 'told')
    const buttons = page.locator('#app-table tbody th button')
    await expect.poll(() => buttons.count()).toBe(1)
    await buttons.click()
    const lanes = page.locator('.strip svg[role=img]')
    await lanes.first().waitFor()
    expect(await lanes.count()).toBe(3)
    expect((await lanes.first().locator('path.cold').getAttribute('d'))!.match(/M/g)).toHaveLength(2)
    expect((await lanes.first().locator('path.warm').getAttribute('d'))!.match(/M/g)).toHaveLength(1)
    expect(await lanes.first().getAttribute('aria-label')).toContain('2 of 3 cold.')
    expect(requests).toHaveLength(1)
    await page.close()
  })

  it('sorts the table by a column, both ways, by label, and back to the frontier', async () => {
    const comparison = plausibleComparison({ runs: 5 })
    const { page } = await opened(comparison)
    const usual = await labels(page)
    const byCold = comparison.runs
      .toSorted((a, b) => a.totals.coldStarts - b.totals.coldStarts)
      .map(({ label }) => label)
    const heading = page.locator('#comparison [data-sort="cold-starts"]')
    await heading.click()
    expect(await labels(page)).toEqual(byCold)
    await heading.click()
    expect(await labels(page)).toEqual(byCold.toReversed())
    await heading.click()
    expect(await labels(page)).toEqual(usual)
    await page.locator('#comparison [data-sort="label"]').click()
    expect((await labels(page))[0]).toBe('fixed(keepAlive=5m)')
    await page.close()
  })

  it('keeps pair, budget, order and columns in the address, which shows the same again', async () => {
    const comparison = plausibleComparison({ runs: 5 })
    const { page } = await opened(comparison)
    await page.locator('#comparison tbody tr').nth(2).getByRole('button', { name: 'A:' }).click()
    await page.locator('#comparison tbody tr').nth(0).getByRole('button', { name: 'B:' }).click()
    await page.locator('#comparison [data-sort="idle-memory"]').click()
    await page.fill('#budget', '150')
    await page.press('#budget', 'Enter')
    await page.click('#column-chooser > summary')
    await page.getByRole('checkbox', { name: 'unused pre-warms' }).check()
    const before = await seen(page)
    const again = await opened(comparison, { hash: new URL(page.url()).hash })
    expect(await seen(again.page)).toEqual(before)
    expect(before[4]).toContain('unused pre-warms')
    expect(String(before[3])).toMatch(/idle memory at most 150 % of base, the best by cold starts is/)
    await page.close()
    await again.page.close()
  })

  it('moves the budget with the pointer, and names the best run within it', async () => {
    const comparison = plausibleComparison({ runs: 6 })
    const { page } = await opened(comparison)
    await page.locator('#decision-chart').scrollIntoViewIfNeeded()
    const handle = (await page.locator('#decision-chart .handle').boundingBox())!
    await page.mouse.move(handle.x + handle.width - 20, handle.y + handle.height / 2)
    await page.mouse.down()
    await page.mouse.move(handle.x + handle.width - 20, handle.y - 60, { steps: 4 })
    await page.mouse.up()
    const budget = Number(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('budget'))
    expect(budget).toBeGreaterThan(0)
    const figures = comparison.runs.map(({ label, metrics }) => ({
      label,
      x: metrics['cold-starts']!,
      y: metrics['idle-memory-relative']!,
    }))
    const allowed = figures.filter(({ y }) => y <= budget).toSorted((a, b) => a.x - b.x || a.y - b.y)
    const [answer] = await texts(page, '#decision-answer')
    expect(answer).toContain(allowed.length === 0 ? 'No run keeps to' : `is ${allowed[0]!.label} (`)
    await page.close()
  })

  it('names A in the chart also where there are more marks than names', async () => {
    const { page } = await opened(plausibleComparison({ runs: 24 }))
    const [one, other] = [page.locator('#pair select').first(), page.locator('#pair select').last()]
    // The last of the list are nobody's frontier.
    await one.selectOption({ index: 22 })
    await other.selectOption({ index: 23 })
    const named = await page.locator('#decision-chart text.name').allTextContents()
    expect(named.length).toBeLessThan(await page.locator('#decision-chart .mark').count())
    expect(named).toContain(await one.locator('option:checked').textContent())
    await page.close()
  })

  it('names both of two runs on a narrow screen, where neither the budget nor a bound covers a mark or a name', async () => {
    const { page } = await opened(plausibleComparison({ runs: 2, bounded: true }))
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => page.locator('#decision-chart text.name').count()).toBe(2)
    const boxes = await page.$$eval('#decision-chart :is(.grip, .name, .bound-name, .ring)', (all) =>
      all.map((each) => {
        const { left, right, top, bottom } = each.getBoundingClientRect()
        return { what: each.textContent || each.getAttribute('class')!, left, right, top, bottom }
      }),
    )
    expect(boxes.map(({ what }) => what)).toEqual(expect.arrayContaining(['grip', 'ring', 'Perfect foresight']))
    const covered = boxes.flatMap((one, at) =>
      boxes.slice(at + 1).flatMap((other) => {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
        return across > 1 && down > 1 ? [`${one.what} and ${other.what}`] : []
      }),
    )
    expect(covered).toEqual([])
    await page.close()
  })

  it('drags the budget also from a mark and onto a mark, and takes a press on that mark for one on the mark', async () => {
    const { page } = await opened(plausibleComparison({ runs: 6 }))
    await page.locator('#decision-chart').scrollIntoViewIfNeeded()
    const chosen = () => new URLSearchParams(new URL(page.url()).hash.slice(1))
    const runA = () => page.locator('#pair select').first().inputValue()
    const marks = await page.$$eval('#decision-chart .mark', (all) =>
      all.map((mark) => {
        const { x, y, width, height } = mark.getBoundingClientRect()
        return { x: x + width / 2, y: y + height / 2, letter: mark.querySelector('.letter')?.textContent ?? '' }
      }),
    )
    const [low, high] = [marks.toSorted((a, b) => b.y - a.y)[0]!, marks.toSorted((a, b) => a.y - b.y)[0]!]
    const handle = page.locator('#decision-chart .handle')
    const atHandle = async () => (await handle.boundingBox())!.y + 11
    // Chosen by the reader, since run A follows the budget otherwise.
    const before = (await page.locator('#pair select').first().locator('option').first().getAttribute('value'))!
    await page.locator('#pair select').first().selectOption(before)
    // Onto the mark that is lowest.
    await page.mouse.move(low.x, await atHandle())
    await page.mouse.down()
    await page.mouse.move(low.x, low.y, { steps: 5 })
    await page.mouse.up()
    expect(await atHandle()).toBeCloseTo(low.y, -1)
    expect(await runA()).toBe(before)
    const budget = Number(chosen().get('budget'))
    // And from there, where the mark lies on the line, as far up as the highest one.
    await page.mouse.move(low.x, low.y)
    await page.mouse.down()
    await page.mouse.move(low.x, high.y, { steps: 5 })
    await page.mouse.up()
    expect(Number(chosen().get('budget'))).toBeGreaterThan(budget)
    expect(await runA()).toBe(before)
    // A press that does not move is one on the mark below the line.
    const other = marks.find(({ letter }) => letter === '')!
    await page.mouse.move(other.x, await atHandle())
    await page.mouse.down()
    await page.mouse.move(other.x, other.y, { steps: 5 })
    await page.mouse.up()
    const kept = chosen().get('budget')
    await page.mouse.click(other.x, other.y)
    expect(await runA()).not.toBe(before)
    expect(chosen().get('budget')).toBe(kept)
    await page.close()
  })

  it('names the bounds that it draws, says whom they bound, and cuts them off where the plot ends', async () => {
    const { page } = await opened(plausibleComparison({ runs: 3, bounded: true }))
    const chart = page.locator('#decision-chart > svg')
    await chart.scrollIntoViewIfNeeded()
    expect(await chart.locator('.bound-name').allTextContents()).toEqual(['Perfect foresight'])
    expect(await page.locator('.hint', { hasText: 'Dotted lines' }).textContent()).toBe(
      'Dotted lines are bounds of run A. Perfect foresight: bounds every policy that looks ahead.',
    )
    const [line, whole] = [await chart.locator('.bound').boundingBox(), await chart.boundingBox()]
    // The line goes on far above the picture, which shows none of that.
    expect(line!.y).toBeLessThan(whole!.y)
    const overflow = `getComputedStyle(document.querySelector('#decision-chart > svg svg')).overflow`
    expect(await page.evaluate(overflow)).toBe('hidden')
    await page.close()
    const { page: plain } = await opened(plausibleComparison({ runs: 3 }))
    expect(await plain.locator('.hint', { hasText: 'Dotted lines' }).count()).toBe(0)
    await plain.close()
  })

  it('tells the figures where the pointer is, labels as they are', async () => {
    const { page, complaints } = await opened(plausibleComparison({ runs: 3, hostile: true }))
    const chart = page.locator('#time-chart svg')
    await chart.scrollIntoViewIfNeeded()
    const box = (await chart.boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3)
    await page.waitForSelector('#tip:not([hidden])')
    const names = await texts(page, '#tip tr')
    expect(names.join(' ')).toContain(String.raw`</script><script>alert("1")</script> & 'quoted' \"twice" C:\new`)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('lists the apps that lose most by run A, and opens one with what each run did to it', async () => {
    const look: Look = { runs: 6 }
    const comparison = plausibleComparison(look)
    const apps = plausibleAccounts(look)
    const { page, complaints } = await opened(comparison, {
      apps,
      hash: `#a=${comparison.runs[0]!.digest.slice(0, 10)}`,
    })
    await page.click('#apps > summary')
    await page.waitForSelector('#app-table tbody tr')
    const cold = comparison.runs.map(({ digest }) => apps.runOf(digest)!.ledger.coldStarts)
    const regrets = [...cold[0]!].map((count, app) => ({
      app,
      regret: count - Math.min(...cold.map((column) => column[app]!)),
    }))
    const worst = regrets.toSorted((a, b) => b.regret - a.regret || a.app - b.app)[0]!
    const [first] = await texts(page, '#app-table tbody tr:first-child th')
    expect(first).toBe(`app-${worst.app}`)
    await page.locator('#app-table tbody th button').first().click()
    const opened6 = await texts(page, '.opened tbody tr')
    expect(opened6).toHaveLength(6)
    expect(opened6[0]).toMatch(/^A {2}fixed\(keepAlive=5m\)/)
    expect(await texts(page, '.strip code')).toEqual([`pilotlight explain plausible.yaml --app app-${worst.app}`])
    await page.fill('#app-search', 'app-59')
    expect(await texts(page, '#app-table > tbody > tr > th')).toEqual(['app-59'])
    expect(complaints).toEqual([])
    await page.close()
  })

  it('says how much an app loses by run A against the runs of the same world', async () => {
    const look: Look = { runs: 6, worlds: true }
    const comparison = plausibleComparison(look)
    const apps = plausibleAccounts(look)
    // The second run is of instances, where every run has the same cold starts.
    const at = comparison.runs[1]!.digest.slice(0, 10)
    const { page, complaints } = await opened(comparison, { apps, hash: `#a=${at}` })
    await page.click('#apps > summary')
    await page.waitForSelector('#app-table tbody tr')
    const heads = await texts(page, '#app-table thead th')
    const regret = heads.indexOf('regret of A')
    expect(regret).toBeGreaterThan(0)
    const found = await texts(page, `#app-table > tbody > tr > :nth-child(${regret + 1})`)
    expect(new Set(found)).toEqual(new Set(['0']))
    expect(complaints).toEqual([])
    await page.close()
  })

  it.each(['mouse', 'touch'] as const)(
    'opens the app that is pressed next after a budget was typed, by %s',
    async (by) => {
      const look: Look = { runs: 6 }
      const { page, complaints } = await opened(
        plausibleComparison(look),
        { apps: plausibleAccounts(look) },
        by === 'touch',
      )
      await page.click('#apps > summary')
      const button = page.locator('#app-table tbody th button').nth(3)
      const name = await button.textContent()
      // As high as it gets, so that no redraw moves the rows.
      await page.fill('#budget', '150')
      await (by === 'mouse' ? button.click() : button.tap())
      await page.waitForSelector('#app-table td.opened')
      expect(await page.locator('#app-table button[aria-expanded=true]').textContent()).toBe(name)
      expect(await texts(page, '#decision-answer')).toEqual([expect.stringContaining('150 % of base')])
      expect(complaints).toEqual([])
      await page.close()
    },
  )

  it('prints on two pages', async () => {
    const { page } = await opened(plausibleComparison({ runs: 12 }))
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(2)
    await page.close()
  })
})
