import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchArchive } from '../../../src/trace/download/fetch-archive.ts'
import { unpackArchive } from '../../../src/trace/download/unpack-archive.ts'
import { ARCHIVES } from '../../../src/trace/catalogue/archives.ts'
import { pilotlight } from '../pilotlight.ts'

const CONTENT = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 31) % 251))

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let folder: string
let server: Server
let answer: Answer
const asked: (string | undefined)[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-download-'))
  asked.length = 0
  answer = serve(CONTENT)
  server = createServer((request, response) => {
    asked.push(request.headers.range)
    answer(request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
  vi.unstubAllEnvs()
})

/** A server that knows ranges, as real ones do. */
function serve(content: Buffer): Answer {
  return ({ headers: { range } }, response) => {
    const from = range === undefined ? 0 : Number(/^bytes=(\d+)-$/.exec(range)![1])
    if (from >= content.length)
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': content.length - from })
    response.end(content.subarray(from))
  }
}

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive`
const file = (): string => join(folder, 'archive')

async function fetched(more: { bytes?: number; most?: number; patienceMs?: number } = {}): Promise<string> {
  const seen: number[] = []
  const onProgress = (done: number): void => void seen.push(done)
  return fetchArchive({ url: url(), file: file(), most: 1e6, patienceMs: 5000, onProgress, ...more }).then(
    () => `whole, ${seen.at(-1)} seen`,
    (error: Error) => `${error.name}: ${error.message.replace(url(), 'URL')}`,
  )
}

describe('an archive', () => {
  it('is fetched whole, and is under its name only then', async () => {
    expect(await fetched()).toBe('whole, 50000 seen')
    expect(readFileSync(file()).equals(CONTENT)).toBe(true)
    expect(existsSync(`${file()}.part`)).toBe(false)
  })

  it('is not fetched again when it is there', async () => {
    await fetched()
    expect(await fetched()).toBe('whole, undefined seen')
    expect(asked).toEqual([undefined])
  })

  it('is gone on with where an earlier attempt was cut off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.write(CONTENT.subarray(0, 20_000), () => setTimeout(() => response.destroy(), 50))
    }
    expect(await fetched()).toMatch(/^UserError: URL: (cannot be fetched|the connection ended)/)
    expect(existsSync(file())).toBe(false)
    const part = statSync(`${file()}.part`).size
    expect(part).toBeGreaterThan(0)
    answer = serve(CONTENT)
    expect(await fetched()).toBe('whole, 50000 seen')
    expect(asked.at(-1)).toBe(`bytes=${part}-`)
    expect(readFileSync(file()).equals(CONTENT)).toBe(true)
  })

  it('is fetched from its start by a server that knows no ranges', async () => {
    writeFileSync(`${file()}.part`, 'something')
    answer = (_request, response) => void response.writeHead(200).end(CONTENT)
    expect(await fetched()).toBe('whole, 50000 seen')
    expect(readFileSync(file()).equals(CONTENT)).toBe(true)
  })

  it('is whole when all of it had come before the name was changed', async () => {
    writeFileSync(`${file()}.part`, CONTENT)
    expect(await fetched()).toBe('whole, undefined seen')
    rmSync(file())
    writeFileSync(`${file()}.part`, CONTENT)
    expect(await fetched({ bytes: CONTENT.length })).toBe('whole, undefined seen')
    expect(asked).toEqual(['bytes=50000-'])
  })

  it('is begun anew when what is there is longer than the file', async () => {
    writeFileSync(`${file()}.part`, Buffer.concat([CONTENT, CONTENT]))
    expect(await fetched()).toBe(
      'UserError: URL: what was fetched before is not the beginning of this file. Run the command again.',
    )
    expect(await fetched()).toBe('whole, 50000 seen')
  })

  it('of another size than the data set is refused', async () => {
    expect(await fetched({ bytes: 49_999 })).toBe(
      'UserError: URL: expected 49999 bytes, got 50000, which is another file. Name a mirror with --from, or try again later.',
    )
    expect(existsSync(file())).toBe(false)
    expect(existsSync(`${file()}.part`)).toBe(false)
  })

  it('without end is refused at the limit', async () => {
    const refused = 'UserError: URL: expected at most 10000 bytes, and there are more. Name the right file with --from.'
    expect(await fetched({ most: 10_000 })).toBe(refused)
    answer = (_request, response) => {
      const more = (): boolean => response.write(CONTENT, () => !response.destroyed && more())
      more()
    }
    expect(await fetched({ most: 10_000 })).toBe(refused)
  })

  it('that is not there is told with the answer of the server', async () => {
    answer = (_request, response) => void response.writeHead(404, 'Not Found').end()
    expect(await fetched()).toBe(
      'UserError: URL: the server answered 404 Not Found. Run the command again to go on, or name a mirror with --from.',
    )
  })

  it('from a server that falls silent is given up', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.write(CONTENT.subarray(0, 100))
    }
    expect(await fetched({ patienceMs: 200 })).toBe(
      'UserError: URL: the server was silent for 0.2 s. Run the command again to go on, or name a mirror with --from.',
    )
  })

  it('from a server that is not there is told with the reason', async () => {
    const there = url()
    server.closeAllConnections()
    server.close()
    const error = await fetchArchive({
      url: there,
      file: file(),
      most: 1,
      patienceMs: 5000,
      onProgress: () => {},
    }).catch(String)
    expect(error).toMatch(/cannot be fetched: .*ECONNREFUSED.*Run the command again to go on/)
  })
})

const hasTar = spawnSync('tar', ['--version']).status === 0 && spawnSync('xz', ['--version']).status === 0

const AZURE_2019 = ARCHIVES.get('azure-2019', 'test')

describe('an archive that is whole', () => {
  it.skipIf(!hasTar)('is unpacked beside itself (where tar and xz are installed)', async () => {
    const source = join(folder, 'source')
    mkdirSync(source)
    writeFileSync(join(source, 'invocations_per_function_md.anon.d01.csv'), 'HashOwner,HashApp\n')
    execFileSync('tar', ['-cJf', join(folder, AZURE_2019.file), '-C', source, '.'])
    expect(await unpackArchive(AZURE_2019, folder)).toBe(
      `${join(folder, AZURE_2019.file)} is unpacked. See: pilotlight trace ${folder}`,
    )
    expect(readFileSync(join(folder, 'invocations_per_function_md.anon.d01.csv'), 'utf8')).toBe('HashOwner,HashApp\n')
  })

  it.skipIf(!hasTar)('is told with the command where tar could not unpack it (where it is installed)', async () => {
    writeFileSync(join(folder, AZURE_2019.file), CONTENT)
    await expect(unpackArchive(AZURE_2019, folder)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /tar\.xz: tar could not unpack it: .*\. Unpack it with: cd .* && tar -xJf azurefunctions-dataset2019\.tar\.xz$/,
      ) as string,
    })
  })
})

describe('pilotlight download', () => {
  it('refuses another file in place of azure-2021', async () => {
    const { code, stderr } = await pilotlight(folder, 'download', 'azure-2021', '--out', 'data', '--from', url())
    expect(code).toBe(2)
    expect(stderr).toBe(
      `${url()}: expected 18444269 bytes, got 50000, which is another file. Name a mirror with --from, or try again later.\n`,
    )
  })

  it('puts a data set where it is opened by its name, unless it is told otherwise', async () => {
    vi.stubEnv('PILOTLIGHT_DATA', join(folder, 'mine'))
    const { code, stderr } = await pilotlight(folder, 'download', 'azure-2019', '--offline')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `${join(folder, 'mine', 'azure-2019', AZURE_2019.file)}: the archive of azure-2019 is not there. Fetch it from ${AZURE_2019.url} (CC-BY, 142968140 bytes) and put it there.\n`,
    })
  })

  it('says how to unpack azure-2021', async () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data/AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar'), 'Rar!')
    const { stdout } = await pilotlight(folder, 'download', 'azure-2021', '--out', 'data', '--from', url())
    const sum = createHash('sha256').update('Rar!').digest('hex')
    expect(stdout.split('\n')).toEqual([
      'data/AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar is there. Unpack it with: cd data && unrar x AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar',
      'Unpacked, AzureFunctionsInvocationTraceForTwoWeeksJan2021.txt has the SHA-256 d56368ef194baa8d418304bd2f87cca67668ced0d117bd89ad4ef3cf836457d2.',
      `AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar has the SHA-256 ${sum}; its publisher names none, so this one is kept and compared from now on.`,
      '',
    ])
    expect(asked).toEqual([])
  })
})
