/** MB in a GB. */
export const MB_PER_GB = 1024

/** The memory time of an app's instances in MB·s: instance-milliseconds times the MB of one instance. */
export function memoryTimeMbS(instanceMs: number, memoryMb: number): number {
  return (instanceMs * memoryMb) / 1000
}
