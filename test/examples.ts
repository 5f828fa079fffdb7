/**
 * How many examples a property draws that takes its time: all of them in the slow suites, and a fifth in `npm test`, where
 * each file of tests has a few seconds.
 */
export function examples(all: number): number {
  return process.env['PILOTLIGHT_SLOW'] === undefined ? Math.ceil(all / 5) : all
}
