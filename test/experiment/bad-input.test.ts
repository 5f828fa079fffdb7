import { describe, expect, it } from 'vitest'
import { policies } from '../../src/policy/policies/index.ts'
import { UserError } from '../../src/core/user-error.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { evictions } from '../../src/sim/evictions/index.ts'
import { COUNTS, EVENTS, experiment, experimentWith } from './facts.ts'

/** The message of what a promise fails with, which must be a UserError. */
function complaintOf(failing: Promise<unknown>): Promise<string> {
  return failing.then(
    () => 'accepted',
    (error: unknown) => (error instanceof UserError ? error.message : `no UserError: ${String(error)}`),
  )
}

function complaint(text: string): Promise<string> {
  return complaintOf(experiment(text))
}

function plan(policies: string, more: string, trace = COUNTS): Promise<string> {
  return complaintOf(experimentWith(policies, more).then((read) => planRuns(read, trace)))
}

const frame = (lines: string) => `name: x\ntrace: { path: somewhere }\n${lines}`
const policy = (entry: string) => frame(`policies:\n  - ${entry}\n`)

/** What is written, and the exact message. */
const CASES: readonly (readonly [string, string, string])[] = [
  [
    'an empty file',
    '',
    'x.yaml: expected an experiment, found an empty file. See experiments/quickstart.yaml for one.',
  ],
  [
    'comments alone',
    '# nothing\n',
    'x.yaml: expected an experiment, found an empty file. See experiments/quickstart.yaml for one.',
  ],
  ['a text', 'hello', 'x.yaml:1:1: expected an experiment as a mapping, found "hello".'],
  ['a list', '- name: x', 'x.yaml:1:1: expected an experiment as a mapping, found a list.'],
  [
    'broken YAML',
    'name: x\npolicies: [ { policy: fixed }\n',
    'x.yaml:3:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
  ],
  ['a key twice', 'name: x\nname: y\n', 'x.yaml:2:1: not valid YAML: Map keys must be unique.'],
  ['two documents', 'name: x\n---\nname: y\n', 'x.yaml:3:1: expected one YAML document, found a second one.'],
  [
    'a key twice deep within',
    'name: x\ntrace: { path: y, path: z }\n',
    'x.yaml:2:19: not valid YAML: Map keys must be unique.',
  ],
  [
    'a misspelt key of an entry',
    policy('{ polcy: fixed }'),
    'x.yaml:4:5: policies[0]: expected a mapping with the key "policy", found a mapping with the key "polcy". Did you mean "policy"?',
  ],
  ['an unknown alias', 'name: *nobody\n', 'x.yaml:1:7: not valid YAML: the alias nobody has no anchor before it.'],
  [
    'a misspelt key',
    frame('polices:\n  - { policy: fixed }\n'),
    'x.yaml:3:1: polices: an experiment has no key called "polices". Did you mean "policies"?',
  ],
  [
    'a key of trace that stands beside it',
    frame('judge: day 2..3\n'),
    'x.yaml:3:1: judge: an experiment has no key called "judge". It belongs under trace, as in trace: { …, judge: … }.',
  ],
  [
    'a key of trace under model',
    frame('model: { kind: paper, judge: day 2 }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:23: model.judge: the paper model has no option called "judge". It belongs under trace, as in trace: { …, judge: … }.',
  ],
  [
    'an option of the model beside it',
    frame('unit: function\n'),
    'x.yaml:3:1: unit: an experiment has no key called "unit". It belongs under model, as in model: { kind: paper, unit: … }.',
  ],
  [
    'an option of another kind of model',
    frame('model: { kind: paper, nodes: 4 }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:23: model.nodes: the paper model has no option called "nodes". It belongs to the kind cluster.',
  ],
  [
    'a key of the experiment under trace',
    'name: x\ntrace: { path: p, prices: gcp }\npolicies: [ { policy: none } ]\n',
    'x.yaml:2:19: trace.prices: trace has no key called "prices". It belongs beside trace and policies, at the beginning of a line.',
  ],
  [
    'the seed of the runs in an entry, not that of a slice',
    frame('policies:\n  - { policy: fixed, seed: 2 }\n'),
    'x.yaml:4:22: policies[0].seed: the policy fixed has no parameter called "seed". It belongs beside trace and policies, at the beginning of a line.',
  ],
  [
    'a key that every object has',
    frame('toString: 1\n'),
    'x.yaml:3:1: toString: an experiment has no key called "toString". There are: name, trace, model, policies, baseline, choose, seed, prices, metrics, charts.',
  ],
  [
    'an option of the model in an entry that cannot choose it',
    frame('policies:\n  - { policy: fixed, spread: even }\n'),
    'x.yaml:4:22: policies[0].spread: the policy fixed has no parameter called "spread". It belongs under model, as in model: { kind: paper, spread: … }.',
  ],
  [
    'no name',
    'trace: { path: p }\npolicies: [ { policy: none } ]\n',
    'x.yaml:1:1: name: expected a name of letters, digits, ".", "-" and "_" that begins with a letter or digit, found nothing.',
  ],
  [
    'a name that climbs out of its folder',
    'name: ../../etc\ntrace: { path: p }\npolicies: [ { policy: none } ]\n',
    'x.yaml:1:7: name: expected a name of letters, digits, ".", "-" and "_" that begins with a letter or digit, found "../../etc".',
  ],
  [
    'no trace',
    'name: x\npolicies: [ { policy: none } ]\n',
    'x.yaml:1:1: trace: expected trace as a mapping, found nothing.',
  ],
  [
    'a trace without a path',
    'name: x\ntrace: {}\npolicies: [ { policy: none } ]\n',
    'x.yaml:2:8: trace.path: expected the path of a trace, found nothing.',
  ],
  [
    'an unknown format',
    'name: x\ntrace: { path: p, format: compild }\npolicies: [ { policy: none } ]\n',
    'x.yaml:2:27: trace.format: no trace format called "compild". Did you mean "compiled"?',
  ],
  [
    'no policies',
    frame(''),
    'x.yaml:1:1: policies: expected a list of at least one policy, found nothing. Write - { policy: fixed } under "policies:".',
  ],
  [
    'an empty list of policies',
    frame('policies: []\n'),
    'x.yaml:3:11: policies: expected a list of at least one policy, found an empty list. Write - { policy: fixed } under "policies:".',
  ],
  [
    'a policy that is a text',
    policy('fixed'),
    'x.yaml:4:5: policies[0]: expected a mapping with the key "policy", found "fixed". Write, for example, { policy: fixed, keepAlive: 10m }.',
  ],
  [
    'a policy that does not exist',
    frame('policies:\n  - { policy: fixed }\n  - { policy: hybird-histogram }\n'),
    'x.yaml:5:15: policies[1].policy: no policy called "hybird-histogram". Did you mean "hybrid-histogram"?',
  ],
  [
    'a policy nobody means',
    policy('{ policy: x }'),
    `x.yaml:4:15: policies[0].policy: no policy called "x". There are: ${policies.ids.join(', ')}. A plan (./plan.json) and a policy of your own (./my-policy.ts) are named by their files.`,
  ],
  [
    'a misspelt parameter',
    policy('{ policy: fixed, keepalive: 10m }'),
    'x.yaml:4:22: policies[0].keepalive: the policy fixed has no parameter called "keepalive". Did you mean "keepAlive"?',
  ],
  [
    'a parameter of another policy',
    policy('{ policy: none, keepAlive: 10m }'),
    'x.yaml:4:21: policies[0].keepAlive: the policy none has no parameter called "keepAlive". There are: policy, label.',
  ],
  [
    'a duration without a unit',
    policy('{ policy: fixed, keepAlive: 600 }'),
    'x.yaml:4:33: policies[0].keepAlive: expected a duration such as 90s, 10m or 4h, found 600. Write its unit, as in 600s or 600m.',
  ],
  [
    'a duration with an unknown unit',
    policy('{ policy: fixed, keepAlive: 10 min }'),
    'x.yaml:4:33: policies[0].keepAlive: expected a duration such as 90s, 10m or 4h, found "10 min". The units are ms, s, m, h and d.',
  ],
  [
    'a negative duration',
    policy('{ policy: fixed, keepAlive: -10m }'),
    'x.yaml:4:33: policies[0].keepAlive: expected a duration such as 90s, 10m or 4h, found "-10m". The units are ms, s, m, h and d.',
  ],
  [
    'a fraction of a millisecond',
    policy('{ policy: fixed, keepAlive: 1.5ms }'),
    'x.yaml:4:33: policies[0].keepAlive: expected a duration in whole milliseconds, found "1.5ms".',
  ],
  [
    'a loading time per MB that is too large for a number',
    frame(
      `model: { kind: instances, coldStart: { base: 1s, perMb: ${'9'.repeat(400)}ms } }\npolicies: [{ policy: none }]\n`,
    ),
    `x.yaml:3:57: model.coldStart.perMb: expected a duration in whole milliseconds, found "${'9'.repeat(200)}"… (402 characters).`,
  ],
  [
    'a duration below its range',
    policy('{ policy: hybrid-histogram, range: 0s }'),
    'x.yaml:4:40: policies[0].range: expected a duration of at least 1ms, found "0s".',
  ],
  [
    'a parameter without a value',
    policy('{ policy: fixed, keepAlive: }'),
    'x.yaml:4:33: policies[0].keepAlive: expected a duration such as 90s, 10m or 4h, found nothing. The units are ms, s, m, h and d.',
  ],
  [
    'a wrong value in a list',
    policy('{ policy: fixed, keepAlive: [10m, 20] }'),
    'x.yaml:4:39: policies[0].keepAlive[1]: expected a duration such as 90s, 10m or 4h, found 20. Write its unit, as in 20s or 20m.',
  ],
  [
    'an empty list',
    policy('{ policy: fixed, keepAlive: [] }'),
    'x.yaml:4:33: policies[0].keepAlive: expected a value or a list of values, found an empty list.',
  ],
  [
    'a number out of range',
    policy('{ policy: hybrid-histogram, tail: 101 }'),
    'x.yaml:4:39: policies[0].tail: expected a number from 0 to 100 (%), found 101.',
  ],
  [
    'a text for a number',
    policy('{ policy: hybrid-histogram, cv: high }'),
    'x.yaml:4:37: policies[0].cv: expected a number of at least 0, found "high".',
  ],
  [
    'an infinite number',
    policy('{ policy: hybrid-histogram, cv: .inf }'),
    'x.yaml:4:37: policies[0].cv: expected a number of at least 0, found Infinity.',
  ],
  [
    'a fraction for a whole number',
    policy('{ policy: hybrid-histogram, minIts: 1.5 }'),
    'x.yaml:4:41: policies[0].minIts: expected a whole number of at least 0, found 1.5.',
  ],
  [
    'a switch between on and off',
    policy('{ policy: hybrid-histogram, arima: maybe }'),
    'x.yaml:4:40: policies[0].arima: expected on, off, true or false, found "maybe".',
  ],
  [
    'a misspelt choice',
    policy('{ policy: hybrid-histogram, marginReading: absolut }'),
    'x.yaml:4:48: policies[0].marginReading: expected absolute, afterLoad, ofHead or ofWidth, found "absolut". Did you mean "absolute"?',
  ],
  [
    'a label of two lines',
    policy('{ policy: fixed, label: "a\\nb" }'),
    'x.yaml:4:29: policies[0].label: expected a label of one line, found "a\\nb".',
  ],
  [
    'a kind of model that is not there',
    frame('model: { kind: clutser }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:16: model.kind: no kind of model called "clutser". Did you mean "cluster"?',
  ],
  [
    'several kinds of models',
    frame('model: { kind: [paper, instances] }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:16: model.kind: expected one kind of model, found a list. Several kinds are a list of models: model: [{ kind: paper }, { kind: instances }].',
  ],
  [
    'a model that is a text',
    frame('model: paper\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:8: model: expected the paper model as a mapping, found "paper".',
  ],
  [
    'an option that the kind of model does not take',
    frame('model: { kind: paper, concurrency: 4 }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:23: model.concurrency: the paper model has no option called "concurrency". It belongs to the kind instances or cluster.',
  ],
  [
    'an unknown spread',
    frame('model: { spread: evn }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:18: model.spread: expected minute, start, even, uniform or poisson, found "evn". Did you mean "even"?',
  ],
  [
    'no concurrency at all',
    frame('model: { kind: instances, concurrency: 0 }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:40: model.concurrency: expected a whole number from 1 to 2147483648, found 0.',
  ],
  [
    'a cold start without a unit',
    frame('model: { kind: instances, coldStart: 2 }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:38: model.coldStart: expected a duration such as 90s, 10m or 4h, found 2. Write its unit, as in 2s or 2m.',
  ],
  [
    'a negative seed',
    frame('seed: -1\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:7: seed: expected a whole number from 0 to 9007199254740991, found -1.',
  ],
  [
    'a baseline that is a number',
    frame('baseline: 10\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:11: baseline: expected the label of a run, found 10.',
  ],
  [
    'two mistakes, of which the first in the file is told',
    frame('policies:\n  - { policy: hybrid-histogram, cv: x, head: y, tial: 3 }\n'),
    'x.yaml:4:37: policies[0].cv: expected a number of at least 0, found "x".',
  ],
]

const cluster = (options: string) => frame(`model: { kind: cluster${options} }\npolicies: [ { policy: none } ]\n`)
const NODES = ', nodes: { memory: 4GB }'
const NODES_HINT = 'Write, for example, nodes: { count: 4, memory: 16GB }.'

/** The same of clusters. */
/** As a message lists them. */
const EVICTION_IDS = evictions.ids.join(', ').replace(/, ([^,]*)$/, ' or $1')

const CLUSTER_CASES: readonly (readonly [string, string, string])[] = [
  [
    'no nodes',
    cluster(''),
    `x.yaml:3:8: model.nodes: expected nodes as a mapping of count and memory, found nothing. ${NODES_HINT}`,
  ],
  [
    'nodes of which nothing is said',
    cluster(', nodes: {}'),
    'x.yaml:3:32: model.nodes.memory: expected a memory size such as 512MB or 4GB, found nothing. The units are MB, GB and TB.',
  ],
  [
    'nodes as a number',
    cluster(', nodes: 4'),
    `x.yaml:3:32: model.nodes: expected nodes as a mapping of count and memory, found 4. ${NODES_HINT}`,
  ],
  [
    'zero nodes',
    cluster(', nodes: { count: 0, memory: 4GB }'),
    `x.yaml:3:41: model.nodes.count: expected a whole number from 1 to 100000, found 0. ${NODES_HINT}`,
  ],
  [
    'more nodes than anybody has',
    cluster(', nodes: { count: 1000000, memory: 4GB }'),
    `x.yaml:3:41: model.nodes.count: expected a whole number from 1 to 100000, found 1000000. ${NODES_HINT}`,
  ],
  [
    'memory without a unit',
    cluster(', nodes: { memory: 4096 }'),
    'x.yaml:3:42: model.nodes.memory: expected a memory size such as 512MB or 4GB, found 4096. Write its unit, as in 4096MB or 4096GB.',
  ],
  [
    'negative memory',
    cluster(', nodes: { memory: -4GB }'),
    'x.yaml:3:42: model.nodes.memory: expected a memory size such as 512MB or 4GB, found "-4GB". The units are MB, GB and TB.',
  ],
  [
    'negative memory without a unit',
    cluster(', nodes: { memory: -4 }'),
    'x.yaml:3:42: model.nodes.memory: expected a memory size such as 512MB or 4GB, found -4. The units are MB, GB and TB.',
  ],
  [
    'no memory at all',
    cluster(', nodes: { memory: 0GB }'),
    `x.yaml:3:42: model.nodes.memory: expected a memory size above 0MB, found "0GB". ${NODES_HINT}`,
  ],
  [
    'memory with an unknown unit, in a list',
    cluster(', nodes: { memory: [4GB, 8GiB] }'),
    'x.yaml:3:48: model.nodes.memory[1]: expected a memory size such as 512MB or 4GB, found "8GiB". The units are MB, GB and TB.',
  ],
  [
    'a misspelt key of nodes',
    cluster(', nodes: { memory: 4GB, cout: 2 }'),
    'x.yaml:3:47: model.nodes.cout: nodes have no key called "cout". Did you mean "count"?',
  ],
  [
    'a key of nodes that nobody means, in a list',
    cluster(', nodes: [ { memory: 4GB }, { cpu: 2, memory: 4GB } ]'),
    'x.yaml:3:53: model.nodes[1].cpu: nodes have no key called "cpu". There are: count, memory.',
  ],
  [
    'an empty list of nodes',
    cluster(', nodes: []'),
    `x.yaml:3:32: model.nodes: expected at least one group of nodes, found an empty list. ${NODES_HINT}`,
  ],
  [
    'an empty list of counts',
    cluster(', nodes: { count: [], memory: 4GB }'),
    `x.yaml:3:41: model.nodes.count: expected a value or a list of values, found an empty list. ${NODES_HINT}`,
  ],
  [
    'a grid in a list of unlike nodes',
    cluster(', nodes: [ { memory: 4GB }, { memory: [8GB, 16GB] } ]'),
    'x.yaml:3:61: model.nodes[1].memory: expected one value, found a list. A list of nodes is one cluster of unlike nodes; only nodes written as one mapping take lists, as a grid.',
  ],
  [
    'a list of lists of nodes',
    cluster(', nodes: [ [ { memory: 4GB } ] ]'),
    `x.yaml:3:34: model.nodes[0]: expected nodes as a mapping of count and memory, found a list. ${NODES_HINT}`,
  ],
  [
    'a list of memory sizes for nodes',
    cluster(', nodes: [ 4GB, 8GB ]'),
    `x.yaml:3:34: model.nodes[0]: expected nodes as a mapping of count and memory, found "4GB". ${NODES_HINT}`,
  ],
  [
    'a misspelt placement',
    cluster(`${NODES}, placement: least-load`),
    'x.yaml:3:60: model.placement: expected hash, least-loaded, first-fit, round-robin or random, found "least-load". Did you mean "least-loaded"?',
  ],
  [
    'a misspelt eviction order, in a list',
    cluster(`${NODES}, eviction: [lru, lfuu]`),
    `x.yaml:3:65: model.eviction[1]: expected ${EVICTION_IDS}, found "lfuu". Did you mean "lfu"?`,
  ],
  [
    'a misspelt preset',
    cluster(`${NODES}, as: fascache`),
    'x.yaml:3:53: model.as: expected none, faascache, dslab or opendc, found "fascache". Did you mean "faascache"?',
  ],
  [
    'a limit of waiting without a unit',
    cluster(`${NODES}, queueLimit: 30`),
    'x.yaml:3:61: model.queueLimit: expected a duration such as 90s, 10m or 4h, found 30. Write its unit, as in 30s or 30m.',
  ],
  [
    'a p99 below the median',
    cluster(`${NODES}, coldStart: { median: 6s, p99: 400ms }`),
    'x.yaml:3:79: model.coldStart.p99: expected a p99 of at least the median of 6s, found 400ms. Write, for example, { median: 400ms, p99: 6s }.',
  ],
  [
    'a median without a p99',
    cluster(`${NODES}, coldStart: { median: 6s }`),
    'x.yaml:3:60: model.coldStart.p99: expected a duration such as 90s, 10m or 4h, found nothing. The units are ms, s, m, h and d.',
  ],
  [
    'a median of no time',
    cluster(`${NODES}, coldStart: { median: 0s, p99: 1s }`),
    'x.yaml:3:70: model.coldStart.median: expected a duration of at least 1ms, found "0s".',
  ],
  [
    'two laws in one',
    cluster(`${NODES}, coldStart: { base: 1s, median: 2s }`),
    'x.yaml:3:72: model.coldStart.median: a loading time of base and perMb has no key called "median". There are: base, perMb.',
  ],
  [
    'a misspelt key of a law, in a list',
    cluster(`${NODES}, coldStart: [1s, { median: 1s, p9: 2s }]`),
    'x.yaml:3:79: model.coldStart[1].p9: a loading time of median and p99 has no key called "p9". Did you mean "p99"?',
  ],
  [
    'a loading time per MB without a unit',
    cluster(`${NODES}, coldStart: { base: 1s, perMb: 2 }`),
    'x.yaml:3:79: model.coldStart.perMb: expected a duration such as 90s, 10m or 4h, found 2. Write its unit, as in 2s or 2m.',
  ],
  [
    'a misspelt eviction order of an entry',
    frame(`model: { kind: cluster${NODES} }\npolicies:\n  - { policy: no-unload, eviction: lur }\n`),
    `x.yaml:5:36: policies[0].eviction: expected ${EVICTION_IDS}, found "lur". Did you mean "lru"?`,
  ],
  [
    'an eviction order of an entry where memory is without limit',
    frame('model: { kind: instances }\npolicies:\n  - { policy: no-unload, eviction: lru }\n'),
    'x.yaml:5:26: policies[0].eviction: the policy no-unload has no parameter called "eviction". It belongs under model, as in model: { kind: cluster, eviction: … }.',
  ],
  [
    'nodes of a model without limit',
    frame('model: { kind: instances, nodes: { memory: 4GB } }\npolicies: [ { policy: none } ]\n'),
    'x.yaml:3:27: model.nodes: the instances model has no option called "nodes". It belongs to the kind cluster.',
  ],
]

describe('a mistake in an experiment is one sentence with its place', () => {
  it.each([...CASES, ...CLUSTER_CASES])('%s', async (_what, text, message) => {
    expect(await complaint(text)).toBe(message)
  })

  it('counts lines and columns the same with CRLF and a byte order mark', async () => {
    const text = policy('{ policy: fixed, keepAlive: 600 }').replaceAll('\n', '\r\n')
    expect(await complaint(text)).toMatch(/^x\.yaml:4:33: policies\[0\]\.keepAlive: expected a duration/)
    expect(await complaint(`\uFEFF${text}`)).toMatch(/^x\.yaml:4:33: policies\[0\]\.keepAlive: expected a duration/)
  })

  it('tells of a mistake where an alias stands', async () => {
    expect(await complaint(policy('{ policy: hybrid-histogram, range: &r 4h, cv: *r }'))).toBe(
      'x.yaml:4:51: policies[0].cv: expected a number of at least 0, found "4h".',
    )
  })
})

describe('what does not fit the trace or the other runs is one sentence with its place', () => {
  it('memory asked of a trace without memory', async () => {
    expect(await plan('  - { policy: none }', 'model: { memory: trace }', EVENTS)).toBe(
      'x.yaml:3:18: model.memory: the trace events has no memory of its apps. Write memory: equal, which charges every app 1 MB.',
    )
  })

  it('a spread of arrivals that have their own times', async () => {
    expect(await plan('  - { policy: none }', 'model: { spread: even }', EVENTS)).toBe(
      'x.yaml:3:18: model.spread: the trace events has its own arrival times, so there are no minutes to spread. Remove spread.',
    )
  })

  it('a baseline that no run has', async () => {
    expect(await plan('  - { policy: fixed, keepAlive: [5m, 10m] }', 'baseline: fixed(keepAlive=15m)')).toBe(
      'x.yaml:3:11: baseline: no run has the label "fixed(keepAlive=15m)". Did you mean "fixed(keepAlive=5m)"? The labels are: fixed(keepAlive=5m), fixed(keepAlive=10m).',
    )
  })

  it('a baseline whose label two policies have', async () => {
    const two = '  - { policy: fixed, label: a }\n  - { policy: none, label: a }'
    expect(await plan(two, 'baseline: a')).toBe(
      'x.yaml:3:11: baseline: two policies have the label "a". Give the one that is the baseline a label of its own.',
    )
  })
})
