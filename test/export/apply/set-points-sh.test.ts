import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Floor, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import { appPlan, DAILY, exported, planOf } from '../exported.ts'

/** Application Auto Scaling of one function, in two files. */
const AWS = `#!/bin/sh
set -eu
call=$2
while [ "$#" -gt 0 ]; do
  case $1 in
    --min-capacity) min=$2 ;; --max-capacity) max=$2 ;;
    --cli-input-json) action=$2 ;; --scheduled-action-name) name=$2 ;;
  esac
  shift
done
cd "$CLOUD"
[ -e actions ] || echo '[]' >actions
case $call in
  describe-scalable-targets) if [ -e target ]; then jq '{ScalableTargets: [.]}' target; else echo '{"ScalableTargets": []}'; fi ;;
  describe-scheduled-actions) jq '{ScheduledActions: [.[] + {ScheduledActionARN: "a"}]}' actions ;;
  describe-scaling-policies) if [ -e policies ]; then cat policies; else echo '{"ScalingPolicies": []}'; fi ;;
  register-scalable-target) echo "{\\"MinCapacity\\": $min, \\"MaxCapacity\\": $max}" >target
    echo '{"ProvisionedConcurrencyConfigs": [{"FunctionArn": "arn:aws:lambda:r:1:function:shop:live", "RequestedProvisionedConcurrentExecutions": 1}]}' >held ;;
  deregister-scalable-target) rm target; echo '[]' >actions ;;
  list-provisioned-concurrency-configs) if [ -e held ]; then cat held; else echo '{"ProvisionedConcurrencyConfigs": []}'; fi ;;
  delete-provisioned-concurrency-config) rm held ;;
  put-scheduled-action) jq --argjson a "$action" '[.[] | select(.ScheduledActionName != $a.ScheduledActionName)] + [$a]' actions >new; mv new actions ;;
  delete-scheduled-action) jq --arg n "$name" '[.[] | select(.ScheduledActionName != $n)]' actions >new; mv new actions ;;
esac
`
const OWN = {
  ScheduledActionName: 'black-friday',
  Schedule: 'at(2026-11-27T00:00:00)',
  ScalableTargetAction: { MinCapacity: 9 },
}
const isThere = ['jq', 'diff', 'xargs'].every((program) => spawnSync(program, ['--version']).status === 0)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-aws-'))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin/aws'), AWS)
  chmodSync(join(folder, 'bin/aws'), 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

function applied(name: string, schedule: Floor, script = 'apply.sh'): string {
  const place = join(folder, name)
  if (!existsSync(place)) {
    for (const { path, text } of exported('aws-lambda', planOf([appPlan({ schedule })])).files) {
      mkdirSync(dirname(join(place, path)), { recursive: true })
      writeFileSync(join(place, path), text)
    }
  }
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, CLOUD: folder }
  const { stdout, stderr, status } = spawnSync('sh', [join(place, script)], { env, encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
}

function names(): string[] {
  return (read('actions') as (typeof OWN)[]).map(({ ScheduledActionName }) => ScheduledActionName)
}

describe.skipIf(!isThere)(
  'apply.sh of a platform whose schedules are actions (skipped without jq, diff and xargs)',
  () => {
    it('sets the level of the moment and its actions, beside those that there are, once', () => {
      writeFileSync(join(folder, 'target'), '{"MinCapacity": 1, "MaxCapacity": 9}')
      writeFileSync(join(folder, 'actions'), JSON.stringify([OWN]))
      applied('a', DAILY)
      const { MinCapacity, MaxCapacity } = read('target') as Record<string, number>
      expect(MinCapacity).toBe(MaxCapacity)
      expect([0, 1, 2, 4]).toContain(MinCapacity)
      expect(names()).toEqual(['black-friday', 'pilotlight-001', 'pilotlight-002', 'pilotlight-003', 'pilotlight-004'])
      expect(applied('a', DAILY)).toBe('shop: nothing to change\n')
      applied('b', { cycle: 'day', steps: [{ minute: 0, instances: 3 }] })
      expect(read('target')).toEqual({ MinCapacity: 3, MaxCapacity: 3 })
      expect(names()).toEqual(['black-friday', 'pilotlight-001'])
      applied('c', NO_FLOOR)
      expect(read('target')).toEqual({ MinCapacity: 0, MaxCapacity: 0 })
      expect(names()).toEqual(['black-friday'])
      applied('a', DAILY, 'rollback.sh')
      expect(read('target')).toEqual({ MinCapacity: 1, MaxCapacity: 9 })
      expect(names()).toEqual(['black-friday'])
    })

    it('makes a target where there is none, which rollback.sh takes away, and asks for none where none is wanted', () => {
      expect(applied('none', NO_FLOOR)).toBe('shop: nothing to change\n')
      applied('a', DAILY)
      expect(names()).toHaveLength(4)
      applied('a', DAILY, 'rollback.sh')
      expect(existsSync(join(folder, 'target'))).toBe(false)
      // What a target provisioned would stay, and be charged, when it goes.
      expect(existsSync(join(folder, 'held'))).toBe(false)
    })

    it('where nothing is held, leaves no target but one that has actions or scaling policies of the operator’s own', () => {
      applied('a', DAILY)
      applied('none', NO_FLOOR)
      expect(existsSync(join(folder, 'target'))).toBe(false)
      expect(existsSync(join(folder, 'held'))).toBe(false)

      writeFileSync(join(folder, 'target'), '{"MinCapacity": 1, "MaxCapacity": 9}')
      applied('bare', NO_FLOOR)
      expect(existsSync(join(folder, 'target'))).toBe(false)
      applied('bare', NO_FLOOR, 'rollback.sh')
      expect(read('target')).toEqual({ MinCapacity: 1, MaxCapacity: 9 })

      writeFileSync(join(folder, 'policies'), '{"ScalingPolicies": [{"PolicyName": "busy"}]}')
      applied('busy', NO_FLOOR)
      expect(read('target')).toEqual({ MinCapacity: 0, MaxCapacity: 0 })
    })
  },
)
