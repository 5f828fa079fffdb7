import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/user-error.ts'
import { exportPlan } from '../../../src/export/export-plan.ts'
import { OWN_NAMES } from '../../../src/export/files/deployed-names.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { levelAt, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import type { AppPlan } from '../../../src/policy/plan/plan.ts'
import { appPlan, planOf, textOf } from '../exported.ts'

const OBJECT = {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'shop' },
  spec: {
    cooldownPeriod: 120,
    minReplicaCount: 1,
    triggers: [{ type: 'cron', metadata: { start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: '3' } }],
  },
}
const PLAN = planOf([appPlan(), appPlan({ app: 'mailer' })])

function withListing(text: string, id = 'keda') {
  return exportPlan(PLAN, PLATFORMS.get(id, 'test'), OWN_NAMES, { listing: { text, where: 'present.json' } })
}

/** The windows of the first app as the platform is, or why a listing was not taken. */
function windowsOf(listing: string, id: string): unknown {
  try {
    const { keepAliveMs, prewarmMs } = withListing(listing, id).asItIs!.plan.apps[0]!
    return [keepAliveMs, prewarmMs]
  } catch (error) {
    return error
  }
}

describe('an export beside what the platform has now', () => {
  it.each(PLATFORMS.ids)('for %s takes a listing that has nothing of it, or says that no listing tells of it', (id) => {
    for (const listing of [[], [{ name: 'shop' }], { items: [{ metadata: { name: 'shop' } }] }])
      expect(windowsOf(JSON.stringify(listing), id)).toSatisfy(
        (found) => found instanceof UserError || (found as number[]).every((window) => window >= 0),
      )
  })

  it.each([
    ['a list of kubectl', { kind: 'List', items: [OBJECT] }],
    ['a list', [OBJECT]],
    ['one object', OBJECT],
    ['what present.sh prints', { 'scaledobject/shop': OBJECT, 'scaledobject/mailer': null }],
  ])('takes %s, shows what becomes another, and keeps what there was', (_, listing) => {
    const made = withListing(JSON.stringify(listing))
    const diff = textOf(made, 'diff.txt')
    expect(diff).toContain('scaledobject/shop:\n- spec.cooldownPeriod: 120\n+ spec.cooldownPeriod: 540\n')
    expect(diff).not.toContain('metadata.start')
    expect(diff).toContain('scaledobject/mailer: not in the listing\n')
    expect(JSON.parse(textOf(made, 'before/scaledobject_shop.json'))).toEqual({
      object: 'scaledobject/shop',
      file: 'scaledobjects/shop.json',
      present: OBJECT,
      patch: JSON.parse(textOf(made, 'scaledobjects/shop.json')) as unknown,
    })
  })

  it('simulates the platform as it is, and the export with what stays of it', () => {
    const { asItIs, applied } = withListing(JSON.stringify([OBJECT]))
    const [shop, mailer] = asItIs!.plan.apps
    // One at all times, three from eight to six and for the five minutes after it.
    expect(shop).toMatchObject({ keepAliveMs: 120_000, lastKeepAliveMs: 120_000 })
    expect(shop!.floor.steps.map(({ instances }) => instances)).toEqual([3, 1])
    expect(mailer).toMatchObject({ keepAliveMs: 300_000, floor: { steps: [] } })
    expect(applied.apps[0]).toMatchObject({ lastKeepAliveMs: 600_000 })
    // The operator's own trigger stays; the policy holds nothing beside it.
    expect(applied.apps[0]!.floor.steps.map(({ instances }) => instances).toSorted()).toContain(3)
  })

  it('keeps an operator’s own windows of a Fission function of which the policy holds nothing, and no level around them', () => {
    const lunch = { name: 'lunch', start: '0 10 * * *', duration: '2h', target: 6 }
    const object = {
      apiVersion: 'fission.io/v1',
      kind: 'Function',
      metadata: { name: 'shop' },
      spec: { idletimeout: 600, requestsPerPod: 1, provisionedConcurrency: { target: 2, windows: [lunch] } },
    }
    const made = withListing(JSON.stringify([object]), 'fission')
    expect(textOf(made, 'diff.txt')).not.toContain('lunch')
    const [{ floor }] = made.applied.apps as [AppPlan]
    expect([3, 11, 15].map((hour) => levelAt(floor, hour * 60))).toEqual([0, 6, 0])

    // Without windows there is nothing to keep, and the field is not in every release.
    const plain = { ...object, spec: { idletimeout: 600, requestsPerPod: 1 } }
    expect(textOf(withListing(JSON.stringify([plain]), 'fission'), 'diff.txt')).toContain(
      'functions.fission.io/shop: nothing to change\n',
    )
    const constant = { ...object, spec: { ...plain.spec, provisionedConcurrency: { target: 2 } } }
    const set = withListing(JSON.stringify([constant]), 'fission')
    expect(textOf(set, 'diff.txt')).toContain('\n- spec.provisionedConcurrency.target: 2\n')
    expect(set.applied.apps[0]!.floor).toEqual(NO_FLOOR)
  })

  it('says where nothing becomes another', () => {
    const listing = { shop: { idle_timeout: 600, name: 'shop' }, mailer: { idle_timeout: 30 } }
    const made = withListing(JSON.stringify(listing), 'fn')
    expect(textOf(made, 'diff.txt')).toContain(
      '\n\nshop: nothing to change\n\nmailer:\n- idle_timeout: 30\n+ idle_timeout: 600\n',
    )
    expect(made.asItIs!.plan.apps.map(({ keepAliveMs }) => keepAliveMs)).toEqual([600_000, 30_000])
  })

  it('is refused with what is no listing', () => {
    for (const text of ['7', '', 'null', '{"kind": "Pod", "metadata": {"name": "shop"}}', '[1, 2]', '"shop"']) {
      expect(() => withListing(text)).toThrow(
        'present.json: expected a listing of objects of KEDA, found none. present.sh of an export prints one. So do these commands: kubectl get scaledobject --namespace default --output json',
      )
    }
    expect(() => withListing('{')).toThrow('present.json: not valid JSON or YAML')
    const odd = { ...OBJECT, spec: { ...OBJECT.spec, cooldownPeriod: 'soon' } }
    expect(() => withListing(JSON.stringify(odd))).toThrow(
      'present.json: the values of shop are out of the range of KEDA',
    )
    const zone = [
      { type: 'cron', metadata: { start: '0 8 * * *', end: '0 9 * * *', desiredReplicas: '1', timezone: 'Mars' } },
    ]
    expect(() => withListing(JSON.stringify({ ...OBJECT, spec: { triggers: zone } }))).toThrow(
      'there is no time zone called "Mars"',
    )
    expect(() => withListing('{}', 'modal')).toThrow(
      'present.json: --present cannot be used with Modal: Modal has no call',
    )
  })
})
