import type { ListedPrices } from '../listed-prices.ts'
import { memoryRate, type Size } from '../price-table.ts'

const FREE = memoryRate(0)

/** Sizes from 128 MB on, each twice the one before, with the CPU that comes with each. */
function withCpu(cpus: readonly number[]): readonly Size[] {
  return cpus.map((cpus, doublings) => ({ mb: 128 * 2 ** doublings, cpus }))
}

/** The vCPUs that Google gives an instance with its memory, from its page on memory limits of functions. */
const GOOGLE_VCPUS = withCpu([0.083, 0.167, 0.333, 0.583, 1, 2, 2, 4, 8])
/** The GHz that the price page gives with the same memory. */
const GOOGLE_GHZ = withCpu([0.2, 0.4, 0.8, 1.4, 2.4, 4.8, 4.8])
/** As the page was quoted on the date; the rates of running have been the same since 2024 at least. */
const CLOUD_RUN_ACTIVE = { gbS: 0.000_002_5, cpuS: 0.000_024 }
const CLOUD_RUN = {
  currency: 'USD',
  region: 'Tier 1',
  date: '2026-07-21',
  source: 'https://cloud.google.com/run/pricing',
  running: CLOUD_RUN_ACTIVE,
  loading: CLOUD_RUN_ACTIVE,
  millionRequests: 0.4,
  residentGbS: 0.000_002_5,
  sizes: GOOGLE_VCPUS,
  assumed: ['CPU is what functions of that memory get by default; users may choose it.'],
}
const CLOUD_RUN_LEFT_OUT = ['Time is rounded up to 100 ms.', 'Committed use discounts and data transfer.']

export const googleCloud: readonly ListedPrices[] = [
  {
    id: 'google-cloud-functions',
    summary: 'Google Cloud Run functions, 1st generation, on demand; CPU in GHz.',
    currency: 'USD',
    region: 'Tier 1',
    date: '2024-09-25',
    source: 'https://cloud.google.com/functions/pricing-1stgen',
    running: { gbS: 0.000_002_5, cpuS: 0.000_01 },
    loading: FREE,
    idle: FREE,
    millionRequests: 0.4,
    residentGbS: null,
    sizes: GOOGLE_GHZ,
    leftOut: [
      'Each execution is rounded up to 100 ms.',
      'The free tier: 2 million requests, 400,000 GB·s and 200,000 GHz·s a month.',
      'Data transfer.',
    ],
    assumed: ['Loading is not billed: the page bills from the moment at which a function receives a request.'],
  },
  {
    ...CLOUD_RUN,
    id: 'google-cloud-run',
    summary: 'Google Cloud Run functions with request-based billing; CPU in vCPUs.',
    idle: FREE,
    leftOut: [...CLOUD_RUN_LEFT_OUT, 'The free tier: 2 million requests, 360,000 GB·s and 180,000 vCPU·s a month.'],
  },
  {
    ...CLOUD_RUN,
    id: 'google-cloud-run-min-instances',
    summary: 'Google Cloud Run functions with every loaded instance as a minimum instance; CPU in vCPUs.',
    idle: { gbS: 0.000_002_5, cpuS: 0.000_002_5 },
    leftOut: CLOUD_RUN_LEFT_OUT,
  },
]
