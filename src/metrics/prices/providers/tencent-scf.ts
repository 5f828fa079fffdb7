import type { ListedPrices } from '../listed-prices.ts'
import { memoryRate, sizesWithCpu } from '../price-table.ts'

const FREE = memoryRate(0)

const EXECUTION_ONLY = 'Loading is not billed: the page bills the time that functions execute.'

/** Its documentation, at https://github.com/tencentyun/intlcloud-documents, had these prices when the page changed then. */
const TENCENT = {
  currency: 'USD',
  region: 'international',
  date: '2022-06-01',
  source: 'https://www.tencentcloud.com/document/product/583/12281',
  running: memoryRate(0.000_016_7),
  loading: FREE,
  millionRequests: 0.2,
  residentGbS: 0.000_008_47,
  sizes: sizesWithCpu([64, ...Array.from({ length: 24 }, (_, step) => 128 * (step + 1))]),
  assumed: [EXECUTION_ONLY],
}
const TENCENT_LEFT_OUT = ['The basic package fee of about 1.8 USD a month and data transfer.']

export const tencentScf: readonly ListedPrices[] = [
  {
    ...TENCENT,
    id: 'tencent-scf',
    summary: 'Tencent Cloud SCF on demand.',
    idle: FREE,
    leftOut: TENCENT_LEFT_OUT,
  },
  {
    ...TENCENT,
    id: 'tencent-scf-provisioned',
    summary: 'Tencent Cloud SCF with every loaded instance as provisioned concurrency.',
    idle: memoryRate(0.000_008_47),
    leftOut: [...TENCENT_LEFT_OUT, 'Idle instances are counted every 10 s, from the highest number in use.'],
  },
]
