// The same contracts, in containers.
export * from './contract.test.ts'
