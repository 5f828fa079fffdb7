// The least that any gateway in Node can do: passes bytes between each connection and one of its own to a port, and looks at
// none of them.
//   node bench/live/proxy.ts <port to listen on> <port of the server>
import { connect, createServer } from 'node:net'

const [port, server] = process.argv.slice(2)
createServer({ noDelay: true }, (client) => {
  const beyond = connect({ port: Number(server), host: '127.0.0.1', noDelay: true })
  client.pipe(beyond).pipe(client)
  client.on('error', () => beyond.destroy())
  beyond.on('error', () => client.destroy())
}).listen(Number(port), '127.0.0.1')
