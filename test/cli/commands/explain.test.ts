import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

let here: Study
beforeAll(async () => {
  here = study()
  const { code, stderr } = await pilotlight(here.folder, 'run', 'study.yaml')
  if (code !== 0) throw new Error(stderr)
})
afterAll(() => here.remove())

function written(path: string): string {
  return readFileSync(join(here.folder, path), 'utf8')
}

const explain = (...words: string[]) => pilotlight(here.folder, 'explain', 'study.yaml', ...words)

/** App a is invoked at 0, 5 and 30 minutes (see study.ts): idle for 5 minutes, then for 25. */
describe('pilotlight explain', () => {
  it('says for every run why an app was cold, and which windows it met', async () => {
    const { code, stdout, stderr } = await explain('--app', 'a')
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('fixed(keepAlive=10m)\n  2 of 3 cold: 1 first, 1 expired, at 00:30.\n')
    expect(stdout).toContain('fixed(keepAlive=30m)\n  1 of 3 cold: 1 first.\n')
    expect(stdout).toContain('none\n  3 of 3 cold: 1 first, 2 expired.\n')
    expect(stdout).toMatch(/00:30 +idle 25 min +windows: keep 10 min +expired: its window had passed/)
    expect(stdout).toContain('digest')
  })

  it('prints one JSON document whose cold starts are those of the accounts', async () => {
    const { stdout } = await explain('--app', 'a', '--run', 'fixed(keepAlive=10m),none', '--json')
    const { app, runs } = JSON.parse(stdout) as { app: string; runs: { label: string; arrivals: { cold: number }[] }[] }
    expect(app).toBe('a')
    const cold = runs.map(({ label, arrivals }) => [label, arrivals.reduce((sum, each) => sum + each.cold, 0)])
    expect(cold).toEqual([
      ['fixed(keepAlive=10m)', 2],
      ['none', 3],
    ])
  })

  it('writes text, picture and data to a folder', async () => {
    const { code, stderr } = await explain('--app', 'a', '--out', 'why')
    expect(code, stderr).toBe(0)
    const picture = written('why/explanation.svg')
    expect(picture).toContain('What happened to the app a')
    expect(picture).toContain('2 of 3 cold')
    expect(written('why/explanation.txt')).toContain('1 expired')
  })

  it('speaks Chinese where asked to, to people and not to programs', async () => {
    const { code, stdout, stderr } = await explain('--app', 'a', '--lang', 'zh', '--out', 'wei-shen-me')
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) })
    expect(stdout).toContain('3 次调用中有 2 次冷启动：首次装载 1 次，保活到期 1 次，在 00:30')
    // Labels, options and ids are those of the experiment.
    const english = stdout
      .replaceAll(/^.*(?:digest|pilotlight|摘要值|模型).*$/gm, '')
      .match(/\b[a-z]{2,} [a-z]{2,}\b/gi)
    expect(english).toBeNull()
    expect(written('wei-shen-me/explanation.txt')).toBe(stdout)
    expect(written('wei-shen-me/explanation.svg')).toContain('应用 a 的经过')
    expect(JSON.parse(written('wei-shen-me/explanation.json'))).toMatchObject({
      facts: expect.arrayContaining([{ term: 'seed', text: '1' }]),
    })
    expect((await explain('--worst', '5', '--lang', 'zh')).stdout).toMatch(/^应用 +运行 +冷启动 +最少/)
    expect((await explain('--app', 'a', '--lang', 'tlh')).code).toBe(2)
  })

  it('lists the apps that lose most against the best run for each', async () => {
    const { code, stdout, stderr } = await explain('--worst', '5')
    expect(code, stderr).toBe(0)
    expect(stdout.split('\n')[1]).toMatch(/^a +none +3 +1 +fixed\(keepAlive=30m\)$/)
    expect(stdout).not.toMatch(/^b /m)
  })

  it.each([
    ['an app that is none', ['--app', 'zzz'], 'no app has a name that begins with "zzz"'],
    ['a run that is none', ['--app', 'a', '--run', 'fixd(keepAlive=10m)'], 'Did you mean'],
    ['an empty prefix', ['--app', ''], 'found an empty text'],
  ])('refuses %s', async (_, words, problem) => {
    const { code, stderr } = await explain(...words)
    expect(stderr).toContain(problem)
    expect(code).toBe(2)
  })
})
