import type { ListedPrices } from '../listed-prices.ts'
import { memoryRate, sizesWithCpu } from '../price-table.ts'

const FREE = memoryRate(0)

/** The page's own date; the prices are those of its billing example. */
const HUAWEI = {
  currency: 'USD',
  region: 'international',
  date: '2023-10-12',
  source: 'https://support.huaweicloud.com/intl/en-us/price-functiongraph/functiongraph_00_0011.html',
  running: memoryRate(0.000_016_67),
  loading: FREE,
  millionRequests: 0.2,
  residentGbS: 0.000_005_556,
  sizes: sizesWithCpu([128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10_240]),
  assumed: ['Loading is not billed: the page bills from the moment at which the function’s code starts.'],
}

export const huaweiFunctiongraph: readonly ListedPrices[] = [
  {
    ...HUAWEI,
    id: 'huawei-functiongraph',
    summary: 'Huawei Cloud FunctionGraph on demand.',
    idle: FREE,
    leftOut: ['Each execution is rounded up to 1 ms.', 'The free tier: 1 million requests and 400,000 GB·s a month.'],
  },
  {
    ...HUAWEI,
    id: 'huawei-functiongraph-reserved',
    summary: 'Huawei Cloud FunctionGraph with every loaded instance reserved, in idle mode.',
    idle: memoryRate(0.000_005_556),
    leftOut: ['An instance counts for at least a minute, and is rounded up to 1 s.', 'The free tier.'],
  },
]
