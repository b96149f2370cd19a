-- What runs share is kept once: a cell's configuration, the program and machine
-- that made a result, and a cell's place on the axes of a study.

CREATE TABLE cell (
  key    INTEGER PRIMARY KEY,
  id     TEXT NOT NULL,
  label  TEXT NOT NULL,
  data   TEXT NOT NULL,
  config TEXT NOT NULL
);
CREATE INDEX cell_id ON cell (id);

CREATE TABLE maker (
  key      INTEGER PRIMARY KEY,
  version  TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  dirty    INTEGER NOT NULL,
  go       TEXT NOT NULL,
  os       TEXT NOT NULL,
  cpu      TEXT NOT NULL,
  host     TEXT NOT NULL,
  kernel   TEXT NOT NULL,
  UNIQUE (version, "commit", dirty, go, os, cpu, host, kernel)
);

CREATE TABLE run (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  cell        INTEGER NOT NULL REFERENCES cell,
  maker       INTEGER NOT NULL REFERENCES maker,
  status      TEXT NOT NULL CHECK (status IN ('pending', 'running', 'done', 'diverged', 'pruned', 'failed', 'interrupted')),
  reason      TEXT NOT NULL,
  stack       TEXT NOT NULL,
  seed_data   INTEGER NOT NULL,
  seed_init   INTEGER NOT NULL,
  seed_order  INTEGER NOT NULL,
  parameters  INTEGER NOT NULL,
  epochs      INTEGER NOT NULL,
  seconds     REAL NOT NULL,
  started_at  TEXT,
  finished_at TEXT,
  train_loss REAL, train_error REAL, train_mse REAL, train_nll REAL, train_brier REAL, train_ece REAL,
  valid_loss REAL, valid_error REAL, valid_mse REAL, valid_nll REAL, valid_brier REAL, valid_ece REAL,
  test_loss  REAL, test_error  REAL, test_mse  REAL, test_nll  REAL, test_brier  REAL, test_ece  REAL
);

CREATE TABLE study (
  key      INTEGER PRIMARY KEY,
  study    TEXT NOT NULL UNIQUE,
  question TEXT NOT NULL,
  yaml     TEXT NOT NULL,
  "select" TEXT NOT NULL,
  "set"    TEXT NOT NULL,
  at       TEXT
);

CREATE TABLE place (
  key   INTEGER PRIMARY KEY,
  label TEXT NOT NULL,
  axes  TEXT NOT NULL,
  UNIQUE (label, axes)
);

CREATE TABLE member (
  study    INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
  position INTEGER NOT NULL,
  run      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  place    INTEGER NOT NULL REFERENCES place,
  PRIMARY KEY (study, position)
) WITHOUT ROWID;

CREATE TABLE epoch (
  run      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  epoch    INTEGER NOT NULL,
  steps    INTEGER NOT NULL,
  lr       REAL NOT NULL,
  distance REAL NOT NULL,
  seconds  REAL NOT NULL,
  train_loss REAL, train_error REAL, train_mse REAL, train_nll REAL, train_brier REAL, train_ece REAL,
  valid_loss REAL, valid_error REAL, valid_mse REAL, valid_nll REAL, valid_brier REAL, valid_ece REAL,
  test_loss  REAL, test_error  REAL, test_mse  REAL, test_nll  REAL, test_brier  REAL, test_ece  REAL,
  PRIMARY KEY (run, epoch)
) WITHOUT ROWID;

CREATE TABLE layer (
  run       INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  epoch     INTEGER NOT NULL,
  layer     INTEGER NOT NULL,
  weight    REAL NOT NULL,
  gradient  REAL NOT NULL,
  "update"  REAL NOT NULL,
  distance  REAL NOT NULL,
  mean      REAL NOT NULL,
  sd        REAL NOT NULL,
  saturated REAL NOT NULL,
  dead      REAL NOT NULL,
  alpha     REAL NOT NULL,
  PRIMARY KEY (run, epoch, layer)
) WITHOUT ROWID;

-- float32, little-endian, [examples of the test split, outputs].
CREATE TABLE output (
  run    INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  logits BLOB NOT NULL
);

-- A safetensors file each.
CREATE TABLE weight (
  run     INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  tensors BLOB NOT NULL,
  PRIMARY KEY (run, epoch)
);

CREATE TABLE dataset (
  key            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  spec           TEXT NOT NULL,
  regression     INTEGER NOT NULL,
  inputs         INTEGER NOT NULL,
  outputs        INTEGER NOT NULL,
  classes        TEXT NOT NULL,
  noise_variance REAL NOT NULL,
  test_labels    BLOB, -- int32, little-endian
  test_targets   BLOB, -- float32, little-endian
  test_truth     BLOB  -- float32, little-endian
);

CREATE VIEW runs AS
SELECT run.id, cell.label, run.status,
  test_error, valid_error, train_error, test_loss, valid_loss, train_loss,
  seed_data, seed_init, seed_order, epochs, parameters, seconds, started_at, finished_at, reason,
  test_mse, valid_mse, train_mse, test_nll, valid_nll, train_nll,
  test_brier, valid_brier, train_brier, test_ece, valid_ece, train_ece,
  host, kernel, version, "commit", dirty, go, os, cpu,
  cell.id AS cell, cell.data, cell.config, run.stack
FROM run JOIN cell ON cell.key = run.cell JOIN maker ON maker.key = run.maker;

CREATE VIEW studies AS
SELECT study, question, at, "select", "set", yaml FROM study;

CREATE VIEW study_runs AS
SELECT study.study, run.id AS run_id, place.label AS cell_label, place.axes
FROM member
JOIN study ON study.key = member.study
JOIN run ON run.key = member.run
JOIN place ON place.key = member.place;

CREATE VIEW epochs AS
SELECT run.id AS run_id, epoch, 'train' AS split, epoch.train_loss AS loss, epoch.train_error AS error,
  epoch.train_mse AS mse, epoch.train_nll AS nll, epoch.train_brier AS brier, epoch.train_ece AS ece
FROM run JOIN epoch ON epoch.run = run.key WHERE epoch.train_loss IS NOT NULL
UNION ALL
SELECT run.id, epoch, 'valid', epoch.valid_loss, epoch.valid_error, epoch.valid_mse, epoch.valid_nll, epoch.valid_brier, epoch.valid_ece
FROM run JOIN epoch ON epoch.run = run.key WHERE epoch.valid_loss IS NOT NULL
UNION ALL
SELECT run.id, epoch, 'test', epoch.test_loss, epoch.test_error, epoch.test_mse, epoch.test_nll, epoch.test_brier, epoch.test_ece
FROM run JOIN epoch ON epoch.run = run.key WHERE epoch.test_loss IS NOT NULL;

CREATE VIEW progress AS
SELECT run.id AS run_id, epoch, steps, lr, distance, epoch.seconds
FROM run JOIN epoch ON epoch.run = run.key;

CREATE VIEW layers AS
SELECT run.id AS run_id, epoch, layer, weight, gradient, "update", distance, mean, sd, saturated, dead, alpha
FROM run JOIN layer ON layer.run = run.key;
