import { type PortClient, portClient } from '../exchange/port-client.ts'
import { whole } from '../exchange/whole.ts'
import { Fault } from '../fault.ts'
import type { Call, Contract, Reply } from '../instance/contract.ts'
import { Run } from '../instance/execution.ts'

const JSON_TYPE = ['content-type', 'application/json']

/** OpenWhisk's action proxy: the code is sent to a running container once, then calls with JSON objects. */
export const openwhisk: Contract = {
  id: 'openwhisk',
  summary: 'OpenWhisk action proxy: /init with the code once, then /run with JSON objects.',
  source: 'apache/openwhisk, docs/actions-new.md',
  needs: { port: true, callback: false },
  streams: false,
  accept(call) {
    valueOf(call)
  },
  async open(app, { port }) {
    const client = portClient(app, port!)
    const way = { client, mostBytes: app.mostAnswerBytes }
    return {
      // Runtimes take several calls at a time only where this is set.
      env: { ...client.env, ...(app.concurrency > 1 ? { __OW_ALLOW_CONCURRENT: 'true' } : {}) },
      close: client.close,
      async ready(sandbox, signal) {
        await client.ready(sandbox, signal)
        const { text = '', binary = false, main = 'main' } = app.code ?? {}
        const value = { name: app.functions[0]!, main, code: text, binary, env: {} }
        const run = new Run()
        const onAbort = (): void => run.giveUp(signal.reason as Fault)
        signal.addEventListener('abort', onAbort)
        const reply = await post(way, '/init', { value }, run).finally(() =>
          signal.removeEventListener('abort', onAbort),
        )
        if (reply.status !== 200) throw new Fault('init', `init was answered with ${told(reply)}`)
      },
      async invoke(call, deadlineMs, run) {
        const about = {
          namespace: app.name,
          action_name: `/${app.name}/${call.fn}`,
          activation_id: call.id.replaceAll('-', ''),
          transaction_id: call.id,
          deadline: String(Math.round(deadlineMs)),
        }
        return answered(await post(way, '/run', { value: valueOf(call), ...about }, run))
      },
    }
  },
}

/** How a runtime is reached, and how long its answers may be. */
interface Way {
  readonly client: PortClient
  readonly mostBytes: number
}

interface WholeReply extends Reply {
  readonly body: Buffer
}

async function post({ client, mostBytes }: Way, path: string, value: unknown, run: Run): Promise<WholeReply> {
  const body = Buffer.from(JSON.stringify(value))
  const reply = await client.send({ method: 'POST', path, headers: ['host', 'localhost', ...JSON_TYPE], body }, run)
  return whole(reply, mostBytes)
}

/** The parameters of a call: the JSON object in its body, or none. */
function valueOf({ body }: Call): unknown {
  if (!Buffer.isBuffer(body)) throw new Fault('badRequest', 'expected a body that can be held whole')
  if (body.length === 0) return {}
  const value = parsed(body)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Fault('badRequest', 'expected a JSON object as the body')
}

/**
 * An action that fails answers with 200 and the field `error`. Another status is the runtime's: it has stopped,
 * and answers every later call with 403.
 */
function answered(reply: WholeReply): Reply {
  if (reply.status !== 200) throw new Fault('stopped', `the runtime answers with ${told(reply)}`)
  const value = parsed(reply.body)
  if (typeof value !== 'object' || value === null) throw new Fault('garbage', 'the answer is not a JSON object')
  if ('error' in value) throw new Fault('failed', `the action failed: ${told(reply)}`)
  return { status: 200, headers: JSON_TYPE, body: reply.body }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function told({ status, body }: WholeReply): string {
  return `the status ${status}: ${body.toString('utf8').slice(0, 200)}`
}
