import { SECOND } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import type { Tool } from '../apply/tool.ts'
import { documentsOf, jsonFile } from '../files/export-file.ts'
import { namedListing } from '../files/listing.ts'
import { servedNote } from '../fit/demand.ts'
import type { Platform } from '../platform.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'

const IDLE = { knob: 'idle_timeout', minS: 1, maxS: 3600 }

function toolOf(app: string): Tool {
  return {
    needs: ['fn'],
    get: [`fn inspect function ${app} "$1"`],
    put: [`fn update function ${app} "$1" --idle-timeout "$(jq .idle_timeout "$2")"`],
  }
}

/** Fn Project: api/models/fn.go and fnproject/cli; the timer of each container runs by itself. */
export const fn: Platform = {
  id: 'fn',
  title: 'Fn Project',
  summary: 'An idle time-out per function, 1 s to 1 h, which counts per container.',
  sets: '`idle_timeout`, as the body of `PUT /v2/fns/{id}`',
  sources: [
    {
      about: 'keys',
      says: 'idle_timeout of 1 to 3600 s, and an update keeps what it does not name',
      at: 'fnproject/fn, api/models/fn.go',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: '30 s by default',
      at: 'fnproject/fn, api/models/fn.go at 4b545c30, SetDefaults',
      read: '2026-11-30',
    },
    { about: 'keys', says: 'func.yaml', at: 'fnproject/cli, common/funcfile.go at 07c248e1', read: '2026-11-30' },
  ],
  assumed: [{ about: 'requests', says: 'a container takes one call at a time' }],
  lacks: 'Pre-warming, minimum instances, schedules.',
  present: namedListing(
    ({ app }) => [
      `curl --fail --silent --show-error "$FN_API_URL/v2/fns?app_id=$(fn inspect app ${app} id | tr -d '"')&per_page=100"`,
    ],
    { key: 'name', lists: ['items'] },
  ),
  names: { pattern: /^[a-zA-Z0-9][-\w]{0,254}$/, words: 'at most 255 letters, digits, "-" and "_"' },
  settings: {
    app: { describe: 'The Fn app that has the functions.', default: 'pilotlight', pattern: /^[a-zA-Z0-9_-]{1,64}$/ },
  },
  byDefault: {
    concurrency: 1,
    prewarmMs: 0,
    keepAliveMs: 30 * SECOND,
    floor: NO_FLOOR,
    from: 'api/models/fn.go: 30 s',
  },
  write({ apps, settings }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, IDLE)
      const file = jsonFile(`functions/${app.name}.json`, { idle_timeout: seconds })
      return {
        name: app.name,
        file,
        notes: [note, ...servedNote(app, 'none', 1), ...fittedFloor(app, 'none', 0).notes],
      }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      changes: fitted.map(({ name, file }) => ({ object: name, patch: file.path })),
      tool: toolOf(settings['app']!),
      before: ['Hot containers do not survive a change of the time-out: the next call of each function is cold.'],
    }
  },
  read(files) {
    return new Map(
      [...documentsOf(files, 'functions')].map(([name, { idle_timeout: seconds }]) => [
        name,
        { prewarmMs: 0, keepAliveMs: Number(seconds ?? 30) * SECOND, floor: NO_FLOOR },
      ]),
    )
  },
}
