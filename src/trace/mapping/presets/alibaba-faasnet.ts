import type { MappingPreset } from '../mapping-preset.ts'

/** FaaSNet: a row is a cold start, with how long its instance took to load; warm invocations are not in it. */
export const alibabaFaasnet: MappingPreset = {
  id: 'alibaba-faasnet',
  summary: 'Alibaba Cloud Function Compute 2021 (FaaSNet): cold starts with their latency and memory.',
  source: 'https://github.com/ds2-lab/FaaSNet (Apache-2.0)',
  looksFor: 'a CSV file with __time__, functionName, latency and memoryMB',
  shapes: [
    {
      name: 'cold starts',
      needs: ['__time__', 'functionName', 'latency'],
      mapping: {
        read: { as: 'csv' },
        app: 'functionName',
        start: { from: '__time__', unit: 's' },
        duration: { is: 0, unit: 'ms' },
        coldStart: { from: 'latency', unit: 's' },
        memory: { from: 'memoryMB?', unit: 'MB' },
      },
    },
  ],
}
