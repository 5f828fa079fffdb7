// A function for `pilotlight live serve`: a plain web server on PORT, contract http.
import { createServer } from 'node:http'

createServer((request, response) => response.end(`Hello from process ${process.pid}, ${request.url}\n`)).listen(
  Number(process.env.PORT),
)
