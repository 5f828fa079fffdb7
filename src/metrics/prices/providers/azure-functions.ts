import type { ListedPrices } from '../listed-prices.ts'
import { memoryRate, sizesWithCpu } from '../price-table.ts'

const FREE = memoryRate(0)

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
  sizes: sizesWithCpu([512, 2048, 4096]),
}
const AZURE_FLEX_LEFT_OUT = ['An execution counts for at least 1,000 ms, and is rounded up to 100 ms.']

export const azureFunctions: readonly ListedPrices[] = [
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
]
