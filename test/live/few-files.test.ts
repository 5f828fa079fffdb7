import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { connectionsFor, mostOpenFiles } from '../../src/live/open-files.ts'

const SERVES = fileURLToPath(new URL('few-files.ts', import.meta.url))

describe('an adapter that may open too few files', () => {
  it('goes on while none can be opened, tells each caller why, and serves all again afterwards', () => {
    const limited = ['-c', 'ulimit -n 150; exec "$0" "$@"', process.execPath, SERVES]
    const { stdout, stderr, status } = spawnSync('sh', limited, { encoding: 'utf8', timeout: 60_000 })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      before: '200',
      // The first is warm, and cannot be reached; the others cannot be started.
      meanwhile: ['429 tooMany', '503 backend', '503 backend', '503 backend'],
      // The first of them began before, and its socket appeared meanwhile.
      after: ['200', '200', '200', '200', '200', '200'],
      failures: ['backend', 'backend', 'backend'],
      isSaved: true,
    })
  }, 60_000)

  it('accepts as many connections as it could serve, each with another one to an instance', () => {
    expect(connectionsFor(20_000, 0)).toBe((20_000 - 128) / 2)
    expect(connectionsFor(1024, 100)).toBe((1024 - 128 - 400) / 2)
    expect(connectionsFor(Number.POSITIVE_INFINITY, 100)).toBe(Number.POSITIVE_INFINITY)
    expect(connectionsFor(64, 100)).toBe(8)
  })

  it.skipIf(process.platform !== 'linux')('knows how many files it may open', () => {
    const told = Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout)
    expect(mostOpenFiles()).toBeGreaterThanOrEqual(told)
  })
})
