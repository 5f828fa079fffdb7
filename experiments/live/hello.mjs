// A function of Google's functions-framework, as it is deployed to Cloud Run.
import functions from '@google-cloud/functions-framework'

functions.http('hello', ({ query, body }, response) => {
  response.json({ hello: query.name ?? body?.name ?? 'world' })
})
