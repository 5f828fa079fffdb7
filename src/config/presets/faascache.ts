import type { ModelPreset } from '../model-preset.ts'

export const faascache: ModelPreset = {
  id: 'faascache',
  summary: 'FaasCache’s simulator: functions on their own, greedy-dual on one server, drops where nothing fits.',
  source:
    'Fuerst and Sharma, "FaasCache", ASPLOS 2021, section 6, and github.com/aFuerst/faascache-sim at e1f3b84: LambdaScheduler.py, Container.py, many_run.py, gen/trace_split_funcs.py and gen/gen_representative_trace.py in code/split',
  options: {
    unit: 'function',
    spread: 'even',
    concurrency: 1,
    whileLoading: 'new',
    renew: true,
    placement: 'first-fit',
    eviction: 'greedy-dual',
    overflow: 'drop',
  },
  deviations: [
    'There a cold start takes a function’s longest duration less its mean, which is also the cost in a priority; here it takes the loading time.',
    'There a window counts from the beginning of the last use; here from its end.',
    'There an expired container holds memory until its function is next invoked; here it goes when it expires.',
    'There as much memory is evicted as the new container needs, however much is free; here no more than is missing.',
    'There idle containers are evicted even where the invocation is dropped in the end; here only for a load that then fits.',
    'There a use gives all containers of its function their new priority, at its beginning; here an instance has its own from the end of its use.',
    'There the frequency in a priority is lost with the container that counted it; here it is lost with the last instance of the function.',
    'There the clock may fall, after what ran during an eviction becomes idle with an old priority; here it never does.',
    'There any idle container of the function is used, whichever stands first in a heap; here the newest.',
    'There only functions with at least two invocations on the first day are taken, and of these a sample; here all are.',
    'There a function’s share of its app’s memory is rounded up to whole MB; here it is not rounded.',
    'There only one server is simulated; here any number, each with a clock of its own.',
    'There the policy HIST inverts the test of the hybrid histogram and measures from arrival to arrival; here no option reproduces all of it.',
  ],
}
