import type { Contract } from '../contract.ts'
import { Fault } from '../fault.ts'
import { accepts, httpClient } from '../http-call.ts'

/** Plain HTTP on the port that the environment names, as web services do; the request is passed on as it came. */
export const http: Contract = {
  id: 'http',
  summary: 'A web server on the port in PORT: functions-framework, Cloud Run, Knative.',
  source: 'Knative runtime contract; Cloud Run container runtime contract',
  needs: { port: true, callback: false },
  async open(_app, { port }) {
    const client = httpClient()
    const target = { host: '', port: 0 }
    return {
      env: { PORT: String(port) },
      async ready({ address }, signal) {
        if (address === undefined) throw new Fault('backend', 'the instance has no address')
        Object.assign(target, address)
        await accepts(target, signal)
      },
      invoke({ id, fn, method, path, headers, body }, _deadlineMs, signal) {
        const own = { host: `${target.host}:${target.port}`, 'x-call-id': id, 'x-function': fn }
        return client.send(target, { method, path, headers: { ...headers, ...own }, body }, signal)
      },
      close: async () => client.close(),
    }
  },
}
