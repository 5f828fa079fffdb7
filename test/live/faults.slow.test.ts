// The same faults, in containers.
export * from './faults.test.ts'
