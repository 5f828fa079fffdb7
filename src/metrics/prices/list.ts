import { type Described, registry } from '../../core/registry.ts'
import { memoryRate, memorySizes, type PriceTable, type Size } from './price-table.ts'

/** A price table that a platform publishes, one mode of use each. */
export interface ListedPrices extends PriceTable, Described {
  readonly region: string
  readonly date: string
  readonly source: string
  /** What of the platform's bill is not modelled; each a sentence. */
  readonly leftOut: readonly string[]
  /** What the page leaves open, or to the user; each a sentence. */
  readonly assumed: readonly string[]
}

const FREE = memoryRate(0)

/** Sizes from 128 MB on, each twice the one before, with the CPU that comes with each. */
function withCpu(cpus: readonly number[]): readonly Size[] {
  return cpus.map((cpus, doublings) => ({ mb: 128 * 2 ** doublings, cpus }))
}

/**
 * x86. The rates are also in AWS's price list (Lambda Duration, Duration-Provisioned, Provisioned-Concurrency, Requests).
 * The date is the one from which the INIT phase is billed for all functions; the rates were the same before and after.
 */
const AWS = {
  currency: 'USD',
  region: 'us-east-1, x86',
  date: '2025-08-01',
  source: 'https://aws.amazon.com/lambda/pricing/',
  millionRequests: 0.2,
  residentGbS: 0.000_004_166_7,
  sizes: { leastMb: 128, stepMb: 1, mostMb: 10_240, cpusPerGb: 0 },
  assumed: ['Loading is billed as running: it is the INIT phase.'],
}
const AWS_LEFT_OUT = ['Each execution is rounded up to 1 ms.', 'Ephemeral storage above 512 MB and data transfer.']

const EXECUTION_ONLY = 'Loading is not billed: the page bills the time that functions execute.'

/**
 * As https://modal.com/blog/azure-function-pricing-guide quotes the page on that date; the prices of always ready
 * instances as several others quote it, undated.
 */
const AZURE = {
  currency: 'USD',
  region: 'East US',
  date: '2025-05-22',
  source: 'https://azure.microsoft.com/pricing/details/functions/',
  loading: FREE,
  assumed: [EXECUTION_ONLY],
}
const AZURE_FLEX = {
  ...AZURE,
  millionRequests: 0.4,
  residentGbS: 0.000_004,
  sizes: memorySizes([512, 2048, 4096]),
}
const AZURE_FLEX_LEFT_OUT = ['An execution counts for at least 1,000 ms, and is rounded up to 100 ms.']

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
  sizes: memorySizes([128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10_240]),
  assumed: ['Loading is not billed: the page bills from the moment at which the function’s code starts.'],
}

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
  sizes: memorySizes([64, ...Array.from({ length: 24 }, (_, step) => 128 * (step + 1))]),
  assumed: [EXECUTION_ONLY],
}
const TENCENT_LEFT_OUT = ['The basic package fee of about 1.8 USD a month and data transfer.']

/** The price tables of platforms, as far as their public lists could be found. */
export const PRICES = registry<ListedPrices>('price table', [
  {
    ...AWS,
    id: 'aws-lambda',
    summary: 'AWS Lambda on demand.',
    running: memoryRate(0.000_016_666_7),
    loading: memoryRate(0.000_016_666_7),
    idle: FREE,
    leftOut: [
      ...AWS_LEFT_OUT,
      'The free tier: 1 million requests and 400,000 GB·s a month.',
      'Lower prices above 6 billion GB·s a month.',
    ],
  },
  {
    ...AWS,
    id: 'aws-lambda-provisioned',
    summary: 'AWS Lambda with every loaded instance as provisioned concurrency.',
    running: memoryRate(0.000_004_166_7 + 0.000_009_722_2),
    loading: memoryRate(0.000_004_166_7 + 0.000_009_722_2),
    idle: memoryRate(0.000_004_166_7),
    leftOut: [...AWS_LEFT_OUT, 'Provisioned time is rounded up to 5 minutes.'],
  },
  {
    ...AZURE,
    id: 'azure-functions',
    summary: 'Azure Functions, Consumption plan.',
    running: memoryRate(0.000_016),
    idle: FREE,
    millionRequests: 0.2,
    residentGbS: null,
    sizes: { leastMb: 128, stepMb: 128, mostMb: 1536, cpusPerGb: 0 },
    leftOut: [
      'An execution counts for at least 100 ms, and is rounded up to 1 ms.',
      'The free grant: 1 million requests and 400,000 GB·s a month.',
      'Storage.',
    ],
    assumed: [EXECUTION_ONLY, 'The page bills the memory that was used, which is taken to be the app’s all the time.'],
  },
  {
    ...AZURE_FLEX,
    id: 'azure-functions-flex',
    summary: 'Azure Functions, Flex Consumption plan, on demand.',
    running: memoryRate(0.000_026),
    idle: FREE,
    leftOut: [...AZURE_FLEX_LEFT_OUT, 'The free grant: 250,000 requests and 100,000 GB·s a month.'],
  },
  {
    ...AZURE_FLEX,
    id: 'azure-functions-always-ready',
    summary: 'Azure Functions, Flex Consumption plan, with every loaded instance always ready.',
    running: memoryRate(0.000_004 + 0.000_016),
    idle: memoryRate(0.000_004),
    leftOut: AZURE_FLEX_LEFT_OUT,
  },
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
])
