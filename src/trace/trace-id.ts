import { basename, resolve } from 'node:path'

/** A short name for a trace: that of its file without its extensions, or of its folder. */
export function traceIdOf(path: string): string {
  return basename(resolve(path))
    .replace(/\.gz$/i, '')
    .replace(/\.(csv|txt|trace)$/i, '')
}
