import { hasAll, type MappingPreset } from '../mapping-preset.ts'

/** A pod is named `pool-cpu-memory-number`; the memory is in MB. */
const POD_MEMORY = String.raw`-(\d+)-\d+$`
const TRIGGERS = {
  APIG: 'http',
  'APIG-S': 'http',
  TIMER: 'timer',
  OBS: 'storage',
  'OBS-A': 'storage',
  CTS: 'event',
  DIS: 'queue',
  LTS: 'event',
  SMN: 'event',
  KAFKA: 'queue',
  DMS: 'queue',
  workflow: 'orchestration',
  WORKFLOW: 'orchestration',
  unknown: 'others',
} as const

/** Huawei 2025: one row per request; the cold starts stand in a table of their own and are joined by the request. */
export const huawei2025: MappingPreset = {
  id: 'huawei-2025',
  summary: 'Huawei 2025: single requests with their pods, and with the table of cold starts where that is given too.',
  source: 'https://github.com/sir-lab/data-release (CC BY 4.0)',
  looksFor:
    'a CSV file with time_worker, requestID, funcName, podID and totalCost_worker; beside it one with totalCost_cold_start',
  companion: {
    name: 'table of cold starts',
    fits: (look) => hasAll(look, 'requestID', 'totalCost_cold_start'),
    join: (mapping, path) => ({
      ...mapping,
      join: { path, on: { requestID: 'requestID' } },
      coldStart: { from: 'totalCost_cold_start', unit: 's' },
    }),
  },
  shapes: [
    {
      name: 'requests',
      needs: ['time_worker', 'funcName', 'podID', 'totalCost_worker'],
      mapping: {
        read: { as: 'csv' },
        app: { from: '{funcName}---{userID}---{podID}', match: String.raw`^(.*)-\d+$` },
        start: { from: 'time_worker', unit: 's' },
        duration: { from: 'totalCost_worker', unit: 's' },
        memory: { from: 'podID', match: POD_MEMORY, unit: 'MB' },
        instance: 'podID',
        origin: 'midnight',
      },
    },
    {
      name: 'requests joined with their cold starts',
      needs: ['event_time', 'func_id', 'exec_time', 'cold_start_flag'],
      mapping: {
        read: { as: 'csv' },
        app: 'func_id',
        start: { from: 'event_time', unit: 's' },
        duration: { from: 'exec_time', unit: 's' },
        memory: { from: 'func_id', match: String.raw`-(\d+)$`, unit: 'MB' },
        cold: { from: 'cold_start_flag', is: ['1', '1.0', 'True', 'true'] },
        instance: 'pod_id?',
        trigger: { from: 'trigger_type?' },
        triggers: TRIGGERS,
        origin: 'midnight',
      },
    },
  ],
}
