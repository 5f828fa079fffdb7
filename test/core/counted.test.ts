import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { agreeing, counted } from '../../src/core/counted.ts'

it('one thing is called otherwise than several', () => {
  expect([0, 1, 2].map((count) => counted(count, 'app'))).toEqual(['0 apps', '1 app', '2 apps'])
  expect(counted('1,049', 'app')).toBe('1,049 apps')
  expect([1, 2].map((count) => counted(count, 'idle time was', 'idle times were'))).toEqual([
    '1 idle time was',
    '2 idle times were',
  ])
  expect(`the ${agreeing(1, 'run', 'runs')}`).toBe('the run')
})

/** What sentences count, which may also be one. */
const NOUNS =
  'apps|runs|functions|invocations|files|events|rows|shards|days|cards|parts|instances|columns|claims|calls|arrivals'
/** Counts that cannot be 1 where they are told, and why. */
const SEVERAL = [
  // Told only of more than one.
  'found.length} apps have names',
  'names.length} files, such as',
  // Above a limit.
  'count} invocations in minute',
  'invocations} invocations are too many',
  'formatCount(trace.invocations)} invocations, and only',
  'all.length} functions ask for it',
  'peakInstances} instances at once',
  // Of rules that do not speak of one.
  'invocations at a time',
  'most} invocations a day',
  // Of all models and invocations of a trace of many.
  'sum(invocations)} invocations cold',
]

it('no sentence of the source counts one thing as several', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const found = files.flatMap((path) =>
    [
      ...readFileSync(join(source, path), 'utf8').matchAll(
        new RegExp(`\\$\\{[^{}]*[a-z][^{}]*\\} (?:${NOUNS})\\b.*`, 'g'),
      ),
    ]
      .map(([text]) => text)
      .filter((text) => SEVERAL.every((known) => !text.includes(known)))
      .map((text) => `${path}: ${text}`),
  )
  expect(found).toEqual([])
})
