import { type Arguments, type Command, JSON_FLAG } from '../arguments/command.ts'
import { interrupted } from '../terminal/interrupted.ts'
import { print, printJson } from '../terminal/output.ts'

type Action = (args: Arguments) => Promise<void>

/** What can be done with a live file. */
const ACTIONS: Readonly<Record<string, Action>> = {
  serve: serveLive,
  check: checkLive,
  reload: reloadLive,
  replay: replayLive,
  validate: validateLive,
}

/** Apps that may be added or changed while an adapter runs. */
const SPARE = 256

export const liveCommand: Command = {
  usage: 'live <action> <file>',
  summary: 'Runs a policy in front of real processes and containers.',
  words: { action: `What to do: ${Object.keys(ACTIONS).join(', ')}.`, file: 'A live file (.yaml).' },
  completes: { action: async () => Object.keys(ACTIONS) },
  flags: { json: JSON_FLAG },
  example: [
    'live serve experiments/live/example.yaml',
    'serves the functions of a live file over HTTP until it is interrupted',
  ],
  async run(args) {
    const { registry } = await import('../../core/registry.ts')
    const actions = registry(
      'action',
      Object.entries(ACTIONS).map(([id, act]) => ({ id, summary: '', act })),
    )
    await actions.get(args.needed('action'), 'pilotlight live').act(args)
  },
}

async function serveLive(args: Arguments): Promise<void> {
  const { readLiveFile } = await import('../../config/live-file.ts')
  const { serve } = await import('../../live/serve.ts')
  const { logLine } = await import('../terminal/log-line.ts')
  const config = await readLiveFile(args.needed('file'))
  // Signals count from here on: instances start before the first line says that it listens.
  const isToEnd = interrupted()
  const reread = (): Promise<typeof config> => readLiveFile(args.needed('file'))
  const log = args.on('quiet') ? () => undefined : logLine
  const serving = await serve(config, { log, reread, spare: SPARE })
  process.on('SIGHUP', () => {
    serving.reload().catch((error: Error) => log({ event: 'not reloaded', why: error.message }))
  })
  if (args.on('json')) printJson({ schema: 1, url: serving.url, name: config.name })
  else print(`${config.name} listens at ${serving.url}`)
  await isToEnd
  await serving.close()
}

async function checkLive(args: Arguments): Promise<void> {
  const { readLiveFile } = await import('../../config/live-file.ts')
  const { checkFile, checkText } = await import('../live/live-check.ts')
  const checked = await checkFile(await readLiveFile(args.needed('file')), args)
  if (args.on('json')) printJson(checked)
  else print(checkText(checked))
  if (checked.apps.some(({ ok }) => !ok)) process.exitCode = 2
}

async function reloadLive(args: Arguments): Promise<void> {
  const { readLiveFile } = await import('../../config/live-file.ts')
  const { askToReload } = await import('../live/live-reload.ts')
  const changed = await askToReload(await readLiveFile(args.needed('file')))
  if (args.on('json')) return printJson({ schema: 1, ...changed })
  const lines = Object.entries(changed).map(([what, apps]) => `${what}: ${(apps as string[]).join(', ') || 'none'}`)
  print(lines.join('\n'))
}

async function replayLive(args: Arguments): Promise<void> {
  const { readLiveFile } = await import('../../config/live-file.ts')
  const { replayFile } = await import('../live/replay-file.ts')
  const recording = await replayFile(await readLiveFile(args.needed('file')), args)
  if (args.on('json')) printJson(recording)
  else print(recording.files.join('\n'))
}

async function validateLive(args: Arguments): Promise<void> {
  const { readLiveFile } = await import('../../config/live-file.ts')
  const { validateFile } = await import('../live/replay-file.ts')
  const { validationText } = await import('../live/validation-text.ts')
  const validation = await validateFile(await readLiveFile(args.needed('file')))
  if (args.on('json')) printJson(validation)
  else print(validationText(validation))
}
