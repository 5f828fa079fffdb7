import type { Command } from '../arguments/command.ts'
import { calibrateCommand } from './calibrate.ts'
import { boardCommand } from './board.ts'
import { boundsCommand } from './bounds.ts'
import { checkPolicyCommand } from './check-policy.ts'
import { compareCommand } from './compare.ts'
import { chooseCommand } from './choose.ts'
import { completionCommand } from './completion.ts'
import { curveCommand } from './curve.ts'
import { dataCommand } from './data.ts'
import { downloadCommand } from './download.ts'
import { explainCommand } from './explain.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { initCommand } from './init.ts'
import { liveCommand } from './live.ts'
import { listCommand } from './list.ts'
import { mergeCommand } from './merge.ts'
import { newCommand } from './new.ts'
import { reportCommand } from './report.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { sourceCommand } from './source.ts'
import { studyCommand } from './study.ts'
import { synthCommand } from './synth.ts'
import { submitCommand } from './submit.ts'
import { traceCommand } from './trace.ts'
import { tuneCommand } from './tune.ts'
import { verifyCommand } from './verify.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  reportCommand,
  compareCommand,
  chooseCommand,
  explainCommand,
  dataCommand,
  sourceCommand,
  verifyCommand,
  boardCommand,
  studyCommand,
  exportCommand,
  curveCommand,
  boundsCommand,
  tuneCommand,
  importCommand,
  initCommand,
  calibrateCommand,
  traceCommand,
  synthCommand,
  downloadCommand,
  listCommand,
  newCommand,
  checkPolicyCommand,
  liveCommand,
  mergeCommand,
  submitCommand,
  schemaCommand,
  completionCommand,
]
