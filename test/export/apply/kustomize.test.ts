import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { merged } from '../../../src/export/apply/merged-document.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import type { Export } from '../../../src/export/export-plan.ts'
import type { Data } from '../../../src/export/files/export-file.ts'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import { appPlan, DAILY, exported, planOf, textOf } from '../exported.ts'

const PLAN = planOf([
  appPlan({ keepAliveMs: 1_200_000, floor: constantFloor(2) }),
  appPlan({ app: 'mailer', floor: DAILY, evidence: { ...appPlan().evidence, peakInstances: 300 } }),
])

/** Objects of an operator, as files before anything is exported: images, limits, triggers and annotations of their own. */
const OWN: Readonly<Record<string, Data>> = {
  ksvc: data({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    spec: {
      template: {
        metadata: { annotations: { team: 'blue', 'autoscaling.knative.dev/window': '90s' } },
        spec: { containerConcurrency: 7, containers: [{ name: 'user', image: 'registry/app:1' }] },
      },
    },
  }),
  inferenceservice: data({
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    spec: { predictor: { minReplicas: 3, model: { modelFormat: { name: 'onnx' } } } },
  }),
  scaledobject: data({
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    spec: {
      maxReplicaCount: 500,
      scaleTargetRef: { name: 'shop' },
      triggers: [{ type: 'kafka', name: 'orders', metadata: { topic: 'orders' } }],
    },
  }),
  interceptorroute: data({
    apiVersion: 'http.keda.sh/v1beta1',
    kind: 'InterceptorRoute',
    spec: { target: { service: 'shop', port: 80 }, rules: [{ hosts: ['shop.example'] }] },
  }),
  'functions.fission.io': data({
    apiVersion: 'fission.io/v1',
    kind: 'Function',
    spec: { environment: { name: 'node' }, resources: { limits: { memory: '256Mi' } } },
  }),
  nucliofunction: data({
    apiVersion: 'nuclio.io/v1beta1',
    kind: 'NuclioFunction',
    spec: { image: 'registry/app:1', maxReplicas: 40, triggers: { http: { kind: 'http' } } },
  }),
  deployment: data({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { annotations: { 'SlimFaas/Function': 'true' } },
    spec: { template: { spec: { containers: [{ name: 'user', image: 'registry/app:1' }] } } },
  }),
}

const KUBERNETES = ['knative', 'openshift-serverless', 'kserve', 'keda', 'fission', 'nuclio', 'slimfaas']
const kubectl = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' })
const hasKubectl = kubectl.status === 0
const hasComponents = /Kustomize Version: v[4-9]/.test(kubectl.stdout ?? '')

function data(value: object): Data {
  return value as unknown as Data
}

/** The objects that an export changes, as their operator wrote them, by the names of the export. */
function ownObjects(made: Export): readonly (readonly [object: string, own: Data])[] {
  const lines = textOf(made, 'changes.txt').trim().split('\n')
  return lines.map((line) => {
    const [object = ''] = line.split(' ')
    const [resource = '', name = ''] = object.split('/')
    const own = OWN[resource]!
    return [object, data({ ...own, metadata: { name, ...own['metadata'] } })]
  })
}

/** What apply.sh would make of an object, where no number may be raised: Kustomize does not see the cluster. */
function wanted(made: Export, object: string, own: Data): Data {
  const line = textOf(made, 'changes.txt')
    .split('\n')
    .find((each) => each.startsWith(`${object} `))!
  const { maxima = {} } = PLATFORMS.get(made.platform, 'test')
  const patch = JSON.parse(textOf(made, line.split(' ')[1]!), (key, value: unknown) => {
    return key in maxima ? undefined : value
  }) as Data
  return merged(own, patch)
}

function versionOf(kind: string): { group: string; version: string } {
  const own = Object.values(OWN).find((each) => String(each['kind']) === kind)!
  const [group = '', version = ''] = String(own['apiVersion']).split('/')
  return { group, version }
}

/** What includes the component; an early Kustomize, without components, is told its patches in its own way. */
function kustomizationOf(made: Export): object {
  if (hasComponents) return { resources: ['own.yaml'], components: ['kustomize'] }
  const { patches } = parse(textOf(made, 'kustomize/kustomization.yaml')) as {
    patches: { path: string; target: { kind: string; name: string } }[]
  }
  const [added, merged] = [true, false].map((isAdded) =>
    patches.filter(({ path }) => path.endsWith('-added.yaml') === isAdded),
  )
  return {
    resources: ['own.yaml'],
    patchesStrategicMerge: merged!.map(({ path }) => `kustomize/${path}`),
    patchesJson6902: added!.map(({ path, target }) => ({
      path: `kustomize/${path}`,
      target: { ...versionOf(target.kind), ...target },
    })),
  }
}

function nameOf(object: Data): string {
  return `${String(object['kind'])} ${String(object['metadata']?.['name'])}`
}

describe('what an export writes for Kustomize and Helm', () => {
  it.each(KUBERNETES)('names a patch per object of %s, all of them in its folder', (id) => {
    const made = exported(id, PLAN)
    const component = parse(textOf(made, 'kustomize/kustomization.yaml')) as {
      kind: string
      patches: { path: string; target: { kind: string; name: string } }[]
    }
    expect(component.kind).toBe('Component')
    for (const { path, target } of component.patches.filter(({ path }) => !path.endsWith('-added.yaml'))) {
      const patch: unknown = parse(textOf(made, `kustomize/${path}`))
      expect(patch).toMatchObject({ kind: target.kind, metadata: { name: target.name } })
    }
    for (const { path } of component.patches) expect(textOf(made, `kustomize/${path}`)).not.toBe('')
    const patched = new Set(component.patches.map(({ target }) => `${target.kind} ${target.name}`))
    expect(patched.size).toBe(ownObjects(made).length)
    const values = parse(textOf(made, 'helm/values.yaml')) as { pilotlight: object }
    expect(Object.keys(values.pilotlight)).toEqual(ownObjects(made).map(([object]) => object))
  })

  it.skipIf(!hasKubectl).each(KUBERNETES)(
    'makes of files what apply.sh makes of the objects in a cluster: %s',
    (id) => {
      const made = exported(id, PLAN)
      const own = ownObjects(made)
      const folder = mkdtempSync(join(tmpdir(), 'pilotlight-kustomize-'))
      try {
        for (const { path, text } of made.files.filter(({ path }) => path.startsWith('kustomize/'))) {
          mkdirSync(dirname(join(folder, path)), { recursive: true })
          writeFileSync(join(folder, path), text)
        }
        const texts = own.map(([, object]) => stringify(object, { aliasDuplicateObjects: false }))
        writeFileSync(join(folder, 'own.yaml'), texts.join('---\n'))
        writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomizationOf(made)))
        const output = execFileSync('kubectl', ['kustomize', folder], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        const built = parseAllDocuments(output).map((document) => document.toJS() as Data)
        const byName = new Map(built.map((object) => [nameOf(object), object]))
        for (const [object, before] of own)
          expect(byName.get(nameOf(before)), object).toEqual(wanted(made, object, before))
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})
