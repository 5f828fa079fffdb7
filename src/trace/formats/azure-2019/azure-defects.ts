import type { DefectLog, DefectRule } from '../../build/defect-log.ts'

/** Every defect of the data set that is known (of its publisher's and others' finding), and the rule for each. */
export const DEFECTS = [
  {
    id: 'file-unknown',
    found: 'CSV files in the folder that are no table of the data set',
    rule: 'They are not read.',
  },
  {
    id: 'day-missing',
    found: 'days inside the time of the trace without a table of invocations',
    rule: 'Their time is kept, without invocations.',
  },
  {
    id: 'minute-missing',
    found: 'minutes inside the time of the trace that the tables of the days that were read do not cover',
    rule: 'Their time is kept, without invocations.',
  },
  {
    id: 'header-repeated',
    found: 'headers again inside a table, as where parts were put together',
    rule: 'They are skipped.',
  },
  {
    id: 'invocations-repeated',
    found: 'rows of invocations that repeat another of their day cell by cell',
    rule: 'They are counted once.',
  },
  {
    id: 'invocations-differing',
    found: 'further rows of invocations of a function on a day, with other cells',
    rule: 'They are added to the first.',
  },
  {
    id: 'function-never-invoked',
    found: 'functions that are listed and have no invocation',
    rule: 'They are kept in the tables, because they were deployed, and have no arrivals.',
    isOrdinary: true,
  },
  {
    id: 'function-some-days',
    found: 'functions that are listed on some of the days only',
    rule: 'They have no invocations on the others.',
    isOrdinary: true,
  },
  {
    id: 'app-two-owners',
    found: 'app hashes that more than one owner has',
    rule: 'Each owner has an app of its own: the key is owner, app and function.',
  },
  {
    id: 'trigger-changed',
    found: 'functions whose trigger changes',
    rule: 'The one of the latest day is kept, a real one before `others`.',
    isOrdinary: true,
  },
  {
    id: 'trigger-unknown',
    found: 'rows with a trigger that the data set does not have',
    rule: 'It is taken as `others`.',
  },
  {
    id: 'durations-none',
    found: 'traces without any table of durations',
    rule: 'Every execution takes 1,000 ms; the model `paper` does not look at durations.',
    isOrdinary: true,
  },
  {
    id: 'durations-day-missing',
    found: 'days of invocations without a table of durations',
    rule: "The functions have their other days' durations.",
  },
  {
    id: 'durations-repeated',
    found: 'rows of durations that repeat another of their day word for word',
    rule: 'They are counted once.',
  },
  {
    id: 'durations-differing',
    found: 'further rows of durations of a function on a day, with other figures',
    rule: 'They are combined as a mean weighted by Count (at least 1).',
  },
  {
    id: 'duration-negative',
    found: 'rows of durations with a negative Average',
    rule: 'They are not used.',
  },
  {
    id: 'duration-rounded-down',
    found: 'rows of durations with an Average of 0 and a Maximum or percentile above 0',
    rule: 'They count as 1 ms: the averages are whole ms, rounded down.',
    isOrdinary: true,
  },
  {
    id: 'duration-zero',
    found: 'rows of durations with an Average of 0 and nothing above 0',
    rule: 'They are not used: nothing was recorded.',
    isOrdinary: true,
  },
  {
    id: 'duration-negative-minimum',
    found: 'rows of durations with a negative Minimum and an Average that is not negative',
    rule: 'They are used: only the Average is.',
    isOrdinary: true,
  },
  {
    id: 'duration-without-function',
    found: 'rows of durations of functions that no table of invocations lists',
    rule: 'They are not used.',
    isOrdinary: true,
  },
  {
    id: 'function-without-duration',
    found: 'functions without a duration that can be used on any day',
    rule: "They have the median function's, or 1,000 ms where no function has any.",
    isOrdinary: true,
  },
  {
    id: 'memory-none',
    found: 'traces without any table of memory',
    rule: 'The trace has no memory: choose the model option `memory: equal`.',
    isOrdinary: true,
  },
  {
    id: 'memory-day-missing',
    found: 'days of invocations without a table of memory',
    rule: "The apps have their other days' memory.",
    isOrdinary: true,
  },
  {
    id: 'memory-repeated',
    found: 'rows of memory that repeat another of their day word for word',
    rule: 'They are counted once.',
  },
  {
    id: 'memory-differing',
    found: 'further rows of memory of an app (or function) on a day, with other figures',
    rule: 'They are combined as a mean weighted by SampleCount (at least 1).',
  },
  {
    id: 'memory-not-positive',
    found: 'rows of memory of 0 MB or less',
    rule: 'They are not used.',
  },
  {
    id: 'memory-per-function',
    found: "rows of memory that are a function's share",
    rule: "The shares of an app's functions are added up for each day.",
    isOrdinary: true,
  },
  {
    id: 'memory-without-app',
    found: 'rows of memory of apps that no table of invocations lists',
    rule: 'They are not used.',
    isOrdinary: true,
  },
  {
    id: 'app-without-memory',
    found: 'apps without memory that can be used on any day',
    rule: "They have the median app's; where no app has any, the trace has no memory.",
    isOrdinary: true,
  },
] as const satisfies readonly DefectRule[]

export type Defects = DefectLog<(typeof DEFECTS)[number]['id']>
