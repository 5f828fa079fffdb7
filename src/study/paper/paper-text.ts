import { agreeing, counted } from '../../core/counted.ts'
import { printable } from '../../core/printable.ts'
import { traceSize } from '../../report/comparison/provenance.ts'
import type { JudgedClaim, PaperStudy } from './paper-study.ts'

const MODEL = 'paper, all apps of equal memory, each minute of counts one arrival, judged on the whole trace'

/** The study as lines for a terminal. */
export function paperText(study: Omit<PaperStudy, 'figures'>): string {
  const { trace, claims, version } = printable(study)
  const lines = claims.flatMap(({ figure, says, known, rule, measured, holds }) => [
    '',
    `${figure}  ${says}${known === 'recalled' ? ' (recalled)' : ''}`,
    `  here ${measured}`,
    `  ${verdict(holds)}; the rule: ${rule}`,
  ])
  const head = [
    '"Serverless in the Wild" on a trace',
    `trace     ${trace.id} (${trace.format}): ${traceSize(trace)}`,
    `digest    ${trace.digest}`,
    `model     ${MODEL}`,
    `version   pilotlight ${version}`,
  ]
  return [...head, ...lines, '', summary(claims)].join('\n')
}

/** The same as a page of Markdown with a table. */
export function paperMarkdown(study: Omit<PaperStudy, 'figures'>): string {
  const { trace, claims, version } = printable(study)
  const rows = claims.map(({ figure, says, known, rule, measured, holds }) => {
    const cells = [
      figure.replace('figure-', ''),
      `${says}${known === 'recalled' ? ' (recalled)' : ''}`,
      measured,
      verdict(holds),
      rule,
    ]
    return `| ${cells.map((cell) => cell.replaceAll(/[\\|<`*_[\]]/g, String.raw`\$&`)).join(' | ')} |`
  })
  return `# "Serverless in the Wild" on ${trace.id.replaceAll(/[\\|<`*_[\]]/g, String.raw`\$&`)}

- trace: ${traceSize(trace)}, digest ${trace.digest}
- model: ${MODEL}
- version: pilotlight ${version}

${summary(claims)}

| figure | the paper says | measured here | verdict | rule |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Shahrad et al., USENIX ATC 2020. Values marked as recalled are told from memory and were not checked against its text.
`
}

function verdict(holds: boolean | null): string {
  if (holds === null) return 'cannot be told here'
  return holds ? 'holds' : 'does not hold'
}

function summary(claims: readonly JudgedClaim[]): string {
  const holding = claims.filter(({ holds }) => holds === true).length
  const unknown = claims.filter(({ holds }) => holds === null).length
  const untold = unknown === 0 ? '' : `, and ${unknown} cannot be told here`
  return `${holding} of ${counted(claims.length, 'claim')} ${agreeing(holding, 'holds', 'hold')} on this trace${untold}.`
}
