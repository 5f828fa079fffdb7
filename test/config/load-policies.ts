// Loads the policies named on its command line as the command does, and prints what is wrong with each as JSON.
import { UserError } from '../../src/core/user-error.ts'
import { loadOwnPolicy } from '../../src/config/own-policy.ts'

const messages: string[] = []
for (const file of process.argv.slice(2)) {
  const message = await loadOwnPolicy(file, 'x.yaml:4:15: policies[0].policy').then(
    () => 'accepted',
    (error: unknown) => (error instanceof UserError ? error.message : `no UserError: ${String(error)}`),
  )
  messages.push(message.replaceAll(file, 'FILE'))
}
process.stdout.write(JSON.stringify(messages))
