import { type Command, FORCE_FLAG, JSON_FLAG } from '../arguments/command.ts'
import { READING_FLAGS, readingOf } from '../trace/reading-flags.ts'
import { print, printJson, say } from '../terminal/output.ts'

export const calibrateCommand: Command = {
  usage: 'calibrate <trace..>',
  summary: 'Finds the window, concurrency and cold-start time that fit the cold starts that a trace has measured.',
  words: { trace: 'A trace that tells which invocations were cold; several files where its format has several.' },
  flags: {
    ...READING_FLAGS,
    out: {
      describe: 'Write an experiment whose baseline is the platform as it was found.',
      takes: 'file.yaml',
    },
    report: {
      describe:
        'Also write measured beside simulated cold starts, per app and over time, as CSV and SVG to this folder.',
      takes: 'folder',
    },
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  example: [
    'calibrate report.csv --out present.yaml',
    'finds how the platform keeps instances, and how well that explains it',
  ],
  async run(args) {
    const { calibrate } = await import('../../experiment/calibrate.ts')
    const { readShowing } = await import('../trace/read-showing.ts')
    const { beginProgress } = await import('../terminal/progress.ts')
    const paths = args.texts('trace')
    const folder = args.text('report')
    if (folder !== undefined) {
      const { demandOwnFolder } = await import('../../files/own-folder.ts')
      await demandOwnFolder(folder, { force: args.on('force') })
    }
    const out = args.text('out')
    const { existsSync } = await import('node:fs')
    if (out !== undefined && existsSync(out)) {
      const { UserError } = await import('../../core/user-error.ts')
      throw new UserError({ where: '--out', problem: `there is a file ${out} already`, hint: 'Choose another place.' })
    }
    const trace = await readShowing(paths, await readingOf(args), args.on('quiet'))
    const progress = await beginProgress('calibrating', { name: '%', size: 1 }, args.on('quiet'))
    const found = (() => {
      try {
        return calibrate(trace, (share) => progress.at(100 * share, 100))
      } finally {
        progress.end()
      }
    })()
    const { calibrationText, presentExperiment } = await import('../trace/calibration-text.ts')
    if (out !== undefined) {
      const { makeFiles } = await import('../../files/new-files.ts')
      const text = presentExperiment(trace, found, { path: paths[0]!, mapping: args.text('mapping'), out })
      await makeFiles([{ path: out, text }])
    }
    if (folder !== undefined) {
      const { writeCalibration } = await import('../trace/calibration-files.ts')
      const files = await writeCalibration(trace, found, folder, { force: args.on('force') })
      if (!args.on('quiet')) say(`Written: ${files.join(', ')}`)
    }
    if (args.on('json')) printJson({ schema: 1, trace: { id: trace.id, digest: trace.digest }, ...found })
    else print([calibrationText(found), ...(out === undefined ? [] : ['', `${out} written.`])].join('\n'))
  },
}
