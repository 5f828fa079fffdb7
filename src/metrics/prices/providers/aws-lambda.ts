import type { ListedPrices } from '../listed-prices.ts'
import { memoryRate } from '../price-table.ts'

const FREE = memoryRate(0)

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

export const awsLambda: readonly ListedPrices[] = [
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
]
