import type { Preset } from '../preset.ts'

export const faascache: Preset = {
  id: 'faascache',
  summary: 'FaasCache’s simulator: functions on their own, greedy-dual on one server, drops where nothing fits.',
  source: 'Fuerst and Sharma, "FaasCache", ASPLOS 2021, section 6, and its published simulator',
  options: {
    unit: 'function',
    spread: 'even',
    placement: 'first-fit',
    eviction: 'greedy-dual',
    overflow: 'drop',
  },
  deviations: [
    'There the cost of a cold start is a function’s longest duration less its mean; here it is the loading time.',
    'There only functions with at least two invocations on the first day are taken; here all are.',
    'There an expired container is noticed when its function is next invoked, and holds memory until then; here it goes when it expires.',
    'There a priority is renewed when use begins, here when it ends: what runs cannot be evicted in either.',
    'There only one server is simulated; here any number, each with a clock of its own.',
    'Its HIST policy is not the hybrid histogram (docs/policies.md), and no option reproduces it.',
  ],
}
