import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { spelledDefault } from '../src/cli/arguments/parameter-lines.ts'
import { formatDuration, formatMemory } from '../src/core/units.ts'
import { spelling } from '../src/config/setting.ts'
import { MODEL_KINDS } from '../src/config/model-kinds.ts'
import { FIDELITY_KINDS, FIDELITY_MEANING } from '../src/export/fit/fidelity.ts'
import { sourceText } from '../src/export/platform.ts'
import { PLATFORMS } from '../src/export/platforms/index.ts'
import { BACKENDS } from '../src/live/backends/index.ts'
import { CONTRACTS } from '../src/live/contracts/index.ts'
import { METRICS } from '../src/metrics/index.ts'
import type { ListedPrices } from '../src/metrics/prices/listed-prices.ts'
import { PRICES } from '../src/metrics/prices/providers/index.ts'
import type { Rate, Sizes } from '../src/metrics/prices/price-table.ts'
import type { ModelPreset } from '../src/config/model-preset.ts'
import { presets } from '../src/config/presets/index.ts'
import type { Parameter } from '../src/policy/parameters.ts'
import { policies } from '../src/policy/policies/index.ts'
import type { PolicyDefinition } from '../src/policy/policy.ts'
import { CHARTS } from '../src/report/charts/index.ts'
import { RENDERERS } from '../src/report/renderers/index.ts'
import { evictions } from '../src/sim/evictions/index.ts'
import { placements } from '../src/sim/placements/index.ts'
import { ARCHIVES } from '../src/trace/catalogue/archives.ts'
import { formats } from '../src/trace/formats/index.ts'
import { csvColumns, dataColumns, perAppColumns, storeColumns } from './fields-pages.ts'
import { table } from './markdown-table.ts'
import { CONTENTS } from './site/contents.ts'

const ALL_PAGES = 'docs/README.md'

/** The pages that have tables made from the lists of plug-ins, from the project's root. */
export const PAGES = [
  ALL_PAGES,
  'docs/cluster.md',
  'docs/emulating.md',
  'docs/export.md',
  'docs/fields.md',
  'docs/live.md',
  'docs/model.md',
  'docs/policies.md',
  'docs/prices.md',
  'docs/reports.md',
  'docs/traces.md',
]

/** The tables by the name that a page's marker gives: `<!-- table: metrics -->`, the table, `<!-- end -->`. */
const TABLES: Readonly<Record<string, () => string>> = {
  pages: pageLists,
  policies: () => policies.all.map(policySection).join('\n\n'),
  formats: () =>
    table(
      ['id', 'what it is', 'looked for', 'from'],
      formats.all.map(({ id, summary, looksFor, source }) => [`\`${id}\``, summary, looksFor, source]),
    ),
  datasets: () =>
    table(
      ['name', 'what it is', 'bytes', 'SHA-256', 'licence', 'address'],
      ARCHIVES.all.map(({ id, summary, bytes, sha256, licence, url }) => [
        `\`${id}\``,
        summary,
        bytes === undefined ? 'not known' : String(bytes),
        sha256 === undefined ? 'not known' : `\`${sha256}\``,
        licence,
        url,
      ]),
    ),
  defects: () =>
    formats.all
      .filter(({ defects }) => defects.length > 0)
      .map(({ id, defects }) => {
        const rows = defects.map((defect) => [`\`${defect.id}\``, defect.found, defect.rule])
        return `### \`${id}\`\n\n${table(['id', 'counted', 'rule'], rows)}`
      })
      .join('\n\n'),
  metrics: () =>
    table(
      ['id', 'heading', 'unit', 'what it is'],
      METRICS.all.map(({ id, heading, unit, summary }) => [`\`${id}\``, heading, unit, summary]),
    ),
  models: () =>
    MODEL_KINDS.all
      .map(({ id, summary, options }) => {
        const rows = Object.entries(options).map(([name, { jsonSchema }]) => {
          const choices = jsonSchema['enum'] as readonly unknown[] | undefined
          const standard = jsonSchema.default === undefined ? 'required' : `\`${valueText(jsonSchema.default)}\``
          return [`\`${name}\``, standard, `${jsonSchema.description}${oneOf(choices)}`]
        })
        return `### \`kind: ${id}\`\n\n${summary}\n\n${table(['option', 'default', 'what it is'], rows)}`
      })
      .join('\n\n'),
  backends: () => described(BACKENDS.all),
  contracts: () =>
    table(
      ['id', 'what it is', 'from'],
      CONTRACTS.all.map(({ id, summary, source }) => [`\`${id}\``, summary, source]),
    ),
  prices: () => PRICES.all.map(pricesSection).join('\n\n'),
  placements: () =>
    table(
      ['id', 'where a load goes', 'whose rule it is'],
      placements.all.map(({ id, summary, source }) => [`\`${id}\``, summary, source ?? '']),
    ),
  evictions: () =>
    table(
      ['id', 'what goes first', 'from'],
      evictions.all.map(({ id, summary, paper }) => [`\`${id}\``, summary, paper]),
    ),
  emulation: () => presets.all.map(emulationSection).join('\n\n'),
  presets: () => presets.all.map(presetSection).join('\n\n'),
  platforms: () =>
    table(
      ['id', 'platform', 'what is set', 'by default', 'what it cannot say'],
      PLATFORMS.all.map(({ id, title, sets, byDefault, lacks }) => [`\`${id}\``, title, sets, byDefault.from, lacks]),
    ),
  platformSources: () =>
    table(
      ['id', 'where that comes from', 'assumed'],
      PLATFORMS.all.map(({ id, sources, assumed }) => [
        `\`${id}\``,
        sources.map((source) => sourceText(source)).join('; '),
        assumed.map(({ says }) => says).join('; ') || 'nothing',
      ]),
    ),
  presentListings: () => {
    const parts = PLATFORMS.all.map(({ id, present, settings }) => {
      if (typeof present === 'string') return `# ${id}: none. ${present}`
      const values = Object.fromEntries(Object.entries(settings).map(([key, { default: value }]) => [key, value]))
      return [`# ${id}`, ...present.commands(values)].join('\n')
    })
    return ['```sh', ...parts, '```'].join('\n')
  },
  platformSettings: () =>
    table(
      ['platform', 'setting', 'default', 'what it is'],
      PLATFORMS.all.flatMap(({ id, settings }) =>
        Object.entries(settings).map(([key, setting]) => [
          `\`${id}\``,
          `\`${key}\``,
          `\`${setting.default}\``,
          setting.describe,
        ]),
      ),
    ),
  fidelity: () =>
    table(
      ['kind', 'what is lost'],
      FIDELITY_KINDS.map((kind) => [`\`${kind}\``, FIDELITY_MEANING[kind]]),
    ),
  dataColumns,
  csvColumns,
  perAppColumns,
  storeColumns,
  charts: () => described(CHARTS.all),
  renderers: () => described(RENDERERS.all),
}

/** A page with all of its tables made anew. Throws for a marker that names no table. */
export function withTables(page: string): string {
  return page.replaceAll(/(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, begin: string, name: string, end) => {
    const make = TABLES[name]
    if (make === undefined) throw new Error(`there is no table called "${name}"`)
    return `${begin}\n${make()}\n\n${end}`
  })
}

/** Every page of the site but the one that has this list, by the parts of the site. */
function pageLists(): string {
  return CONTENTS.map(({ title, pages }) => {
    const lines = pages
      .filter(({ file }) => file !== ALL_PAGES)
      .map(({ file, name, about }) => {
        const [, heading] = /^# (.+)$/m.exec(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))!
        return `- [${name ?? heading!}](${posix.relative(posix.dirname(ALL_PAGES), file)}): ${about}`
      })
    return `## ${title}\n\n${lines.join('\n')}`
  }).join('\n\n')
}

function policySection({ id, summary, paper, departures = [], scope, needs, parameters }: PolicyDefinition): string {
  const facts = [
    ...(paper === undefined ? [] : [`- Source: ${paper}.`]),
    `- Scope: \`${scope}\`${scope === 'app' ? ", it learns from each app's own history only" : ', it learns across apps'}.`,
    ...(needs.length === 0 ? [] : [`- Needs of a trace: ${needs.join(', ')}.`]),
    ...(departures.length === 0 ? [] : ['- Here it differs:', ...departures.map((each) => `  - ${each}`)]),
  ]
  const rows = Object.entries(parameters).map(([name, parameter]) => [
    `\`${name}\``,
    `\`${spelledDefault(parameter)}\``,
    range(parameter),
    parameter.describe,
  ])
  const list =
    rows.length === 0 ? 'It has no parameters.' : table(['parameter', 'default', 'range', 'what it is'], rows)
  return [`## \`${id}\``, summary, facts.join('\n'), list].join('\n\n')
}

function pricesSection(prices: ListedPrices): string {
  const { id, summary, currency, region, date, source, millionRequests, residentGbS } = prices
  const rows = [
    ['running', ...ratePrices(prices.running)],
    ['loading', ...ratePrices(prices.loading)],
    ['idle', ...ratePrices(prices.idle)],
    ['memory of the provider', residentGbS === null ? 'unknown' : amount(residentGbS), ''],
  ]
  const facts = [
    `- In ${currency}; ${region}; known to hold on ${date}; <${source}>.`,
    `- A million requests: ${amount(millionRequests)}.`,
    `- Sizes: ${sizesText(prices.sizes)}.`,
    ...prices.leftOut.map((sentence) => `- Left out: ${sentence}`),
    ...prices.assumed.map((sentence) => `- Assumed: ${sentence}`),
  ]
  const list = table(['price of', 'a GB-second', 'a second of a unit of CPU'], rows)
  return [`### \`${id}\``, summary, list, facts.join('\n')].join('\n\n')
}

function ratePrices({ gbS, cpuS }: Rate): string[] {
  return [gbS === 0 ? 'not billed' : amount(gbS), cpuS === 0 ? '' : amount(cpuS)]
}

function sizesText(sizes: Sizes): string {
  if (!('stepMb' in sizes)) {
    return sizes.map(({ mb, cpus }) => `${formatMemory(mb)}${cpus === 0 ? '' : ` (${cpus} CPU)`}`).join(', ')
  }
  const { leastMb, mostMb, stepMb, cpusPerGb } = sizes
  const cpu = cpusPerGb === 0 ? '' : `, ${cpusPerGb} CPU per GB`
  return `${formatMemory(leastMb)} to ${formatMemory(mostMb!)} in steps of ${formatMemory(stepMb)}${cpu}`
}

/** An amount of money without an exponent. */
function amount(value: number): string {
  return Number(value.toPrecision(10)) < 1e-3 ? value.toFixed(11).replace(/0+$/, '') : String(value)
}

function presetSection({ id, summary, source, options, deviations }: ModelPreset): string {
  const rows = Object.entries(options).map(([name, value]) => [`\`${name}\``, `\`${valueText(value)}\``])
  const list = deviations.map((deviation) => `- ${deviation}`).join('\n')
  const parts = [summary, `Source: ${source}.`, table(['option', 'is'], rows), 'Where it differs:', list]
  return [`### \`as: ${id}\``, ...parts].join('\n\n')
}

function emulationSection({ id, summary, source, options, deviations }: ModelPreset): string {
  const spelt = Object.entries(spelling(MODEL_KINDS.get('cluster', 'presets').options, options))
  const facts = [
    `- Read: ${source}.`,
    `- Options: ${spelt.map(([name, value]) => `\`${name}: ${value}\``).join(', ')}.`,
  ]
  const list = deviations.map((deviation) => `- ${deviation}`)
  return [
    `## \`${id}\``,
    summary,
    facts.join('\n'),
    'What remains different (“there” is the other simulator, “here” is pilotlight):',
    list.join('\n'),
  ].join('\n\n')
}

/** A value of an option as an experiment has it. */
function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function range(parameter: Parameter): string {
  if (parameter.kind === 'choice') return oneOf(parameter.options).trim()
  if (parameter.kind === 'switch') return 'on or off'
  if (parameter.kind === 'file') return 'the path of a file'
  const { kind, min, max } = parameter
  const spelt = (value: number): string => (kind === 'duration' ? formatDuration(value) : String(value))
  const unit = parameter.kind === 'number' && parameter.unit !== undefined ? ` ${parameter.unit}` : ''
  const whole = parameter.kind === 'number' && parameter.whole === true ? ', whole' : ''
  return `${max === undefined ? `from ${spelt(min)}` : `${spelt(min)} to ${spelt(max)}`}${unit}${whole}`
}

function oneOf(choices: readonly unknown[] | undefined): string {
  // A switch takes true and false as well, which are the same.
  const texts = (choices ?? []).filter((choice) => typeof choice === 'string')
  return texts.length === 0 ? '' : ` ${texts.map((choice) => `\`${choice}\``).join(', ')}`
}

function described(all: readonly { readonly id: string; readonly summary: string }[]): string {
  return table(
    ['id', 'what it is'],
    all.map(({ id, summary }) => [`\`${id}\``, summary]),
  )
}
