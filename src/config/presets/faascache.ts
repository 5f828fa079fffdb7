import type { ModelPreset } from '../model-preset.ts'

export const faascache: ModelPreset = {
  id: 'faascache',
  summary:
    'FaasCache’s simulator: instances belong to functions, on one server. Greedy-dual evicts them. What does not fit is dropped.',
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
    'There a cold start takes a function’s longest duration less its mean duration, and this is also the cost in its priority; here both are the loading time.',
    'There a window begins at the start of the last use; here at its end.',
    'There an expired container holds its memory until its function is next invoked; here it is removed when it expires.',
    'There as much memory is evicted as the new container needs, even where some is free; here only as much as is missing.',
    'There idle containers are evicted even where the invocation is then dropped; here only where the load then fits.',
    'There the start of a use gives a new priority to all containers of the function; here each instance has its own, from the end of its use.',
    'There a priority counts the uses of one container; here the uses of a function, until its last instance is gone.',
    'There the clock of greedy-dual can go back, after a container that was at work during an eviction becomes idle with an old priority; here it never goes back.',
    'There the first idle container of the function in a heap serves, whichever that is; here the newest.',
    'There only functions with at least two invocations on the first day are simulated, and of these a sample; here all are.',
    'There a function’s share of its app’s memory is rounded up to whole MB; here it is not rounded.',
    'There only one server is simulated; here any number, each with a clock of its own.',
    'There the policy HIST has the test of the hybrid histogram inverted, and measures from arrival to arrival; here no option reproduces all of that.',
  ],
}
