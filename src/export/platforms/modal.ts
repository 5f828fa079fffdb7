import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { jsonFile } from '../files/export-file.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/** The program apply.py. A function keeps the settings that it does not name. */
const APPLY = `# Sets the autoscaler of deployed functions: python apply.py [--dry-run]
# The next "modal deploy" takes its settings from the code again: write them there as well.
import json
import pathlib
import sys

for name, scale in json.loads(pathlib.Path(__file__).with_name("functions.json").read_text()).items():
    app = scale.pop("app")
    print(app, name, scale)
    if "--dry-run" not in sys.argv[1:]:
        import modal

        modal.Function.from_name(app, name).update_autoscaler(**scale)
`

/** Modal: modal.com/docs/guide/scale and the reference of Function.update_autoscaler (read in November 2026). */
export const modal: Platform = plainPlatform({
  id: 'modal',
  title: 'Modal',
  summary: 'A scale-down window per function, 2 s to 20 min, and a minimum of containers.',
  sets: '`scaledown_window` and `min_containers` of a function, by `update_autoscaler`',
  sources: [
    {
      about: 'keys',
      says: 'min_containers, buffer_containers and max_containers; functions go to zero by default',
      at: 'modal.com/docs/guide/scale',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: '60 s by default',
      at: 'modal.com/docs/guide/scale, as public repositories quote it',
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'keys', says: 'a window of 2 s to 20 min; a quoted error of its server says 3,600 s at most' }],
  lacks:
    'Pre-warming, schedules: a function of yours must call update_autoscaler by the time of day. The present settings cannot be read.',
  present:
    'Modal has no call that prints the settings of a function: they are in its code, or are those of the last update_autoscaler.',
  names: { pattern: /^[a-zA-Z_][\w.-]{0,63}$/, words: 'at most 64 letters, digits, "_", "." and "-"' },
  settings: {
    app: { describe: 'The Modal app that has the functions.', default: 'pilotlight', pattern: /^[\w.-]{1,64}$/ },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: MINUTE, floor: NO_FLOOR, from: 'scaledown_window: 60 s' },
  window: { knob: 'scaledown_window', minS: 2, maxS: 1200 },
  floor: { knob: 'min_containers' },
  patch: ({ seconds, instances }) => ({ scaledown_window: seconds, min_containers: instances }),
  read: (scale) => ({
    seconds: Number(scale['scaledown_window'] ?? 60),
    instances: Number(scale['min_containers'] ?? 0),
  }),
  files: (all, { app }) => [
    { path: 'apply.py', text: APPLY },
    jsonFile(
      'functions.json',
      Object.fromEntries(
        all.map((each) => [each.app.name, { app, scaledown_window: each.seconds, min_containers: each.instances }]),
      ),
    ),
  ],
  byHand: () => [
    'python apply.py --dry-run # prints what would be set; what is set now cannot be read',
    'python apply.py',
    '# To keep it, write the numbers of functions.json into the decorators: @app.function(scaledown_window=…, min_containers=…)',
  ],
  back: 'There is no rollback.sh, since Modal does not print what was set. What your code says holds again after the next modal deploy: run it.',
  before: [
    'What is set by apply.py holds until the next modal deploy, which takes the settings of your code.',
    'Containers of a minimum are charged while they are idle.',
  ],
})
