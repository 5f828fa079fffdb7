import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { SKIPPED, SOCKET } from './engine-image.ts'

const TOOL = fileURLToPath(new URL('../../tools/engine-kills.ts', import.meta.url))

// The same with 100,000 calls and ten kills is a command of its own: node tools/engine-kills.ts
it.skipIf(SOCKET === undefined)(
  `an engine that is killed again and again lets no call be answered wrongly ${SOCKET === undefined ? SKIPPED : ''}`,
  () => {
    const { status, stdout } = spawnSync(process.execPath, [TOOL, '3000', '2'], { encoding: 'utf8' })
    expect(JSON.parse(stdout)).toMatchObject({ calls: 3000, kills: 2, wrong: [] })
    expect(status).toBe(0)
  },
  300_000,
)
