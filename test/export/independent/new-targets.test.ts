import { readFileSync } from 'node:fs'
import { GetFunctionScalingConfigCommand, LambdaClient, PutFunctionScalingConfigCommand } from '@aws-sdk/client-lambda'
import type { Container } from '@cloudflare/containers'
import { describe, expect, it } from 'vitest'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import { appPlan, exported, planOf, textOf } from '../exported.ts'
import { withStub } from './stub.ts'

describe('the scaling configuration of Lambda Managed Instances', () => {
  it.each([0, 4, 15_000])('reaches the wire whole through the client of AWS: %i environments', async (instances) => {
    const floor = constantFloor(instances)
    const made = exported('lambda-managed-instances', planOf([appPlan({ floor, schedule: floor })]))
    const config = JSON.parse(textOf(made, 'apps/shop.json')) as { MinExecutionEnvironments: number }
    const received = await withStub({}, async (port, received) => {
      const client = new LambdaClient({
        region: 'eu-west-1',
        endpoint: `http://127.0.0.1:${port}`,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      })
      const of = { FunctionName: 'shop', Qualifier: 'live' }
      await client.send(new PutFunctionScalingConfigCommand({ ...of, FunctionScalingConfig: config }))
      await client.send(new GetFunctionScalingConfigCommand(of))
      return [...received]
    })
    expect(received).toMatchObject([
      {
        method: 'PUT',
        url: '/2025-11-30/functions/shop/function-scaling-config?Qualifier=live',
        body: { FunctionScalingConfig: { MinExecutionEnvironments: instances } },
      },
      { method: 'GET', url: '/2025-11-30/functions/shop/function-scaling-config?Qualifier=live' },
    ])
    expect(received[0]!.body).toEqual({ FunctionScalingConfig: config })
    expect(textOf(made, 'tool.sh')).toContain(
      'put-function-scaling-config --function-name "$1" --qualifier "\\$LATEST.PUBLISHED"',
    )
  })
})

describe('sleepAfter of Cloudflare Containers', () => {
  it.each([1000, 90_000, 86_400_000])('is what the class Container reads it to be: %i ms', async (keepAliveMs) => {
    // The class itself only loads inside of a worker: what parses its times is beside it.
    const helpers = new URL('node_modules/@cloudflare/containers/dist/lib/helpers.js', import.meta.url)
    const code = readFileSync(helpers, 'utf8').replace(/^import .*$/gm, '')
    const { parseTimeExpression } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      parseTimeExpression(text: string): number
    }
    const made = exported('cloudflare-containers', planOf([appPlan({ keepAliveMs })]))
    const { sleepAfter } = JSON.parse(textOf(made, 'apps/shop.json')) as {
      sleepAfter: Container['sleepAfter'] & string
    }
    expect(parseTimeExpression(sleepAfter)).toBe(keepAliveMs / 1000)
    expect(textOf(made, 'sleep-after.js')).toContain(`"shop": "${sleepAfter}"`)
  })
})
