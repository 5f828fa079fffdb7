import { registry, type Registry } from '../../core/registry.ts'
import type { Contract } from '../instance/contract.ts'
import { fn } from './fn.ts'
import { http } from './http.ts'
import { lambda } from './lambda.ts'
import { openwhisk } from './openwhisk.ts'

/** Every contract that functions may be run under. */
export const CONTRACTS: Registry<Contract> = registry<Contract>('contract', [http, fn, openwhisk, lambda])
