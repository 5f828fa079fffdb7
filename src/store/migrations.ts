import type { Database as Connection } from 'better-sqlite3'
import { Damage } from './damage.ts'
import { packNumbers, unpackNumbers } from './column-blobs.ts'
import { checksumOf, STORE_COLUMNS, type StoreRow, type StoreTable } from './stored-rows.ts'
import { STORE_VERSION } from './store-tables.ts'

/** The columns of traces before version 8. */
const BEFORE_CALENDAR = STORE_COLUMNS.trace.filter((column) => column !== 'starts_at_ms' && column !== 'zone')

/** What brings the tables of a version to the next one, by that version. */
const MIGRATIONS: Readonly<Record<number, (database: Connection) => void>> = {
  /** Experiments got prices, runs latencies, and ledgers two more accounts. */
  1: (database) => {
    database.exec('ALTER TABLE experiment ADD COLUMN prices TEXT; ALTER TABLE run ADD COLUMN latency BLOB')
    const read = database.prepare('SELECT apps, ledger FROM run WHERE digest = ?')
    const update = database.prepare('UPDATE run SET ledger = ? WHERE digest = ?')
    // One run at a time: together they may be larger than memory.
    for (const digest of database.prepare('SELECT digest FROM run').pluck().all()) {
      const { apps, ledger } = read.get(digest) as { readonly apps: number; readonly ledger: Uint8Array }
      update.run(packNumbers(withAccounts(ledger, apps, 16, 18)), digest)
    }
  },
  /** Runs and baselines got the id of their variant, and experiments the places of their files. */
  2: (database) => {
    database.exec(`
      ALTER TABLE experiment ADD COLUMN baseline_variant TEXT NOT NULL DEFAULT '';
      ALTER TABLE experiment ADD COLUMN file TEXT;
      ALTER TABLE experiment ADD COLUMN trace_path TEXT;
      ALTER TABLE experiment ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE experiment_run ADD COLUMN variant TEXT NOT NULL DEFAULT '';
      ALTER TABLE run ADD COLUMN spelt TEXT NOT NULL DEFAULT '{"params":{},"model":{}}';
      UPDATE experiment_run SET variant = coalesce(
        (SELECT json_array(json_extract(spec, '$.policy'), json_extract(spec, '$.policyFile'), json_extract(spec, '$.params'))
         FROM run WHERE digest = experiment_run.run),
        label);
      -- Until then the baseline was told by its label, or by the shortest one that went on with swept options.
      UPDATE experiment SET baseline_variant = coalesce(
        (SELECT variant FROM experiment_run
         WHERE experiment = experiment.name
           AND (label = experiment.baseline OR substr(label, 1, length(experiment.baseline) + 1) = experiment.baseline || ' ')
         ORDER BY length(label), position LIMIT 1),
        '');
    `)
    const update = database.prepare('UPDATE run SET spelt = ? WHERE digest = ?')
    const rows = database.prepare('SELECT digest, spec FROM run').all() as { digest: string; spec: string }[]
    for (const { digest, spec } of rows) {
      const { params, model } = JSON.parse(spec) as Readonly<Record<'params' | 'model', object>>
      update.run(JSON.stringify({ params: asTexts(params), model: asTexts(model) }), digest)
    }
  },
  /** Every row got a checksum (of the columns that version 4 had), and experiments the number of their runs. */
  3: (database) => {
    database.exec('ALTER TABLE experiment ADD COLUMN runs INTEGER NOT NULL DEFAULT 0')
    database.exec(
      'UPDATE experiment SET runs = (SELECT count(*) FROM experiment_run WHERE experiment = experiment.name)',
    )
    const runs = STORE_COLUMNS.experiment_run.filter((column) => column !== 'by_app')
    const before = { ...STORE_COLUMNS, trace: BEFORE_CALENDAR, experiment_run: runs }
    for (const table of ['trace', 'name_list', 'run', 'experiment', 'experiment_run'] as const) {
      database.exec(`ALTER TABLE ${table} ADD COLUMN checksum TEXT NOT NULL DEFAULT ''`)
      sign(database, table, before[table])
    }
  },
  /** Bounds are kept with the runs that they bound. */
  4: (database) => {
    database.exec(`CREATE TABLE bound (
      trace TEXT NOT NULL REFERENCES trace,
      world TEXT NOT NULL,
      curves TEXT NOT NULL,
      checksum TEXT NOT NULL,
      PRIMARY KEY (trace, world)
    ) STRICT`)
  },
  /** Shards may have parts of runs. What a row of version 5 says is checked before it gets another checksum. */
  5: (database) => {
    const before = STORE_COLUMNS.experiment_run.filter((column) => column !== 'by_app')
    check(database, 'experiment_run', before)
    database.exec('ALTER TABLE experiment_run ADD COLUMN by_app INTEGER NOT NULL DEFAULT 0')
    sign(database, 'experiment_run', STORE_COLUMNS.experiment_run)
    database.exec(`CREATE TABLE run_part (
      digest TEXT NOT NULL,
      part INTEGER NOT NULL,
      parts INTEGER NOT NULL,
      first_app INTEGER NOT NULL,
      trace TEXT NOT NULL REFERENCES trace,
      spec TEXT NOT NULL,
      spelt TEXT NOT NULL,
      version TEXT NOT NULL,
      wall_ms REAL NOT NULL,
      apps INTEGER NOT NULL,
      horizon_ms REAL NOT NULL,
      ledger BLOB NOT NULL,
      memory_mb BLOB NOT NULL,
      latency BLOB,
      checksum TEXT NOT NULL,
      PRIMARY KEY (digest, parts, part)
    ) STRICT`)
  },
  /** What was measured is kept with the runs that are set beside it. */
  6: (database) => {
    database.exec(`
      CREATE TABLE measured (
        trace TEXT NOT NULL REFERENCES trace,
        part TEXT NOT NULL,
        starts TEXT NOT NULL,
        checksum TEXT NOT NULL,
        PRIMARY KEY (trace, part)
      ) STRICT;
      CREATE TABLE cold_over_time (
        run TEXT PRIMARY KEY REFERENCES run,
        cold TEXT NOT NULL,
        checksum TEXT NOT NULL
      ) STRICT;
    `)
  },
  /** When traces were is kept. What a row of version 7 says is checked before it gets another checksum. */
  7: (database) => {
    check(database, 'trace', BEFORE_CALENDAR)
    database.exec('ALTER TABLE trace ADD COLUMN starts_at_ms REAL; ALTER TABLE trace ADD COLUMN zone TEXT')
    sign(database, 'trace', STORE_COLUMNS.trace)
  },
}

/** Throws {@link Damage} where a row of a table differs from its checksum over these columns. */
function check(database: Connection, table: StoreTable, columns: readonly string[]): void {
  for (const row of database.prepare(`SELECT * FROM ${table}`).iterate() as Iterable<StoreRow>) {
    if (row['checksum'] !== checksumOf(table, row, columns))
      throw new Damage(`a row of the table ${table} is not as it was written`)
  }
}

/** Gives every row of a table its checksum over these columns. */
function sign(database: Connection, table: StoreTable, columns: readonly string[]): void {
  const read = database.prepare(`SELECT ${columns.join()} FROM ${table} WHERE rowid = ?`)
  const update = database.prepare(`UPDATE ${table} SET checksum = ? WHERE rowid = ?`)
  // One row at a time: together they may be larger than memory.
  for (const rowid of database.prepare(`SELECT rowid FROM ${table}`).pluck().all())
    update.run(checksumOf(table, read.get(rowid) as StoreRow, columns), rowid)
}

/** Brings the tables of an older version to this one's, unless another process has just done so. */
export function migrate(database: Connection): void {
  const steps = database.transaction(() => {
    let version = Number(database.pragma('user_version', { simple: true }))
    for (; version < STORE_VERSION; version += 1) MIGRATIONS[version]!(database)
    database.pragma(`user_version = ${STORE_VERSION}`)
  })
  steps.immediate()
}

/** Values as texts; which of them are durations was not kept. */
function asTexts(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  )
}

/** A ledger's numbers with more accounts, all 0, behind those that it has. */
function withAccounts(ledger: Uint8Array, apps: number, before: number, after: number): ArrayBuffer {
  const old = new Float64Array(unpackNumbers(ledger))
  const numbers = new Float64Array(old.length + (after - before) * apps)
  numbers.set(old.subarray(0, before * apps))
  numbers.set(old.subarray(before * apps), after * apps)
  return numbers.buffer
}
