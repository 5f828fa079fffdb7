// Builds what the package ships: the source as JavaScript with its types, in dist. Nothing of an older build stays.
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('../', import.meta.url)))
rmSync('dist', { recursive: true, force: true })
for (const project of ['tsconfig.build.json', 'tsconfig.browser.json']) {
  const emits = ['--noEmit', 'false', '--rootDir', 'src', '--outDir', 'dist']
  // What the compiler has to say goes to stderr, because npm pack --json prints its own result to stdout.
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project, ...emits], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(status ?? 1)
}
for (const file of globSync('src/**/browser/*.css')) cpSync(file, file.replace('src', 'dist'))
