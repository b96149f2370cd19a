-- Processes at work, what they have claimed, and how far their runs have come.

CREATE TABLE owner (
  key   INTEGER PRIMARY KEY,
  id    TEXT NOT NULL UNIQUE,
  host  TEXT NOT NULL,
  pid   INTEGER NOT NULL,
  start TEXT NOT NULL,
  seen  TEXT NOT NULL
);

CREATE TABLE claim (
  run   INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  owner INTEGER NOT NULL REFERENCES owner ON DELETE CASCADE,
  at    TEXT NOT NULL
);
CREATE INDEX claim_owner ON claim (owner);

CREATE TABLE checkpoint (
  run     INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  seconds REAL NOT NULL,
  state   BLOB NOT NULL
);

CREATE TABLE night (
  key         INTEGER PRIMARY KEY,
  study       INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
  started_at  TEXT NOT NULL,
  finished_at TEXT,
  workers     INTEGER NOT NULL,
  trained     INTEGER NOT NULL,
  forecast    REAL NOT NULL,
  low         REAL NOT NULL,
  high        REAL NOT NULL,
  seconds     REAL NOT NULL
);
CREATE INDEX night_study ON night (study, started_at);

-- SHA-256 of the final parameters, and of each file of weights; '' where it was not taken.
ALTER TABLE run ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE weight ADD COLUMN digest TEXT NOT NULL DEFAULT '';

-- Results of runs that have another result: same identity, different bits. Of
-- those that databases brought together, the one of the lowest bits is the run's.
CREATE TABLE conflict (
  key         INTEGER PRIMARY KEY,
  run         INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  maker       INTEGER NOT NULL REFERENCES maker,
  bits        TEXT NOT NULL, -- SHA-256 of everything measured
  status      TEXT NOT NULL,
  reason      TEXT NOT NULL,
  stack       TEXT NOT NULL,
  parameters  INTEGER NOT NULL,
  epochs      INTEGER NOT NULL,
  seconds     REAL NOT NULL,
  started_at  TEXT,
  finished_at TEXT,
  train_loss REAL, train_error REAL, train_mse REAL, train_nll REAL, train_brier REAL, train_ece REAL,
  valid_loss REAL, valid_error REAL, valid_mse REAL, valid_nll REAL, valid_brier REAL, valid_ece REAL,
  test_loss  REAL, test_error  REAL, test_mse  REAL, test_nll  REAL, test_brier  REAL, test_ece  REAL,
  digest      TEXT NOT NULL,
  UNIQUE (run, bits, digest)
);

DROP VIEW runs;
CREATE VIEW runs AS
SELECT run.id, cell.label, run.status,
  test_error, valid_error, train_error, test_loss, valid_loss, train_loss,
  seed_data, seed_init, seed_order, epochs, parameters, seconds, started_at, finished_at, reason,
  test_mse, valid_mse, train_mse, test_nll, valid_nll, train_nll,
  test_brier, valid_brier, train_brier, test_ece, valid_ece, train_ece,
  host, kernel, version, "commit", dirty, go, os, cpu,
  cell.id AS cell, cell.data, cell.config, run.stack, run.digest
FROM run JOIN cell ON cell.key = run.cell JOIN maker ON maker.key = run.maker;

CREATE VIEW nights AS
SELECT study.study, started_at, finished_at, workers, trained, forecast, low, high, seconds
FROM night JOIN study ON study.key = night.study;

CREATE VIEW conflicts AS
SELECT run.id AS run_id, cell.label, c.status,
  c.test_error, c.valid_error, c.train_error, c.test_loss, c.valid_loss, c.train_loss,
  c.epochs, c.seconds, c.started_at, c.finished_at, c.reason,
  c.test_mse, c.valid_mse, c.train_mse, c.test_nll, c.valid_nll, c.train_nll,
  c.test_brier, c.valid_brier, c.train_brier, c.test_ece, c.valid_ece, c.train_ece,
  host, kernel, version, "commit", dirty, go, os, cpu, c.digest
FROM conflict AS c JOIN run ON run.key = c.run JOIN cell ON cell.key = run.cell JOIN maker ON maker.key = c.maker;

-- From here on a running run is claimed by a process; what says so now was left by one that was killed.
UPDATE run SET status = 'interrupted' WHERE status = 'running';
