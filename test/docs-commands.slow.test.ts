import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pilotlight } from './cli/pilotlight.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const PAGES = ['tutorial-decision', 'tutorial-figure', 'tutorial-own-log', 'how-to', 'hybrid', 'paper', 'repeat']
/** Lines with more of the user's own than a checkout has. */
const OF_THE_READER = /results\/\*\.json/

function commands(page: string): string[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block!)
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('pilotlight ') && !OF_THE_READER.test(line))
}

/** The files that a page shows, by the names that it gives them in the text before. */
const FILES: Readonly<Record<string, readonly (readonly [name: string, language: string])[]>> = {
  'tutorial-decision': [['first-decision.yaml', 'yaml']],
  'tutorial-own-log': [['log.csv', 'csv']],
}

describe.each(PAGES)('docs/%s.md', (name) => {
  it('has commands that run one after the other, as they stand there', async () => {
    const page = readFileSync(join(ROOT, `docs/${name}.md`), 'utf8')
    const folder = mkdtempSync(join(tmpdir(), 'pilotlight-commands-'))
    try {
      for (const part of ['traces', 'experiments']) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
      for (const [file, language] of FILES[name] ?? []) {
        const block = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)![1]!
        writeFileSync(join(folder, file), block)
      }
      const lines = commands(page)
      expect(lines.length).toBeGreaterThan(0)
      for (const line of lines) {
        const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
        const { code, stderr } = await pilotlight(folder, ...words.slice(1))
        expect({ line, code, stderr: code === 0 ? '' : stderr }).toEqual({ line, code: 0, stderr: '' })
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 300_000)
})
