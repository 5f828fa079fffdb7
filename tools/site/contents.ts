/** A page of the site: a file of the project's Markdown. */
export interface SitePage {
  /** From the project's root. */
  readonly file: string
  /** In the list of pages; by default the page's own heading. */
  readonly name?: string
}

/** The parts of the site, in the order of its list. A test holds every page of docs/ to be in one of them. */
export const CONTENTS: readonly { readonly title: string; readonly pages: readonly SitePage[] }[] = [
  { title: 'Start', pages: [{ file: 'README.md', name: 'pilotlight' }] },
  {
    title: 'Tutorials',
    pages: [
      { file: 'docs/tutorial-decision.md' },
      { file: 'docs/tutorial-figure.md' },
      { file: 'docs/tutorial-own-log.md' },
    ],
  },
  {
    title: 'How to',
    pages: [
      { file: 'docs/how-to.md' },
      { file: 'docs/own-policy.md' },
      { file: 'docs/choosing.md' },
      { file: 'docs/tune.md' },
      { file: 'docs/explain.md' },
      { file: 'docs/data.md' },
      { file: 'docs/repeat.md' },
      { file: 'docs/paper.md' },
      { file: 'docs/export.md' },
      { file: 'docs/live.md' },
      { file: 'docs/beyond-one-machine.md' },
      { file: 'docs/emulating.md' },
      { file: 'docs/capacity.md' },
      { file: 'docs/bounds.md' },
    ],
  },
  {
    title: 'Reference',
    pages: [
      { file: 'docs/model.md' },
      { file: 'docs/cluster.md' },
      { file: 'docs/policies.md' },
      { file: 'docs/traces.md' },
      { file: 'docs/synth.md' },
      { file: 'docs/reports.md' },
      { file: 'docs/fields.md' },
      { file: 'docs/fields-json.md' },
      { file: 'docs/prices.md' },
      { file: 'docs/library.md' },
      { file: 'docs/figures.md' },
      { file: 'docs/sweeps.md' },
      { file: 'docs/scale.md' },
      { file: 'docs/robustness.md' },
      { file: 'docs/conformance.md' },
    ],
  },
  {
    title: 'Explanation',
    pages: [
      { file: 'docs/worlds.md' },
      { file: 'docs/hybrid.md' },
      { file: 'docs/other-simulators.md' },
      { file: 'docs/design.md' },
    ],
  },
]
