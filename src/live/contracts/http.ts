import type { Contract } from '../instance/contract.ts'
import { portClient } from '../instance/port-client.ts'

/** Plain HTTP on the port that the environment names, as web services do; the request is passed on as it came. */
export const http: Contract = {
  id: 'http',
  summary: 'A web server on the port in PORT: functions-framework, Cloud Run, Knative.',
  source: 'Knative runtime contract; Cloud Run container runtime contract',
  needs: { port: true, callback: false },
  async open(_app, { port }) {
    const client = portClient(port!)
    return {
      ...client,
      invoke({ id, fn, method, path, headers, body }, _deadlineMs, signal) {
        const own = { 'x-call-id': id, 'x-function': fn }
        return client.send({ method, path, headers: { ...headers, ...own }, body }, signal)
      },
    }
  },
}
