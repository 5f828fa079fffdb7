import type { FileSample } from '../file-sample.ts'
import type { Mapping } from '../mapping.ts'
import { type MappingPreset, recordsHave } from '../mapping-preset.ts'

/** The names of the columns in Log Analytics, and in the older tables. */
const NAMES = [
  {
    time: 'TimeGenerated',
    duration: 'DurationMs',
    name: 'Name',
    role: 'AppRoleName',
    count: 'ItemCount',
    instance: 'AppRoleInstance',
  },
  {
    time: 'TimeGenerated [UTC]',
    duration: 'DurationMs',
    name: 'Name',
    role: 'AppRoleName',
    count: 'ItemCount',
    instance: 'AppRoleInstance',
  },
  {
    time: 'timestamp',
    duration: 'duration',
    name: 'name',
    role: 'cloud_RoleName',
    count: 'itemCount',
    instance: 'cloud_RoleInstance',
  },
  {
    time: 'timestamp [UTC]',
    duration: 'duration',
    name: 'name',
    role: 'cloud_RoleName',
    count: 'itemCount',
    instance: 'cloud_RoleInstance',
  },
] as const
type ColumnNames = (typeof NAMES)[number]

const needed = ({ time, duration, name, role }: ColumnNames): readonly string[] => [time, duration, name, role]

/** Portals write dates as people in the United States do. */
const PORTAL = '%m/%d/%Y, %I:%M:%S.%f %p'

function mappingOf(look: FileSample, { time, duration, name, role, count, instance }: ColumnNames): Mapping {
  const isTable = look.as === 'csv'
  const text = isTable ? (look.rows[0]?.[look.first.indexOf(time)] ?? '') : ''
  return {
    read: isTable ? { as: 'csv' } : look.as === 'jsonl' ? { as: 'jsonl' } : { as: 'json', rows: look.rowsAt },
    app: role,
    function: name,
    // The time of a request is its start; sampling leaves rows that stand for several.
    start: /^\d+\/\d+\/\d{4}/.test(text) ? { from: time, format: PORTAL } : { from: time, unit: 'iso' },
    duration: { from: duration, unit: 'ms' },
    ...(isTable && !look.first.includes(count) ? {} : { weight: { from: count } }),
    instance: `${instance}?`,
    limits: [1000, 10_000, 30_000, 500_000],
  }
}

/** Azure Monitor: requests of Application Insights; the time is the start. */
export const appInsights: MappingPreset = {
  id: 'app-insights',
  summary:
    'Azure Application Insights: the table AppRequests (or requests) as CSV or JSON; a row can stand for several.',
  source: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/apprequests',
  looksFor:
    'a table with TimeGenerated, DurationMs, Name and AppRoleName, or with timestamp, duration, name and cloud_RoleName',
  shapes: NAMES.map((names) => ({
    name: `table with ${names.time}`,
    fits: (look: FileSample) =>
      look.as === 'csv'
        ? needed(names).every((column) => look.first.includes(column))
        : recordsHave(look, ...needed(names)),
    mapping: (look: FileSample) => mappingOf(look, names),
  })),
}
