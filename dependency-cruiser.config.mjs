// The import directions of the source, as docs/design.md tells them: a folder imports only what its line says.
const may = {
  core: [],
  language: ['core'],
  files: ['core'],
  trace: ['core', 'files'],
  policy: ['core'],
  engine: ['core', 'policy'],
  own: ['core', 'files', 'policy'],
  sim: ['core', 'files', 'trace', 'policy', 'engine', 'own'],
  live: ['core', 'files', 'trace', 'policy', 'engine', 'own'],
  metrics: ['core', 'language', 'engine'],
  report: ['core', 'language', 'files', 'metrics'],
  store: ['core', 'files', 'metrics', 'engine'],
  export: ['core', 'policy'],
  config: ['core', 'files', 'trace', 'policy', 'engine', 'own', 'sim', 'live', 'metrics', 'report', 'export'],
  experiment: [
    'core',
    'language',
    'files',
    'trace',
    'policy',
    'engine',
    'own',
    'sim',
    'metrics',
    'store',
    'export',
    'config',
  ],
  data: ['core', 'files', 'engine', 'metrics'],
  submit: ['core', 'files', 'store', 'experiment'],
  study: [
    'core',
    'language',
    'files',
    'trace',
    'policy',
    'engine',
    'sim',
    'metrics',
    'report',
    'store',
    'config',
    'experiment',
  ],
  validation: ['core', 'files', 'trace', 'policy', 'engine', 'sim', 'live', 'metrics', 'config'],
}
// One door for every third-party package.
const doors = {
  // The store of runs, and that of asynchronous calls.
  'better-sqlite3': 'src/(store/|live/state/call-store\\.ts$)',
  'vega|vega-lite|@resvg/resvg-js': 'src/report/',
  // PDF with embedded fonts.
  pdfkit: 'src/report/drawing/pdf\\.ts$',
  // Which letters a font has, and a part of it with some; its subsetter is loaded as a file.
  harfbuzzjs: 'src/report/drawing/(fonts|font-subset)\\.ts$',
  // Terminals give some letters two columns.
  'string-width': 'src/report/comparison/aligned\\.ts$',
  'yargs|cli-progress': 'src/cli/',
  'simple-statistics': 'src/metrics/',
  // The first rows of a table that nobody has described; whole traces are read by scanners of our own.
  'csv-parse': 'src/trace/mapping/look\\.ts$',
  'd3-random': 'src/trace/',
  zod: 'src/(config|store|trace/compiled|live/replay)/',
  // Read by experiments, written for platforms.
  yaml: 'src/(submit/engines/kubernetes|config/document|export/files/export-file)\\.ts$',
  'hyparquet-writer': 'src/data/formats/',
  // Files of columns that a mapping reads, each loaded when one is met.
  hyparquet: 'src/trace/mapping/parquet-(file|pages)\\.ts$',
  '@uwdata/flechette': 'src/trace/mapping/arrow-file\\.ts$',
  piscina: 'src/sim/',
  undici: 'src/live/engine/',
  'prom-client': 'src/live/',
}
// Folders of plug-ins, and the file with their list, through which alone they are imported.
const plugins = {
  'trace/formats': 'trace/formats/index',
  'trace/mapping/presets': 'trace/mapping/presets/index',
  'policy/policies': 'policy/policies/index',
  'sim/evictions': 'sim/evictions/index',
  'sim/placements': 'sim/placements/index',
  'config/presets': 'config/presets/index',
  'metrics/columns': 'metrics/index',
  'metrics/prices/providers': 'metrics/prices/providers/index',
  'live/backends': 'live/backends/index',
  'live/contracts': 'live/contracts/index',
  'report/renderers': 'report/renderers/index',
  'report/charts': 'report/charts/index',
  'export/platforms': 'export/platforms/index',
  'submit/engines': 'submit/engines/index',
  'data/formats': 'data/formats/index',
}

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(may).map(([folder, allowed]) => ({
      name: `${folder}-imports-only-what-its-line-says`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
    ...Object.entries(doors).map(([names, door]) => ({
      name: `one-door-for-${names.split('|')[0].replaceAll(/\W/g, '-')}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^${door}` },
      to: { path: `node_modules/(${names})/` },
    })),
    ...Object.entries(plugins).flatMap(([folder, list]) => [
      {
        name: `${folder.replace('/', '-')}-through-its-list`,
        severity: 'error',
        from: { path: '^src/', pathNot: `^src/(${folder}/|${list}\\.ts$)` },
        to: { path: `^src/${folder}/`, pathNot: `^src/(${list}|${folder}/list)\\.ts$` },
      },
      {
        name: `${folder.replace('/', '-')}-plug-ins-do-not-meet`,
        severity: 'error',
        from: { path: `^src/${folder}/`, pathNot: `^src/(${list}|${folder}/list)\\.ts$` },
        to: { path: `^src/(${folder}/[^/]+|${list})\\.ts$` },
      },
    ]),
    {
      name: 'pure-folders-know-no-node',
      severity: 'error',
      from: { path: '^src/(core|language|policy|engine|metrics)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody-imports-the-command',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'nobody-imports-the-library',
      severity: 'error',
      from: { pathNot: '^src/(library/|index\\.ts$)' },
      to: { path: '^src/(library/|index\\.ts$)' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
}
