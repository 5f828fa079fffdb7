import { headerIn } from '../exchange/headers.ts'
import { portClient } from '../exchange/port-client.ts'
import type { Contract } from '../instance/contract.ts'

/** Plain HTTP on the port that the environment names, as web services do; the request is passed on as it came. */
export const http: Contract = {
  id: 'http',
  summary: 'A web server on the port in PORT: functions-framework, Cloud Run, Knative.',
  source: 'Knative runtime contract; Cloud Run container runtime contract',
  needs: { port: true, callback: false },
  streams: true,
  async open(app, { port }) {
    const { env, ready, send, close } = portClient(app, port!)
    return {
      env: { ...env, K_SERVICE: app.name, K_CONFIGURATION: app.name, K_REVISION: `${app.name}-${app.revision}` },
      ready,
      close,
      invoke({ id, fn, method, path, headers, body, upgrade }, _deadlineMs, run) {
        const lines = [...headers, 'x-call-id', id, 'x-function', fn]
        // HTTP/1.0 may leave it out, HTTP/1.1 may not.
        if (headerIn(headers, 'host') === undefined) lines.unshift('host', 'localhost')
        return send({ method, path, headers: lines, body, upgrade }, run)
      },
    }
  },
}
