// A custom runtime of AWS Lambda in small: it asks for its next call. Contract lambda.
import { behave } from './behaviour.mjs'

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`
for (;;) {
  const next = await fetch(`${api}/invocation/next`)
  const id = next.headers.get('lambda-runtime-aws-request-id')
  const left = Number(next.headers.get('lambda-runtime-deadline-ms')) - Date.now()
  const request = await next.json()
  try {
    const answer = { ...(await behave(request)), hasDeadline: left > 0 }
    await fetch(`${api}/invocation/${id}/response`, { method: 'POST', body: JSON.stringify(answer) })
  } catch (error) {
    await fetch(`${api}/invocation/${id}/error`, {
      method: 'POST',
      body: JSON.stringify({ errorType: 'Error', errorMessage: String(error) }),
    })
  }
}
