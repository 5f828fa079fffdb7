// Every policy that comes with the package: one file and one line each. The library exports them by these names.
export { breakEven } from './break-even.ts'
export { fixed } from './fixed.ts'
export { hybridHistogram } from './hybrid-histogram.ts'
export { none } from './none.ts'
export { noUnload } from './no-unload.ts'
export { provisioned } from './provisioned.ts'
