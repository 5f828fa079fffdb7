import { registry, type Registry } from '../../core/registry.ts'
import type { Needs } from '../instance/backend.ts'
import type { Contract } from '../instance/contract.ts'
import type { LiveApp } from '../live-app.ts'
import { fn } from './fn.ts'
import { http } from './http.ts'
import { lambda } from './lambda.ts'
import { openwhisk } from './openwhisk.ts'

/** Every contract that functions may be run under. */
export const CONTRACTS: Registry<Contract> = registry<Contract>('contract', [http, fn, openwhisk, lambda])

/** What an app's contract needs to be set up with. */
export function needsOf({ name, contract }: LiveApp): Needs {
  return CONTRACTS.get(contract, `apps.${name}.contract`).needs
}
