import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dataFolder } from '../../../src/trace/catalogue/named-trace.ts'
import { type Finished, pilotlight } from '../pilotlight.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-named-'))
  vi.stubEnv('PILOTLIGHT_DATA', join(folder, 'data'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})
const run = (...words: readonly string[]): Promise<Finished> => pilotlight(folder, ...words)

/** Three calls in the shape of the data set of 2021, downloaded and unpacked. */
function downloaded(): void {
  mkdirSync(join(folder, 'data', 'azure-2021'), { recursive: true })
  writeFileSync(
    join(folder, 'data', 'azure-2021', 'AzureFunctionsInvocationTraceForTwoWeeksJan2021.txt'),
    'app,func,end_timestamp,duration\na,f,1.0,0.5\na,f,2000.0,0.5\nb,g,30.0,1.0\n',
  )
}

function experiment(trace: string): void {
  writeFileSync(join(folder, 'x.yaml'), `name: x\ntrace: ${trace}\npolicies: [{ policy: fixed }]\n`)
}

describe('a trace that is named by a data set', () => {
  it.each(['azure-2021', 'azure2021', '{ path: azure2021 }', '{ path: Azure-2021, apps: [a, b] }'])(
    'is opened in an experiment whose trace is %s',
    async (trace) => {
      downloaded()
      experiment(trace)
      expect(await run('run', 'x.yaml', '--quiet')).toMatchObject({ code: 0 })
      const { code, stdout, stderr } = await run('explain', 'x.yaml', '--run', 'fixed', '--app', 'b')
      expect({ code, stderr }).toMatchObject({ code: 0 })
      expect(stdout).toContain('b')
    },
  )

  it('is opened on the command line', async () => {
    downloaded()
    const { code, stdout } = await run('trace', 'azure2021')
    expect(code).toBe(0)
    expect(stdout).toContain('AzureFunctionsInvocationTraceForTwoWeeksJan2021 (azure-2021)')
    experiment('elsewhere.csv')
    expect(await run('run', 'x.yaml', '--trace', 'azure2021', '--quiet')).toMatchObject({ code: 0 })
  })

  it('gives way to what lies at a path of that name', async () => {
    downloaded()
    writeFileSync(join(folder, 'azure2021'), 'app,function,start_ms,duration_ms\nmine,f,0,1\n')
    expect((await run('trace', 'azure2021')).stdout).toContain('(events)')
  })

  it('is refused with the command that fetches it where it is not there', async () => {
    experiment('azure2019')
    const { code, stderr } = await run('run', 'x.yaml')
    expect(code).toBe(2)
    expect(stderr).toBe(
      `x.yaml:2:8: trace.path: the data set azure-2019 is not downloaded: it would be at ${join(folder, 'data', 'azure-2019')}. pilotlight download azure-2019 fetches it (143 MB, CC-BY). Where you have it elsewhere, give its path.\n`,
    )
    const typed = await run('trace', 'azure2019')
    expect(typed.stderr).toMatch(/^azure2019: the data set azure-2019 is not downloaded/)
  })

  it('is refused with the command that unpacks it where only its archive is there', async () => {
    mkdirSync(join(folder, 'data', 'azure-2019'), { recursive: true })
    writeFileSync(join(folder, 'data', 'azure-2019', 'azurefunctions-dataset2019.tar.xz.part'), '')
    expect((await run('trace', 'azure-2019')).stderr).toContain('is not downloaded')
    writeFileSync(join(folder, 'data', 'azure-2019', 'azurefunctions-dataset2019.tar.xz'), '')
    expect((await run('trace', 'azure-2019')).stderr).toContain(
      'not unpacked. Unpack it: cd ' +
        join(folder, 'data', 'azure-2019') +
        ' && tar -xJf azurefunctions-dataset2019.tar.xz',
    )
  })

  it('is a folder where the data set has several files', async () => {
    cpSync(fileURLToPath(new URL('../../../traces/sample', import.meta.url)), join(folder, 'data', 'azure-2019'), {
      recursive: true,
    })
    writeFileSync(join(folder, 'data', 'azure-2019', 'azurefunctions-dataset2019.tar.xz'), 'an archive')
    expect((await run('trace', 'azure2019')).stdout).toContain('azure-2019 (azure-2019)')
  })
})

describe('the folder of data sets', () => {
  it('is that of the environment, else in the home of data', () => {
    expect(dataFolder({ PILOTLIGHT_DATA: '/mine' })).toBe('/mine')
    expect(dataFolder({ XDG_DATA_HOME: '/share' })).toBe('/share/pilotlight')
    expect(dataFolder({ XDG_DATA_HOME: 'relative' })).toMatch(/\.local\/share\/pilotlight$/)
  })
})
