// An unmodified @google-cloud/functions-framework with one function: contract http.
import functions from '@google-cloud/functions-framework'
import { behave } from './behaviour.mjs'

functions.http('behave', (request, response) => {
  behave(request.body).then(
    (answer) => response.json(answer),
    (error) => response.status(500).send(String(error)),
  )
})
