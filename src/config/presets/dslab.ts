import type { ModelPreset } from '../model-preset.ts'

export const dslab: ModelPreset = {
  id: 'dslab',
  summary: 'DSLab FaaS: apps on the first host with room, windows that use does not renew, one second to load.',
  source:
    'github.com/osukhoroslov/dslab, crates/dslab-faas with reset_keepalive in its coldstart.rs: also host.rs, container.rs, invoker.rs, scheduler.rs, deployer.rs, config.rs, parallel.rs, cpu.rs and extra/azure_trace_2019.rs (39deb36); examples/serverless-in-the-wild',
  options: {
    unit: 'app',
    spread: 'uniform',
    horizon: 'expire',
    concurrency: 1,
    reuse: 'oldest',
    whileLoading: 'join',
    renew: false,
    coldStart: 1000,
    placement: 'first-fit',
    eviction: 'soonest-to-expire',
    overflow: 'queue',
    queueLimit: 'none',
  },
  deviations: [
    'There nothing is evicted, and who finds no room waits until a window has passed; here idle instances make room, those first whose windows end first.',
    'There who finds no room waits at the first host, and later arrivals may pass; here all wait in one line in which nobody overtakes.',
    'There an invocation that waited for room counts as cold, whoever serves it in the end; here as warm where a loaded instance does.',
    'There an invocation that waits for the load of a pre-warmed container counts as cold; here as joined.',
    'There only the fixed policy keeps its first window, unless reset_keepalive is set; here every policy’s window counts from the first idle moment, unless renew is on.',
    'There a policy decides for each container that becomes idle; here once for the app, when all of its work is done.',
    'There the keep-alive window of a pre-warmed container begins when it is loaded; here when its load begins.',
    'There the first host with a usable container serves, and its containers are taken in the order of a hash set that began with the one free longest; here the instance that is idle longest, on whichever node.',
    'There executions slow down where a host has more of them than cores; here they take their time.',
    'There each execution’s duration is drawn from the function’s percentiles; here it is the function’s mean.',
    'There an app is charged its highest recorded percentile of memory, and left out where it has none; here its mean, or the median app’s.',
    'There only a drawn sample of apps is simulated, for an hour unless told otherwise; here the whole trace.',
  ],
}
