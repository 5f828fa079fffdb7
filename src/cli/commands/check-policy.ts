import { UserError } from '../../core/user-error.ts'
import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { print, printJson } from '../terminal/output.ts'

export const checkPolicyCommand: Command = {
  usage: 'check-policy <file>',
  summary: 'Tests a policy of your own: types, windows, parts, clock and chance, saved state, and speed.',
  words: { file: 'A policy of your own, as in ./my-policy.ts.' },
  flags: { json: JSON_FLAG },
  example: ['check-policy ./experiments/my-policy.ts', 'tells what of it holds and what does not'],
  async run(args) {
    const file = args.needed('file')
    const { loadOwnPolicy } = await import('../../config/own-policy.ts')
    const { definition, path, sha256 } = await loadOwnPolicy(file, 'pilotlight check-policy')
    const { checksApart } = await import('../own-policy/checks-apart.ts')
    const { checkTypes } = await import('../own-policy/policy-types.ts')
    const types = path.endsWith('.json') ? [] : [await checkTypes(path)]
    const checks = [...types, ...(await checksApart({ file: path, sha256 }))]
    const failed = checks.filter(({ passed }) => passed === false)
    if (args.on('json')) {
      printJson({ schema: 1, policy: definition.id, sha256, passed: failed.length === 0, checks })
    } else {
      const lines = checks.map(({ check, passed, found }) => `${mark(passed)} ${check}\n       ${found}`)
      print([`${definition.id}: ${definition.summary}`, ...lines].join('\n'))
    }
    if (failed.length === 0) return
    const problem = `${failed.length} of ${checks.length} checks failed: ${failed.map(({ check }) => check).join('; ')}`
    throw new UserError({ where: file, problem, hint: 'docs/own-policy.md says what a policy must keep to.' })
  },
}

function mark(passed: boolean | null): string {
  if (passed === null) return '-     '
  return passed ? 'ok    ' : 'FAILED'
}
