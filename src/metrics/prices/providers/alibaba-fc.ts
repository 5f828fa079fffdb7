import type { ListedPrices } from '../listed-prices.ts'
import { memoryRate } from '../price-table.ts'

const FREE = memoryRate(0)

/** The page's own date; 1 CU per vCPU-second, 0.15 CU per GB-second and 75 CU per 10,000 requests, at 0.00002 USD per CU. */
const ALIBABA = {
  currency: 'USD',
  region: 'international',
  date: '2024-08-28',
  source: 'https://www.alibabacloud.com/help/en/functioncompute/fc-2-0/product-overview/pay-as-you-go-billing-method',
  running: { gbS: 0.000_003, cpuS: 0.000_02 },
  loading: FREE,
  millionRequests: 0.15,
  residentGbS: 0.000_003,
  sizes: { leastMb: 128, stepMb: 64, mostMb: 32_768, cpusPerGb: 0.5 },
  assumed: [
    'An instance has half a vCPU per GB; users choose between a quarter and one.',
    'Loading is not billed: the page does not say that it is.',
  ],
}
const ALIBABA_LEFT_OUT = [
  'Lower prices above 100 million CU a month, the discount of the first year and the trial quota.',
  'Disk above what is free, GPUs and data transfer.',
]

export const alibabaFc: readonly ListedPrices[] = [
  {
    ...ALIBABA,
    id: 'alibaba-fc',
    summary: 'Alibaba Cloud Function Compute on demand; CPU in vCPUs.',
    idle: FREE,
    leftOut: ALIBABA_LEFT_OUT,
  },
  {
    ...ALIBABA,
    id: 'alibaba-fc-provisioned',
    summary: 'Alibaba Cloud Function Compute with every loaded instance provisioned, in idle mode; CPU in vCPUs.',
    idle: memoryRate(0.000_003),
    leftOut: [...ALIBABA_LEFT_OUT, 'Provisioned time is rounded up to 10 s.'],
  },
]
