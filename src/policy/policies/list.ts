// Every policy that comes with the package: one file and one line each. The library exports them by these names.
export { fixed } from './fixed.ts'
export { hybridHistogram } from './hybrid-histogram.ts'
export { noUnload } from './no-unload.ts'
export { none } from './none.ts'
export { provisioned } from './provisioned.ts'
