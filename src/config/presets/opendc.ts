import type { ModelPreset } from '../model-preset.ts'

export const opendc: ModelPreset = {
  id: 'opendc',
  summary: 'OpenDC FaaS: each function has one instance, which takes any number of invocations. Memory has no limit.',
  source:
    'github.com/atlarge-research/opendc, opendc-faas: FaaSServiceImpl.kt and FunctionTerminationPolicyFixed.kt (3117c39), FunctionObject.kt (02c215a), SimFunctionDeployer.kt and RandomRoutingPolicy.kt (52eed48), StochasticDelayInjector.kt and ColdStartModel.kt (0fd7b31); opendc-experiments-faas: TraceHelpers.kt (960613b), FunctionTraceWorkload.kt (fa7fdbb)',
  options: {
    unit: 'function',
    spread: 'start',
    concurrency: 2 ** 31,
    whileLoading: 'join',
    renew: true,
    // The mean of |N(242.66, 340.67)| ms, its model of Azure for every size of memory.
    coldStart: 338,
    overflow: 'queue',
    queueLimit: 'none',
  },
  deviations: [
    'There an execution of a trace takes no time and only loads the processor; here it takes the function’s mean duration, and the window counts from its end.',
    'There each instance has a machine of its own, and memory never runs out; here instances share the memory of the nodes, so give them enough.',
    'There a load under the model of Azure takes the absolute value of a normal draw (mean 243 ms, deviation 341 ms), and without a model no time; here every load takes the mean of that law.',
    'There the models of Lambda and Google have a law for each of six sizes of memory; here you can give a cold-start law of your own instead.',
    'There invocations are routed every 100 ms, one per function at a time; here each one at once when it comes.',
    'There the trace of each function is moved so that its first invocation comes at time 0; here times are those of the trace.',
    'There an invocation that waits for a load which another one began counts as warm; here as joined.',
    'There the trace has a column of provisioned memory, for which nothing is charged; here the functions of an app share its mean memory.',
    'There a window is fixed or has no end; here any policy may set it.',
  ],
}
