import type { ModelPreset } from '../model-preset.ts'

export const dslab: ModelPreset = {
  id: 'dslab',
  summary:
    'DSLab FaaS: an app goes to the first host with room, a use does not renew a window, and a load takes one second.',
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
    'There nothing is evicted, and an invocation without room waits until a window has ended; here idle instances are evicted, first the one whose window ends first.',
    'There an invocation without room waits at the first host, and later ones may overtake it; here all wait in one line, and none overtakes.',
    'There an invocation that waited for room always counts as cold; here as warm where a loaded instance serves it.',
    'There an invocation that waits for the load of a pre-warmed container counts as cold; here as joined.',
    'There only the fixed policy keeps its first window, unless reset_keepalive is set; here every policy’s window counts from the first idle moment, unless renew is on.',
    'There a policy is asked for each container that becomes idle; here once for the app, when all of its work is done.',
    'There the keep-alive window of a pre-warmed container begins when it is loaded; here when its load begins.',
    'There the first host with a usable container serves, in the order of a hash set that at first has the container that is idle longest; here the instance that is idle longest serves, on any node.',
    'There executions slow down where a host has more of them than cores; here they always take their time.',
    'There the duration of each execution is drawn from the function’s percentiles; here it is the function’s mean.',
    'There an app has the highest percentile of memory that was recorded for it, and is left out where there is none; here it has its mean, or that of the median app.',
    'There a drawn sample of apps is simulated, for an hour by default; here the whole trace.',
  ],
}
