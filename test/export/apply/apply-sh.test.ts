import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { APPLIED } from '../../../src/export/apply/scripts.ts'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import { type AppPlan } from '../../../src/policy/plan/plan.ts'
import { appPlan, DAILY, exported, planOf } from '../exported.ts'

/** A cluster of one namespace, in files: reads, replaces, creates and deletes objects as kubectl does. */
const KUBECTL = `#!/bin/sh
set -eu
verb=$1; shift
case $verb in
  get|delete) file=$CLUSTER/$(printf %s "$1" | tr / _).json ;;
  *) file=$CLUSTER/$(jq -r '"\\(.kind)_\\(.metadata.name).json"' "$2" | sed 's/^[A-Za-z]*/\\L&/') ;;
esac
case $verb in
  get) [ ! -e "$file" ] || cat "$file" ;;
  delete) rm "$file" ;;
  create) [ ! -e "$file" ]; jq '.metadata.uid = "new" | .metadata.resourceVersion = "1"' "$2" >"$file.new"; mv "$file.new" "$file" ;;
  replace)
    [ "$(jq -r .metadata.resourceVersion "$2")" = "$(jq -r .metadata.resourceVersion "$file")" ]
    jq '.metadata.resourceVersion |= ((tonumber + 1) | tostring)' "$2" >"$file.new"; mv "$file.new" "$file" ;;
esac
`

/** An operator's object, with an image, secrets, a trigger and a limit of its own. */
const OPERATORS = {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'shop', namespace: 'default', uid: 'u', resourceVersion: '7', annotations: { team: 'checkout' } },
  spec: {
    scaleTargetRef: { name: 'shop-v2' },
    maxReplicaCount: 250,
    cooldownPeriod: 60,
    triggers: [{ type: 'kafka', metadata: { topic: 'orders' }, authenticationRef: { name: 'secret' } }],
  },
}

const isThere = ['jq', 'diff', 'xargs'].every((program) => spawnSync(program, ['--version']).status === 0)

let folder: string
let cluster: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-apply-'))
  cluster = join(folder, 'cluster')
  for (const each of [cluster, join(folder, 'bin')]) mkdirSync(each)
  writeFileSync(join(folder, 'bin/kubectl'), KUBECTL)
  chmodSync(join(folder, 'bin/kubectl'), 0o755)
  writeFileSync(join(cluster, 'scaledobject_shop.json'), JSON.stringify(OPERATORS))
})
afterEach(() => rmSync(folder, { recursive: true }))

function written(name: string, apps: readonly AppPlan[]): string {
  const place = join(folder, name)
  for (const { path, text } of exported('keda', planOf(apps)).files) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  return place
}

function shell(place: string, script: string, ...words: readonly string[]): string {
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, CLUSTER: cluster }
  const { stdout, stderr, status } = spawnSync('sh', [join(place, script), ...words], { env, encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout
}

interface KedaObject {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec: Readonly<Record<string, unknown>> & { readonly triggers: readonly { readonly name?: string }[] }
}

function object(name: string): KedaObject {
  return JSON.parse(readFileSync(join(cluster, `${name}.json`), 'utf8')) as KedaObject
}

/** An object without what counts its changes. */
function settled(name: string): unknown {
  const { metadata, ...rest } = object(name)
  const { resourceVersion: _, ...others } = metadata
  return { ...rest, metadata: others }
}

describe.skipIf(!isThere)('apply.sh on an operator’s objects (skipped without jq, diff and xargs)', () => {
  const shop = appPlan({ floor: DAILY })

  it('sets what the policy asks for and leaves all else as it was', () => {
    const place = written('a', [shop])
    const shown = shell(place, 'apply.sh', '--dry-run')
    expect(shown).toMatch(/scaledobject\/shop:[^]*-.*"cooldownPeriod": 60[^]*\+.*"cooldownPeriod": 540/)
    expect(object('scaledobject_shop')).toEqual(OPERATORS)
    expect(existsSync(join(cluster, 'interceptorroute_shop.json'))).toBe(false)
    shell(place, 'apply.sh')
    const { metadata, spec } = object('scaledobject_shop')
    expect(metadata).toEqual({ ...OPERATORS.metadata, resourceVersion: '8' })
    expect(spec).toMatchObject({ scaleTargetRef: { name: 'shop-v2' }, maxReplicaCount: 250, cooldownPeriod: 540 })
    expect(spec.triggers[0]).toEqual(OPERATORS.spec.triggers[0])
    expect(spec.triggers.slice(1).map(({ name }) => name)).toEqual([
      'pilotlight-http',
      'pilotlight-1',
      'pilotlight-2',
      'pilotlight-3',
    ])
    expect(object('interceptorroute_shop').spec).toMatchObject({ target: { service: 'shop', port: 80 } })
  })

  it('is shown by present.sh as it is', () => {
    const shown = JSON.parse(shell(written('a', [shop]), 'present.sh')) as Record<string, unknown>
    expect(shown).toEqual({ 'scaledobject/shop': OPERATORS })
  })

  it('finds nothing to change a second time', () => {
    const place = written('a', [shop])
    shell(place, 'apply.sh')
    expect(shell(place, 'apply.sh').trim().split('\n').toSorted()).toEqual([
      'interceptorroute/shop: nothing to change',
      'scaledobject/shop: nothing to change',
    ])
    expect(object('scaledobject_shop').metadata['resourceVersion']).toBe('8')
  })

  it('after another export leaves what that one alone would have left', () => {
    shell(written('a', [shop]), 'apply.sh')
    shell(written('b', [appPlan({ keepAliveMs: 120_000, floor: constantFloor(2) })]), 'apply.sh')
    const both = settled('scaledobject_shop')
    writeFileSync(join(cluster, 'scaledobject_shop.json'), JSON.stringify(OPERATORS))
    shell(written('c', [appPlan({ keepAliveMs: 120_000, floor: constantFloor(2) })]), 'apply.sh')
    expect(both).toEqual(settled('scaledobject_shop'))
  })

  it('is taken back by rollback.sh, with what it had made', () => {
    const place = written('a', [shop])
    shell(place, 'apply.sh')
    expect(existsSync(join(place, APPLIED))).toBe(true)
    shell(place, 'rollback.sh', '--dry-run')
    expect(existsSync(join(place, APPLIED))).toBe(true)
    shell(place, 'rollback.sh')
    expect(existsSync(join(place, APPLIED))).toBe(false)
    const { resourceVersion: _, ...metadata } = OPERATORS.metadata
    expect(settled('scaledobject_shop')).toEqual({ ...OPERATORS, metadata })
    expect(existsSync(join(cluster, 'interceptorroute_shop.json'))).toBe(false)
    expect(shell(place, 'rollback.sh')).toMatch(/^before\/ has no object/)
  })
})
