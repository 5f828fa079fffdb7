import type { ModelPreset } from '../model-preset.ts'

export const opendc: ModelPreset = {
  id: 'opendc',
  summary: 'OpenDC FaaS: functions on their own, one instance each that takes whatever comes, no limit of memory.',
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
    'There an execution of a trace takes no time but loads the processor; here it takes the function’s mean duration, and the window counts from its end.',
    'There each instance has a machine of its own and memory never runs out; here it is that of the nodes, so give enough.',
    'There each load under the model of Azure takes the absolute value of a normal draw (mean 243, deviation 341 ms), and without a model no time; here every load takes that law’s mean.',
    'There the models of Lambda and Google have a law for each of six sizes of memory; here a cold-start law of your own must stand in for them.',
    'There invocations are routed every 100 ms, one of a function at a time; here all at once when they come.',
    'There each function’s trace is moved so that its first invocation comes at time 0; here times are as the trace has them.',
    'There an invocation that waits for the load that another began counts as warm; here as joined.',
    'There the trace has its own columns for provisioned memory, and nothing is charged for it; here an app’s functions share its mean memory.',
    'There a window is fixed or without end; here any policy may say how long it is.',
  ],
}
