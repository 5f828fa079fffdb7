/** The version of the tables, kept in SQLite's user_version. */
export const STORE_VERSION = 8

/**
 * The tables of a store. Every row ends with a checksum over its other cells. Columns of numbers are little-endian doubles, deflated. A run stands by itself: what an
 * experiment calls it, and in which order, is the experiment's matter, and one run may serve several experiments.
 */
export const SCHEMA = `
CREATE TABLE trace (
  digest TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  format TEXT NOT NULL,
  apps INTEGER NOT NULL,
  functions INTEGER NOT NULL,
  invocations INTEGER NOT NULL,
  horizon_ms REAL NOT NULL,
  offers TEXT NOT NULL,
  -- When its time 0 was, in ms since 1970, and in which time zone its clocks tell the time, as far as that is known.
  starts_at_ms REAL,
  zone TEXT,
  checksum TEXT NOT NULL
) STRICT;

-- Names of the rows of a ledger: apps, or functions where each function is an app of its own. A deflated JSON list.
CREATE TABLE name_list (
  trace TEXT NOT NULL REFERENCES trace,
  unit TEXT NOT NULL,
  names BLOB NOT NULL,
  checksum TEXT NOT NULL,
  PRIMARY KEY (trace, unit)
) STRICT;

CREATE TABLE run (
  digest TEXT PRIMARY KEY,
  trace TEXT NOT NULL REFERENCES trace,
  spec TEXT NOT NULL,
  -- Parameters and options as an experiment spells them, as JSON.
  spelt TEXT NOT NULL DEFAULT '{"params":{},"model":{}}',
  version TEXT NOT NULL,
  wall_ms REAL NOT NULL,
  totals TEXT NOT NULL,
  apps INTEGER NOT NULL,
  horizon_ms REAL NOT NULL,
  ledger BLOB NOT NULL,
  memory_mb BLOB NOT NULL,
  -- Distributions of latencies; NULL in a world without time.
  latency BLOB,
  checksum TEXT NOT NULL
) STRICT;

-- Parts of runs that shards have made: the apps from the first one on. Once all are there, they become the run.
CREATE TABLE run_part (
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
) STRICT;

-- What no policy beats on a trace in the world that is told by its options, seed and judged part, as JSON.
CREATE TABLE bound (
  trace TEXT NOT NULL REFERENCES trace,
  world TEXT NOT NULL,
  curves TEXT NOT NULL,
  checksum TEXT NOT NULL,
  PRIMARY KEY (trace, world)
) STRICT;

-- What a trace tells of the starts that were measured on the platform, by units and judged part, as JSON.
CREATE TABLE measured (
  trace TEXT NOT NULL REFERENCES trace,
  part TEXT NOT NULL,
  starts TEXT NOT NULL,
  checksum TEXT NOT NULL,
  PRIMARY KEY (trace, part)
) STRICT;

-- When the cold starts of a run on such a trace were, in the parts of the measured ones, as JSON.
CREATE TABLE cold_over_time (
  run TEXT PRIMARY KEY REFERENCES run,
  cold TEXT NOT NULL,
  checksum TEXT NOT NULL
) STRICT;

CREATE TABLE experiment (
  name TEXT PRIMARY KEY,
  trace TEXT NOT NULL REFERENCES trace,
  -- What people call the baseline, and the variant that its runs are found by.
  baseline TEXT NOT NULL,
  baseline_variant TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL,
  -- Where its file and its trace were when it was last run, as absolute paths.
  file TEXT,
  trace_path TEXT,
  -- Sentences that belong to its results, as a JSON list.
  notes TEXT NOT NULL DEFAULT '[]',
  -- The price table that it was last run with, as JSON.
  prices TEXT,
  -- How many runs it consists of: one that is missing below is told.
  runs INTEGER NOT NULL,
  checksum TEXT NOT NULL
) STRICT;

-- The runs that an experiment consists of, finished or not.
CREATE TABLE experiment_run (
  experiment TEXT NOT NULL REFERENCES experiment ON DELETE CASCADE,
  position INTEGER NOT NULL,
  label TEXT NOT NULL,
  variant TEXT NOT NULL DEFAULT '',
  run TEXT NOT NULL,
  -- 1 where its apps can be simulated apart, so that shards may have parts of it.
  by_app INTEGER NOT NULL DEFAULT 0,
  checksum TEXT NOT NULL,
  PRIMARY KEY (experiment, position)
) STRICT;
`
