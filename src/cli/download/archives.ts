import { type Described, registry } from '../../core/registry.ts'

/** A data set as it is published: one archive. */
export interface Archive extends Described {
  readonly url: string
  /** The name that the file gets. */
  readonly file: string
  /** Bytes of the official archive; undefined where they are known only roughly. */
  readonly bytes?: number
  /** The licence of its data. */
  readonly licence: string
  /** More than so many bytes are not the archive. */
  readonly most: number
  /** A command of the system that unpacks the archive, run in the folder that holds it. */
  readonly unpack: readonly [program: string, ...args: string[]]
  /** Whether we run that command ourselves: only where nearly every system has the program. */
  readonly unpacks: boolean
}

/** The data sets that can be downloaded, both CC-BY; https://github.com/Azure/AzurePublicDataset. */
export const ARCHIVES = registry<Archive>('data set', [
  {
    id: 'azure-2019',
    summary: 'Two weeks of Azure Functions in July 2019: counts per minute, durations, memory; 136 MB, 2 GB unpacked.',
    url: 'https://azurepublicdatasettraces.blob.core.windows.net/azurepublicdatasetv2/azurefunctions_dataset2019/azurefunctions-dataset2019.tar.xz',
    file: 'azurefunctions-dataset2019.tar.xz',
    licence: 'CC-BY',
    most: 500_000_000,
    unpack: ['tar', '-xJf', 'azurefunctions-dataset2019.tar.xz'],
    unpacks: true,
  },
  {
    id: 'azure-2021',
    summary: 'Two weeks of Azure Functions from January 2021: single invocations; 18 MB, 305 MB unpacked.',
    url: 'https://github.com/Azure/AzurePublicDataset/raw/master/data/AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar',
    file: 'AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar',
    bytes: 18_444_269,
    licence: 'CC-BY',
    most: 100_000_000,
    unpack: ['unrar', 'x', 'AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar'],
    unpacks: false,
  },
])
