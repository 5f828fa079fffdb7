// A function of the Fn project's FDK, which also hears what its caller asked for over HTTP.
import fdk from '@fnproject/fdk'

fdk.handle(({ name = 'world' } = {}, ctx) => {
  const { requestURL, method } = ctx.httpGateway
  ctx.httpGateway.statusCode = name === '' ? 400 : 200
  ctx.httpGateway.setResponseHeader('X-Asked', `${method} ${requestURL}`)
  return { hello: name }
})
