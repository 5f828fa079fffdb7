// Builds what the package ships: the source as JavaScript with its types, in dist. Nothing of an older build stays.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('../', import.meta.url)))
rmSync('dist', { recursive: true, force: true })
// What the compiler has to say goes to stderr, because npm pack --json prints its own result to stdout.
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: ['ignore', 2, 2],
})
process.exit(status ?? 1)
