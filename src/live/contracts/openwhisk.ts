import type { Call, Contract, Reply } from '../instance/contract.ts'
import { Fault } from '../fault.ts'
import { type PortClient, portClient } from '../instance/port-client.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

/** OpenWhisk's action proxy: the code is sent to a running container once, then calls with JSON objects. */
export const openwhisk: Contract = {
  id: 'openwhisk',
  summary: 'OpenWhisk action proxy: /init with the code once, then /run with JSON objects.',
  source: 'apache/openwhisk, docs/actions-new.md',
  needs: { port: true, callback: false },
  async open(app, { port }) {
    const client = portClient(port!)
    return {
      ...client,
      async ready(sandbox, signal) {
        await client.ready(sandbox, signal)
        const { text = '', binary = false, main = 'main' } = app.code ?? {}
        const value = { name: app.functions[0]!, main, code: text, binary, env: {} }
        const reply = await post(client, '/init', { value }, signal)
        if (reply.status !== 200) throw new Fault('notReady', `init was answered with ${told(reply)}`)
      },
      async invoke(call, deadlineMs, signal) {
        const about = {
          namespace: app.name,
          action_name: `/${app.name}/${call.fn}`,
          activation_id: call.id.replaceAll('-', ''),
          transaction_id: call.id,
          deadline: String(Math.round(deadlineMs)),
        }
        return answered(await post(client, '/run', { value: valueOf(call), ...about }, signal))
      },
    }
  },
}

function post(client: PortClient, path: string, value: unknown, signal: AbortSignal): Promise<Reply> {
  const body = Buffer.from(JSON.stringify(value))
  return client.send({ method: 'POST', path, headers: JSON_TYPE, body }, signal)
}

/** The parameters of a call: the JSON object in its body, or none. */
function valueOf({ body }: Call): unknown {
  if (body.length === 0) return {}
  const value = parsed(body)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Fault('badRequest', 'expected a JSON object as the body')
}

function answered(reply: Reply): Reply {
  const value = parsed(reply.body)
  const isObject = typeof value === 'object' && value !== null
  if (!isObject) throw new Fault('garbage', `the answer is no JSON object, with the status ${reply.status}`)
  if (reply.status !== 200) throw new Fault('failed', told(reply))
  return { status: 200, headers: JSON_TYPE, body: reply.body }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function told({ status, body }: Reply): string {
  return `the status ${status}: ${body.toString('utf8').slice(0, 200)}`
}
