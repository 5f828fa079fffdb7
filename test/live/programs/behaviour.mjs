// What the test programs do when they are asked to: each contract's program answers through this.

/** Does what the request says and gives the answer. `crash` ends the program, `hang` never answers. */
export async function behave(request) {
  const { act = 'echo', ms = 0, mb = 0 } = request ?? {}
  if (act === 'exit') process.exit(3)
  if (act === 'fail') throw new Error('the function was asked to fail')
  if (act === 'hang') await new Promise(() => setInterval(() => {}, 1000))
  if (act === 'sleep') await new Promise((resolve) => setTimeout(resolve, ms))
  if (act === 'grow') hoard(mb)
  return { ...request, pid: process.pid, path: process.env.PATH !== undefined, secret: process.env.SECRET ?? null }
}

const hoarded = []

/** Holds memory that is really in use. */
function hoard(mb) {
  for (let done = 0; done < mb; done += 1) hoarded.push(Buffer.alloc(1024 * 1024, 1))
}
