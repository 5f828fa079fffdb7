import { counted } from '../../core/counted.ts'
import type { Comparison } from '../../metrics/comparison.ts'

/** Letters that TeX takes for commands. */
const SPECIAL = /[\\{}$&#%_~^]/g

/** An entry for a bibliography that names what was run, on which trace and by which version. */
export function bibtex({ experiment, trace, version, runs }: Comparison): string {
  const key = experiment.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const seeds = [...new Set(runs.map(({ seed }) => seed))].slice(0, 10).join(', ')
  return `@misc{pilotlight-${key},
  title        = {${texted(experiment)}},
  author       = {{pilotlight ${texted(version)}}},
  howpublished = {Trace-driven simulation of serverless keep-alive},
  note         = {Trace ${texted(trace.id)}, SHA-256 ${trace.digest.slice(0, 16)}; seed ${seeds}; ${counted(runs.length, 'run')}}
}
`
}

function texted(text: string): string {
  return text.replaceAll(SPECIAL, (letter) => {
    if (letter === '\\') return String.raw`\textbackslash{}`
    return letter === '~' || letter === '^' ? `\\${letter}{}` : `\\${letter}`
  })
}
