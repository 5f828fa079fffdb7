import type { Contract } from '../instance/contract.ts'
import { openRuntimeApi } from '../instance/runtime-api.ts'

/** AWS Lambda's runtime interface, the other way round: the adapter serves, and the program asks for its next call. */
export const lambda: Contract = {
  id: 'lambda',
  summary: 'AWS Lambda Runtime API: the program asks the adapter for its next call.',
  source: 'AWS Lambda developer guide, "Using the Lambda runtime API"',
  needs: { port: false, callback: true },
  async open(app, { callbackHost }) {
    const api = await openRuntimeApi(callbackHost!, app.name)
    return {
      env: {
        AWS_LAMBDA_RUNTIME_API: `${callbackHost}:${api.port}`,
        AWS_LAMBDA_FUNCTION_NAME: app.functions[0]!,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Math.round(app.memoryMb)),
      },
      ready: ({ caller }, signal) => api.asked(caller, signal),
      invoke: (call, deadlineMs, signal) => api.invoke(call, deadlineMs, signal),
      close: () => api.close(),
    }
  },
}
