import { SECOND } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { documentsIn, jsonFile, yamlFile } from '../files/export-file.ts'
import { LABEL } from '../files/name-rule.ts'
import type { Platform } from '../platform.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'

const IDLE = { knob: 'idle_timeout', minS: 1, maxS: 3600 }

/** Fn Project: api/models/fn.go and fnproject/cli common/funcfile.go; the timer of each container runs by itself. */
export const fn: Platform = {
  id: 'fn',
  title: 'Fn Project',
  summary: 'An idle time-out per function, 1 s to 1 h, for each container by itself.',
  sets: '`idle_timeout` in func.yaml, and as the body of `PUT /v2/fns/{id}`',
  lacks: 'Pre-warming, minimum instances, schedules. After a change of the time-out the next call is cold.',
  names: LABEL,
  settings: {
    app: { describe: 'The Fn app that has the functions.', default: 'pilotlight', pattern: /^[a-zA-Z0-9_-]{1,64}$/ },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 30 * SECOND, floor: NO_FLOOR, from: 'api/models/fn.go: 30 s' },
  write({ apps, settings }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, IDLE)
      return { name: app.name, seconds, notes: [note, ...fittedFloor(app, 'none', 0).notes] }
    })
    return {
      files: fitted.flatMap(({ name, seconds }) => [
        yamlFile(`functions/${name}/func.yaml`, [{ schema_version: 20180708, name, idle_timeout: seconds }]),
        jsonFile(`api/${name}.json`, { idle_timeout: seconds }),
      ]),
      notes: fitted.flatMap(({ notes }) => notes),
      apply: fitted.map(
        ({ name, seconds }) => `fn update function ${settings['app']} ${name} --idle-timeout ${seconds}`,
      ),
    }
  },
  read(files) {
    const functions = documentsIn(files, /^functions\/.*\/func\.yaml$/)
    return new Map(
      functions.map(({ name, idle_timeout: seconds }) => [
        String(name),
        { prewarmMs: 0, keepAliveMs: Number(seconds) * SECOND, floor: NO_FLOOR },
      ]),
    )
  },
}
