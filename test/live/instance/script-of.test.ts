import { describe, expect, it } from 'vitest'
import { scriptOf } from '../../../src/live/instance/script-of.ts'
import { appOf, withBackend } from '../deployed.ts'

const NEEDS = { port: true, callback: false }

describe('the script of a command', () => {
  it('is the first word of an interpreter that is no option', () => {
    const found = {
      'node server.mjs --port 1': ['server.mjs'],
      '/usr/bin/node --max-old-space-size=100 a/b.js': ['a/b.js'],
      'node server': ['server', 'server.js', 'server.json', 'server.node'],
      'python3 -u app.py': ['app.py'],
      'python3.12 pkg': ['pkg'],
      'bash ./run.sh': ['./run.sh'],
      'bun index.ts': ['index.ts'],
    }
    for (const [command, paths] of Object.entries(found)) expect(scriptOf(command.split(' ')), command).toEqual(paths)
  })

  it('is not guessed at where the words do not tell it', () => {
    for (const command of [
      'python3 -m flask',
      'bun run dev',
      'node -e 0',
      'sh -c x.sh',
      'node --import x.js y.js',
      '/app/serve x.js',
      'node',
    ])
      expect(scriptOf(command.split(' ')), command).toEqual([])
    expect(scriptOf(['sh', '-x', 'node x.js'])).toEqual([])
    expect(scriptOf([])).toEqual([])
  })

  it('is told at the start of the adapter where it is missing', async () => {
    await withBackend('process', async (backend) => {
      const app = appOf('process', 'http', 'http-server')
      await expect(backend.check({ ...app, command: [process.execPath, 'nowhere.mjs'] }, NEEDS)).rejects.toThrow(
        `apps.tested: there is no script "nowhere.mjs" in ${app.folder}`,
      )
      await backend.check(app, NEEDS)
      await backend.check({ ...app, command: [process.execPath, 'vitest.config.ts'] }, NEEDS)
    })
  })
})
