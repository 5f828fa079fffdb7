import type { MappingPreset } from '../mapping-preset.ts'

/** Globus Compute: tasks with times of their states in ns; a task waits before it runs. */
export const globus: MappingPreset = {
  id: 'globus',
  summary: 'Globus Compute 2023: tasks on endpoints, with the times of their states in nanoseconds.',
  source: 'The Globus Compute Dataset (Bauer et al., FGCS 2024)',
  looksFor: 'a CSV file with function_uuid, endpoint_uuid, received, execution_start and execution_end',
  shapes: [
    {
      name: 'tasks',
      needs: ['function_uuid', 'endpoint_uuid', 'received', 'execution_start', 'execution_end'],
      mapping: {
        read: { as: 'csv' },
        only: [{ from: 'execution_end', match: '[0-9]', rows: 'tasks that never ran' }],
        app: 'endpoint_uuid',
        function: 'function_uuid',
        start: { from: 'received', unit: 'ns' },
        duration: { from: 'execution_start', to: 'execution_end', unit: 'ns' },
      },
    },
  ],
}
