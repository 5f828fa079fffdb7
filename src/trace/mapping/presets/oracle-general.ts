import type { MappingPreset } from '../mapping-preset.ts'

/** Traces of caches: an object is an app, its size its memory; executions take no time. For eviction orders. */
export const oracleGeneral: MappingPreset = {
  id: 'oracle-general',
  summary: 'Cache traces of libCacheSim (oracleGeneral, or CSV): an object is an app, its size is its memory.',
  source: 'https://github.com/1a1a11a/libCacheSim',
  looksFor: 'records of 24 bytes whose times never fall, or a CSV file with time, object and size',
  shapes: [
    {
      name: 'oracleGeneral',
      fits: (look) => look.isOracle === true,
      mapping: {
        read: { as: 'oracle-general' },
        app: 'object',
        start: { from: 'time', unit: 's' },
        duration: { is: 0, unit: 'ms' },
        memory: { from: 'size', unit: 'bytes' },
      },
    },
    {
      name: 'CSV',
      needs: ['time', 'object', 'size'],
      mapping: {
        read: { as: 'csv' },
        app: 'object',
        start: { from: 'time', unit: 's' },
        duration: { is: 0, unit: 'ms' },
        memory: { from: 'size', unit: 'bytes' },
      },
    },
  ],
}
