import { idleCarbon, loadedCarbon } from './columns/carbon.ts'
import { registry } from '../core/registry.ts'
import { alwaysCold, alwaysColdRepeated } from './columns/always-cold.ts'
import { appColdShare50, appColdShare75, appColdShare90, appColdShare99 } from './columns/app-cold-share.ts'
import {
  avoidableCold,
  coldPer10000,
  coldShare,
  coldStarts,
  coldStartsRelative,
  joined,
  missed,
} from './columns/cold-starts.ts'
import {
  added50,
  added90,
  added95,
  added99,
  added999,
  addedMax,
  response50,
  response90,
  response95,
  response99,
  response999,
  responseMax,
  waiting99,
  waitingMax,
} from './columns/latency.ts'
import { loadedMemory } from './columns/loaded-memory.ts'
import { loads, prewarms, prewarmsUnused } from './columns/loads.ts'
import { busyMemory, idleAppHours, idleMemory, idleMemoryRelative, loadingMemory } from './columns/memory-time.ts'
import { drops, evictionCount, waits, waitingTime } from './columns/memory-pressure.ts'
import { providerCost, providerCostMonth, userBill, userBillMonth } from './columns/money.ts'
import { rum } from './columns/rum.ts'
import { cooledMemory, partialStarts } from './columns/stages.ts'
import { wallTime } from './columns/wall-time.ts'
import type { Metric } from './metric.ts'

/** Every named column of a comparison, in the order of a table. */
export const METRICS = registry<Metric>('metric', [
  coldStarts,
  coldPer10000,
  coldShare,
  avoidableCold,
  appColdShare50,
  appColdShare75,
  appColdShare90,
  appColdShare99,
  alwaysCold,
  alwaysColdRepeated,
  idleMemory,
  idleAppHours,
  idleMemoryRelative,
  coldStartsRelative,
  drops,
  missed,
  added99,
  joined,
  loads,
  prewarms,
  prewarmsUnused,
  partialStarts,
  cooledMemory,
  busyMemory,
  loadingMemory,
  loadedMemory,
  evictionCount,
  waits,
  waitingTime,
  waiting99,
  waitingMax,
  added50,
  added90,
  added95,
  added999,
  addedMax,
  response50,
  response90,
  response95,
  response99,
  response999,
  responseMax,
  rum,
  idleCarbon,
  loadedCarbon,
  providerCost,
  userBill,
  providerCostMonth,
  userBillMonth,
  wallTime,
])
