import { counted } from '../core/counted.ts'
import { ACCOUNTS, type Account, type Ledger, REASONS, STAGE_ACCOUNTS, type StageAccount } from '../engine/ledger.ts'

/** An identity of the model that a ledger breaks. */
export interface Violation {
  /** The identity, as it should hold in every row. */
  readonly identity: string
  /** Rows that break it. */
  readonly count: number
  /** The first row that does, and its figures. */
  readonly example: string
}

interface Identity {
  readonly identity: string
  /** The accounts that it is about. */
  readonly accounts: readonly (Account | StageAccount)[]
  /** Whether it need not hold where accounts begin later than the trace, over instances that were loaded before. */
  readonly isOfWholeTraces?: true
  /** Whether it holds, given the cells of {@link accounts}. */
  holds(cells: readonly number[]): boolean
}

const ALL = [...ACCOUNTS, ...STAGE_ACCOUNTS]
const COUNTS = [...ACCOUNTS.filter((account) => !account.endsWith('Ms')), 'fromStage1', 'fromStage2'] as const

const IDENTITIES: readonly Identity[] = [
  {
    identity: 'every account is finite and at least 0',
    accounts: ALL,
    holds: (cells) => cells.every((cell) => cell >= 0 && cell < Number.POSITIVE_INFINITY),
  },
  {
    identity: 'every count is a whole number',
    accounts: COUNTS,
    holds: (cells) => cells.every((cell) => Number.isInteger(cell)),
  },
  {
    identity: `${REASONS.join(' + ')} = coldStarts`,
    accounts: ['coldStarts', ...REASONS],
    holds: ([coldStarts, ...reasons]) => coldStarts === reasons.reduce((sum, reason) => sum + reason, 0),
  },
  {
    identity: 'coldStarts + joined + drops <= invocations',
    accounts: ['coldStarts', 'joined', 'drops', 'invocations'],
    holds: ([coldStarts, joined, drops, invocations]) => coldStarts! + joined! + drops! <= invocations!,
  },
  {
    // One instance of an app may be there as the trace begins (`warmAtStart`).
    identity: 'evictions <= loads + 1',
    isOfWholeTraces: true,
    accounts: ['evictions', 'loads'],
    holds: ([evictions, loads]) => evictions! <= loads! + 1,
  },
  {
    identity: 'only what waits has waiting time',
    accounts: ['waits', 'waitingMs'],
    holds: ([waits, waitingMs]) => waits! > 0 || waitingMs === 0,
  },
  {
    identity: 'fromStage1 + fromStage2 <= coldStarts',
    accounts: ['fromStage1', 'fromStage2', 'coldStarts'],
    holds: ([one, other, coldStarts]) => one! + other! <= coldStarts!,
  },
  {
    // Both are sums of the same terms, one of them of more: not equal to the last bit.
    identity: 'cooledMs <= idleMs',
    accounts: ['cooledMs', 'idleMs'],
    holds: ([cooled, idle]) => cooled === 0 || cooled! <= idle! * (1 + 1e-9),
  },
  {
    identity: 'prewarmsUnused <= prewarms <= loads',
    accounts: ['prewarmsUnused', 'prewarms', 'loads'],
    holds: ([unused, prewarms, loads]) => unused! <= prewarms! && prewarms! <= loads!,
  },
]

/** The identities of the model (docs: the accounts) that a ledger breaks; a sound ledger breaks none. */
export function checkLedger(ledger: Ledger): readonly Violation[] {
  const demanded = IDENTITIES.filter(({ isOfWholeTraces }) => isOfWholeTraces !== true || ledger.accountFromMs === 0)
  return demanded.flatMap((identity) => {
    const broken = brokenRows(identity, ledger)
    return broken === undefined ? [] : [broken]
  })
}

/** Throws where a ledger breaks an identity of the model, which is a bug: its run must not be kept or shown. */
export function demandSound(ledger: Ledger, label: string): void {
  const [violation] = checkLedger(ledger)
  if (violation === undefined) return
  const { identity, count, example } = violation
  throw new Error(`run "${label}": ${identity} does not hold in ${counted(count, 'row')}, as in ${example}`)
}

function brokenRows({ identity, accounts, holds }: Identity, ledger: Ledger): Violation | undefined {
  let count = 0
  let example = ''
  for (let app = 0; app < ledger.apps; app += 1) {
    const cells = accounts.map((account) => ledger[account][app]!)
    if (holds(cells)) continue
    count += 1
    if (count === 1)
      example = `row ${app}: ${accounts.map((account, index) => `${account} ${cells[index]}`).join(', ')}`
  }
  return count === 0 ? undefined : { identity, count, example }
}
