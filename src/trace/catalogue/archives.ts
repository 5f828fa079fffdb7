import { registry } from '../../core/registry.ts'
import type { Archive } from './archive.ts'

const HUAWEI = 'https://sir-dataset.obs.cn-east-3.myhuaweicloud.com/datasets/cold_start_dataset'

/** An archive of Huawei's release of 2025 (https://github.com/sir-lab/data-release), which names no sizes. */
function huawei2025(id: string, path: string, summary: string): Archive {
  const file = `${id}.zip`
  return {
    id,
    summary: `${summary} Size and checksum not known.`,
    url: `${HUAWEI}/${path}`,
    file,
    licence: 'CC BY 4.0',
    most: 60_000_000_000,
    // Without the folders of the archive: tables that belong together lie beside each other.
    unpack: ['unzip', '-n', '-j', file, '*.csv'],
    unpacks: true,
  }
}

/** The data sets that can be downloaded: https://github.com/Azure/AzurePublicDataset, https://github.com/sir-lab/data-release. */
export const ARCHIVES = registry<Archive>('data set', [
  {
    id: 'azure-2019',
    summary: 'Two weeks of Azure Functions in July 2019: counts per minute, durations, memory; 143 MB, 2 GB unpacked.',
    // Moved in 2026: the storage account that held it refuses public access. Size and checksum are those that several
    // people independently give of what they fetched there in August 2026; Microsoft names neither.
    url: 'https://github.com/Azure/AzurePublicDataset/releases/download/dataset-functions-2019/azurefunctions_dataset2019_azurefunctions-dataset2019.tar.xz',
    file: 'azurefunctions-dataset2019.tar.xz',
    bytes: 142_968_140,
    sha256: 'aff8b3ca7240a41a109e4ee598e0a96e45fcb92e7b8395ac19cb3748cd260d89',
    licence: 'CC-BY',
    most: 500_000_000,
    unpack: ['tar', '-xJf', 'azurefunctions-dataset2019.tar.xz'],
    unpacks: true,
  },
  {
    id: 'azure-2021',
    summary:
      'Two weeks of Azure Functions from January 2021: single invocations; 18 MB, 305 MB unpacked. Checksum of the archive not known.',
    url: 'https://github.com/Azure/AzurePublicDataset/raw/master/data/AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar',
    file: 'AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar',
    bytes: 18_444_269,
    licence: 'CC-BY',
    most: 100_000_000,
    unpack: ['unrar', 'x', 'AzureFunctionsInvocationTraceForTwoWeeksJan2021.rar'],
    unpacks: false,
    holds: {
      file: 'AzureFunctionsInvocationTraceForTwoWeeksJan2021.txt',
      sha256: 'd56368ef194baa8d418304bd2f87cca67668ced0d117bd89ad4ef3cf836457d2',
    },
  },
  huawei2025(
    'huawei-2025-requests-r5',
    'per_request/R5/R5.zip',
    'Huawei public cloud 2025: single requests of one day in region 5, with their pods.',
  ),
  ...[1, 2, 3, 4, 5].map((region) =>
    huawei2025(
      `huawei-2025-cold-starts-r${region}`,
      `cold_start/R${region}.zip`,
      `Huawei public cloud 2025: every cold start of 31 days in region ${region}, to be read beside its requests.`,
    ),
  ),
])
