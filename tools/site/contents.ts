/** A page of the site: a file of the project's Markdown. */
export interface SitePage {
  /** From the project's root. */
  readonly file: string
  /** What a reader finds there: a part of a sentence, in the list of all pages. */
  readonly about: string
  /** In the lists of pages; by default the page's own heading. */
  readonly name?: string
  /** Its file in the site; by default the name of the page. */
  readonly address?: string
  /** The language that it is in, as a tag of HTML; by default English. */
  readonly lang?: string
}

/** The parts of the site, in the order of its list. A test holds every page of docs/ to be in one of them. */
export const CONTENTS: readonly { readonly title: string; readonly pages: readonly SitePage[] }[] = [
  {
    title: 'Start',
    pages: [
      { file: 'README.md', name: 'pilotlight', about: 'what it is for, and how to start', address: 'index.html' },
      { file: 'README.zh-CN.md', name: '中文说明', about: 'the same in Chinese', address: 'zh.html', lang: 'zh-Hans' },
      { file: 'docs/README.md', about: 'this list', address: 'pages.html' },
    ],
  },
  {
    title: 'Tutorials',
    pages: [
      { file: 'docs/tutorial-decision.md', about: 'from a trace to a policy' },
      { file: 'docs/tutorial-figure.md', about: 'from an experiment to a picture that others can make again' },
      { file: 'docs/tutorial-own-log.md', about: 'from a log to the files of a platform' },
    ],
  },
  {
    title: 'How to',
    pages: [
      { file: 'docs/how-to.md', about: 'the commands for each task, in short' },
      { file: 'docs/own-policy.md', about: 'writing one, testing it, and comparing it' },
      { file: 'docs/choosing.md', about: 'the verdict, budgets, several worlds, and how far to trust a result' },
      { file: 'docs/tune.md', about: 'searching parameters on one part of a trace and judging them on another' },
      { file: 'docs/explain.md', about: 'one app: its arrivals, its windows, and the reason of each cold start' },
      { file: 'docs/data.md', about: 'tables, and recipes that read them' },
      { file: 'docs/repeat.md', about: 'result cards, verifying them, and a board of many' },
      { file: 'docs/paper.md', about: 'the figures and claims of "Serverless in the Wild", on your data' },
      { file: 'docs/export.md', about: 'what each platform can be told, and what it costs' },
      { file: 'docs/live.md', about: 'serving requests by a policy, and comparing the outcome with the simulation' },
      { file: 'docs/beyond-one-machine.md', about: 'shards, Slurm and Kubernetes' },
      { file: 'docs/emulating.md', about: 'running the models of others' },
      { file: 'docs/capacity.md', about: 'cold starts by the memory of a cluster, and what memory is enough' },
      { file: 'docs/bounds.md', about: 'what no policy can beat' },
    ],
  },
  {
    title: 'Reference',
    pages: [
      { file: 'docs/model.md', about: 'every rule and every option' },
      { file: 'docs/cluster.md', about: 'nodes with limited memory, placement and eviction' },
      { file: 'docs/policies.md', about: 'every policy with its parameters and its source' },
      { file: 'docs/traces.md', about: 'formats, data sets, mappings, defects, and a part of a trace' },
      { file: 'docs/synth.md', about: 'what they are drawn from' },
      { file: 'docs/reports.md', about: 'formats, charts, the page, and figures for papers' },
      { file: 'docs/fields.md', about: 'every column of CSV, Parquet and the store' },
      { file: 'docs/fields-json.md', about: 'every key of what commands print with --json' },
      { file: 'docs/prices.md', about: 'the bill of a run, by the price lists of clouds or your own' },
      { file: 'docs/library.md', about: 'pilotlight in a program of your own' },
      { file: 'docs/figures.md', about: 'how fast it is' },
      { file: 'docs/sweeps.md', about: 'what runs share, and in which order they are made' },
      { file: 'docs/scale.md', about: 'how time and memory grow with apps, invocations and runs' },
      { file: 'docs/robustness.md', about: 'what pilotlight does about them' },
      { file: 'docs/conformance.md', about: 'for whoever writes the same model once more' },
      { file: 'docs/glossary-zh.md', about: 'the words of --lang zh', lang: 'zh-Hans' },
    ],
  },
  {
    title: 'Explanation',
    pages: [
      { file: 'docs/worlds.md', about: 'why two models give two answers' },
      { file: 'docs/hybrid.md', about: 'how the policy of the paper decides' },
      { file: 'docs/other-simulators.md', about: 'why their numbers differ from ours' },
      { file: 'docs/design.md', about: 'where things are in the code, and why' },
    ],
  },
  {
    title: 'The project',
    pages: [
      { file: 'traces/README.md', about: 'what the sample is, and is not', address: 'sample.html' },
      { file: 'CONTRIBUTING.md', about: 'how to change pilotlight' },
      { file: 'CHANGELOG.md', about: 'what changed', name: 'Changes' },
    ],
  },
]
