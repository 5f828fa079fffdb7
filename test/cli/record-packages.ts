// For `node --import`: prints the name of every package that is loaded to stderr, a line each.
import { registerHooks } from 'node:module'

const seen = new Set<string>()
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(resolved.url)?.[1]
    if (name !== undefined && !seen.has(name)) {
      seen.add(name)
      process.stderr.write(`${name}\n`)
    }
    return resolved
  },
})
