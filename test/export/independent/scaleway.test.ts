import { createAdvancedClient } from '@scaleway/sdk-client'
import { Containerv1beta1 } from '@scaleway/sdk-container'
import { Functionv1beta1 } from '@scaleway/sdk-function'
import { describe, expect, it } from 'vitest'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import { appPlan, exported, planOf, textOf } from '../exported.ts'

/** What the vendor's SDK puts on the wire for a call. */
async function sentBy(call: (client: ReturnType<typeof createAdvancedClient>) => Promise<unknown>): Promise<Request> {
  let sent: Request | undefined
  const client = createAdvancedClient((settings) => ({
    ...settings,
    accessKey: 'SCWXXXXXXXXXXXXXXXXX',
    secretKey: '11111111-1111-1111-1111-111111111111',
    httpClient: (input: string | URL | Request, init?: RequestInit) => {
      sent = new Request(input, init)
      return Promise.resolve(new Response('{}', { headers: { 'content-type': 'application/json' } }))
    },
  }))
  await call(client)
  return sent!
}

describe("the calls of Scaleway's SDK", () => {
  it.each(['container', 'function'] as const)('are those of the export: %s', async (kind) => {
    const made = exported('scaleway', planOf([appPlan({ floor: constantFloor(2) })]), { kind })
    const { min_scale: minScale } = JSON.parse(textOf(made, 'apps/shop.json')) as { min_scale: number }
    const set = { region: 'fr-par', minScale, maxScale: 20 } as const
    const sent = await sentBy((client) =>
      kind === 'container'
        ? new Containerv1beta1.API(client).updateContainer({ containerId: 'shop', ...set })
        : new Functionv1beta1.API(client).updateFunction({ functionId: 'shop', ...set }),
    )
    const tool = textOf(made, 'tool.sh')
    const ours = /"(https:\/\/api\.scaleway\.com\/[^"]*)"/.exec(tool)?.[1]
    expect(ours?.replace('$1', 'shop')).toBe(sent.url)
    expect(tool).toContain(`-X ${sent.method}`)
    const body = (await sent.json()) as Record<string, unknown>
    expect(body).toMatchObject({ min_scale: 2, max_scale: 20 })
  })
})
