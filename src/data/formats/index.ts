import { registry } from '../../core/registry.ts'
import { csv } from './csv.ts'
import { parquet } from './parquet.ts'

/** The formats that `pilotlight data --format` names. */
export const DATA_FORMATS = registry('data format', [parquet, csv])
