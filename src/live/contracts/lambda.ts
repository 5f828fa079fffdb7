import { Fault } from '../fault.ts'
import type { Contract } from '../instance/contract.ts'
import { openRuntimeApi } from '../instance/runtime-api.ts'

/** Where SDKs look for services when nothing else is said. */
const REGION = 'us-east-1'

/** AWS Lambda's runtime interface, in which the program is the client: the adapter serves, and the program asks for its next call. */
export const lambda: Contract = {
  id: 'lambda',
  summary: 'AWS Lambda Runtime API: the program asks the adapter for its next call.',
  source: 'AWS Lambda developer guide, "Using the Lambda runtime API"',
  needs: { port: false, callback: true },
  streams: false,
  accept({ body }) {
    // As Lambda itself does: AWS's own runtime client ends where an event is no JSON.
    if (!Buffer.isBuffer(body)) throw new Fault('badRequest', 'expected a body that can be held whole')
    if (body.length > 0 && !isJson(body)) throw new Fault('badRequest', 'expected JSON as the body')
  },
  async open(app, { callbackHost }) {
    const region = app.env['AWS_REGION'] ?? REGION
    const api = await openRuntimeApi(callbackHost!, app, region)
    const [name] = app.functions
    return {
      env: {
        AWS_LAMBDA_RUNTIME_API: `${callbackHost}:${api.port}`,
        AWS_LAMBDA_FUNCTION_NAME: name!,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Math.round(app.memoryMb)),
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: app.name,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        LAMBDA_TASK_ROOT: app.env['LAMBDA_TASK_ROOT'] ?? (app.image === undefined ? app.folder : '/var/task'),
        _HANDLER: app.env['_HANDLER'] ?? app.handler ?? app.command.at(-1) ?? '',
      },
      ready: ({ caller }, signal) => api.asked(caller, signal),
      invoke: (call, deadlineMs, run) => api.invoke(call, deadlineMs, run),
      close: () => api.close(),
    }
  },
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString())
    return true
  } catch {
    return false
  }
}
