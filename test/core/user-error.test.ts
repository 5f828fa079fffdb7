import { expect, it } from 'vitest'
import { UserError } from '../../src/core/user-error.ts'

it('A message never holds a value of a whole file or thousands of names', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `app-${index}`).join(', ')
  const problem = `expected a number, found "${'x'.repeat(900_000)}"`
  const { message, complaint } = new UserError({ where: 'x.yaml:1:2', problem, hint: `There are: ${names}.` })
  expect(message.length).toBeLessThan(4200)
  expect(message).toMatch(
    /^x\.yaml:1:2: expected a number, found "x+… \(\d+ more characters\)\. There are: app-0, .*… \(/,
  )
  expect(complaint.hint!.length).toBeLessThan(2100)
})

it('A message of ordinary length is told whole', () => {
  expect(new UserError({ where: 'a', problem: 'b', hint: 'C.' }).message).toBe('a: b. C.')
})
