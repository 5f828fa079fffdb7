import { agreeing, counted } from '../../core/counted.ts'
import type { compareTargets, ExportedRun, Target } from '../../experiment/export-run.ts'
import type { Listing } from '../../export/files/present.ts'
import type { NameMap } from '../../export/files/deployed-names.ts'
import { type Arguments, type Command, FORCE_FLAG, JSON_FLAG } from '../arguments/command.ts'
import { openResults } from '../terminal/opened-results.ts'
import { print, printJson, say, terminalOptions } from '../terminal/output.ts'
import { idsOf } from './list.ts'

export const exportCommand: Command = {
  usage: 'export <experiment>',
  summary: "Writes a finished run's policy as the configuration of a platform, and simulates what that makes of it.",
  words: { experiment: 'An experiment (.yaml) that was run, or a store (.sqlite).' },
  flags: {
    run: { describe: 'Label of the run.', takes: 'label', required: true },
    to: {
      describe: 'Id of the platform; see pilotlight list platforms.',
      takes: 'platform',
      completes: idsOf('platforms'),
    },
    out: { describe: 'The folder to write to; new, empty, or of an earlier export.', takes: 'folder' },
    compare: { describe: 'Write nothing; print one table of what every platform would make of the run.' },
    present: { describe: 'A listing of what the platform has now, which is simulated and compared.', takes: 'file' },
    names: { describe: 'A mapping from apps of the trace to deployed names; see docs/export.md.', takes: 'file.yaml' },
    'time-zone': {
      describe: 'The time zone in which schedules tell the time; by default as the trace tells, else UTC.',
      takes: 'zone',
    },
    starts: {
      describe: 'When the trace begins, in that zone; by default as the trace tells, else "mon 00:00".',
      takes: '"day hh:mm"',
    },
    fit: {
      describe: 'Make the plan from the first part of the trace only, as in 7d, and judge it on the rest.',
      takes: 'duration',
    },
    trace: { describe: 'Where the trace is, if not where the experiment says.', takes: 'path' },
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  example: [
    'export experiments/quickstart.yaml --run hybrid-histogram --to knative --out reports/knative',
    'writes annotations of services, and compares the policy as designed, the default and the export',
  ],
  async run(args) {
    const { PLATFORMS } = await import('../../export/platforms/index.ts')
    const { startMinute } = await import('../arguments/start-minute.ts')
    const { demandTimeZone, namedZone } = await import('../../export/schedule/platform-zone.ts')
    const { minuteOfWeek } = await import('../../core/calendar.ts')
    const comparing = args.on('compare')
    const platform = comparing ? undefined : PLATFORMS.get(args.needed('to'), '--to')
    const zoneAsked = args.text('time-zone')
    const starts = args.text('starts')
    const asked = starts === undefined ? undefined : startMinute(starts)
    if (zoneAsked !== undefined) demandTimeZone(zoneAsked, '--time-zone')
    const names = await namesOf(args)
    const present = await presentOf(args)
    const folder = comparing ? undefined : args.needed('out')
    const { demandOwnFolder } = await import('../../files/own-folder.ts')
    if (folder !== undefined) await demandOwnFolder(folder, { force: args.on('force') })
    if (folder !== undefined && !args.on('force')) await demandNotApplied(folder)
    const { store, results } = await openResults(args.needed('experiment'))
    try {
      const { finishedRun } = await import('../../experiment/results.ts')
      const designed = finishedRun(results, args.needed('run'))
      const { plannedRuns } = await import('../../experiment/planned-runs.ts')
      const { foundBy } = await import('../trace/trace-of.ts')
      const { trace, runs } = await plannedRuns({
        ...foundBy(args),
        record: results.record,
        digests: [designed.digest],
      })
      const run = runs[0]!
      const { exportRun, shortTrace } = await import('../../experiment/export-run.ts')
      const { prices = null } = results.record
      const timeZone = zoneAsked ?? namedZone(trace.zone)
      const begins = asked ?? minuteOfWeek({ ...trace, zone: timeZone })
      const fitForMs = await fitOf(args, trace.horizonMs)
      const short = shortTrace(fitForMs ?? trace.horizonMs)
      const isScheduled = platform === undefined || platform.schedule !== undefined
      if (short !== undefined && isScheduled) say(`warning: ${short}`)
      const fitted = fitForMs === undefined ? {} : { fitForMs }
      const request = { trace, run, designed, prices, timeZone, startMinute: begins, ...fitted }
      if (platform === undefined || folder === undefined) return await showTargets(request, args)
      const listing = present === undefined ? {} : { present }
      await showExport(await exportRun({ ...request, platform, names, ...listing }), folder, args)
    } finally {
      store.close()
    }
  },
}

/** Refuses the folder of an export that was applied: what rollback.sh goes back to is in it, and would be written over. */
async function demandNotApplied(folder: string): Promise<void> {
  const { existsSync } = await import('node:fs')
  const { join } = await import('node:path')
  const { APPLIED } = await import('../../export/apply/scripts.ts')
  if (!existsSync(join(folder, APPLIED))) return
  const { UserError } = await import('../../core/user-error.ts')
  const problem = 'the export in it was applied, and its rollback.sh needs what is in before/'
  const hint = 'Choose another folder, run rollback.sh there first, or write over it with --force.'
  throw new UserError({ where: folder, problem, hint })
}

/** How much of the trace the plan is made of, where the rest is to judge it. */
async function fitOf(args: Arguments, horizonMs: number): Promise<number | undefined> {
  const text = args.text('fit')
  if (text === undefined) return undefined
  const { formatDuration, parseDuration } = await import('../../core/units.ts')
  const found = parseDuration(text)
  if (found !== undefined && found > 0 && found < horizonMs) return found
  const { UserError } = await import('../../core/user-error.ts')
  const problem = `expected a duration shorter than the trace, which lasts ${formatDuration(horizonMs)}, found ${JSON.stringify(text)}`
  throw new UserError({ where: '--fit', problem, hint: 'Write it as in 7d.' })
}

/** Objects of a cluster are some kilobytes each, and clusters have thousands. */
const MOST_LISTED_BYTES = 100_000_000
/** Names of tens of thousands of apps. */
const MOST_NAMED_BYTES = 20_000_000

/** What the platform has now, where a listing of it is given. */
async function presentOf(args: Arguments): Promise<Listing | undefined> {
  const where = args.text('present')
  if (where === undefined) return undefined
  const { readText } = await import('../../files/read-text.ts')
  const what = 'a listing of what the platform has (.json)'
  const hint = 'The present.sh of an export prints one.'
  return { where, text: await readText(where, { what, hint, mostBytes: MOST_LISTED_BYTES }) }
}

/** One table over all platforms: where would this policy live best? */
async function showTargets(request: Parameters<typeof compareTargets>[0], args: Arguments): Promise<void> {
  const { PLATFORMS } = await import('../../export/platforms/index.ts')
  const { compareTargets } = await import('../../experiment/export-run.ts')
  const targets: Target[] = []
  for await (const target of compareTargets(request, PLATFORMS.all)) {
    targets.push(target)
    if (!args.on('quiet')) say(`${targets.length} of ${PLATFORMS.all.length}: ${target.platform.id}`)
  }
  if (args.on('json')) {
    const found = targets.map(({ platform, made, comparison }) => {
      const { fidelity, refused } = made
      return {
        platform: platform.id,
        fidelity,
        refused: refused.length,
        runs: comparison.runs.map(({ label, totals, coldShare, relative, money }) => ({
          label,
          totals,
          coldShare,
          relative,
          money,
        })),
      }
    })
    return printJson({ schema: 1, run: request.run.label, targets: found })
  }
  const { targetTable } = await import('../terminal/target-table.ts')
  print(targetTable(targets))
}

async function namesOf(args: Arguments): Promise<NameMap> {
  const { OWN_NAMES, readNames } = await import('../../export/files/deployed-names.ts')
  const file = args.text('names')
  if (file === undefined) return OWN_NAMES
  const { readText } = await import('../../files/read-text.ts')
  return readNames(
    await readText(file, {
      what: 'a mapping of names (.yaml)',
      hint: 'docs/export.md shows one.',
      mostBytes: MOST_NAMED_BYTES,
    }),
    file,
  )
}

async function showExport({ made, comparison }: ExportedRun, folder: string, args: Arguments): Promise<void> {
  const { join } = await import('node:path')
  const { writeOwnFolder } = await import('../../files/own-folder.ts')
  const written = made.files.map(({ path, text }) => ({ path, content: text }))
  await writeOwnFolder(folder, written, { force: args.on('force'), isAll: true })
  const { platform, fidelity, refused } = made
  for (const { app, problem } of refused.slice(0, 5))
    say(`warning: ${app} is left as the platform keeps it: ${problem}.`)
  if (refused.length > 5)
    say(
      `warning: so ${agreeing(refused.length - 5, 'is', 'are')} ${counted(refused.length - 5, 'more app')}: see fidelity.json.`,
    )
  if (args.on('json')) {
    const { toJson } = await import('../../metrics/to-json.ts')
    const files = made.files.map(({ path }) => join(folder, path))
    return printJson({ schema: 1, platform, files, fidelity, refused, runs: toJson(comparison).runs })
  }
  const { textReport } = await import('../../report/comparison/text-report.ts')
  print(textReport(comparison, terminalOptions()))
  const kinds = Object.entries(fidelity).filter(([, apps]) => apps > 0)
  print(`fidelity  ${kinds.map(([kind, apps]) => `${apps} ${kind}`).join(', ')}`)
  if (!args.on('quiet'))
    say(`${counted(made.files.length, 'file is', 'files are')} in ${folder}; README.md says how to apply them.`)
}
