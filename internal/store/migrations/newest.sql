-- What the migrations make of an empty file; written by go generate.

CREATE TABLE cell (
  key    INTEGER PRIMARY KEY,
  id     TEXT NOT NULL,
  label  TEXT NOT NULL,
  data   TEXT NOT NULL,
  config TEXT NOT NULL
, checksum INTEGER);

CREATE INDEX cell_id ON cell (id);

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
, digest TEXT NOT NULL DEFAULT '', checksum TEXT NOT NULL DEFAULT '');

CREATE TABLE study (
  key      INTEGER PRIMARY KEY,
  study    TEXT NOT NULL UNIQUE,
  question TEXT NOT NULL,
  yaml     TEXT NOT NULL,
  "select" TEXT NOT NULL,
  "set"    TEXT NOT NULL,
  at       TEXT
, checksum INTEGER);

CREATE TABLE place (
  key   INTEGER PRIMARY KEY,
  label TEXT NOT NULL,
  axes  TEXT NOT NULL, checksum INTEGER,
  UNIQUE (label, axes)
);

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

CREATE TABLE output (
  run    INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  logits BLOB NOT NULL
);

CREATE TABLE weight (
  run     INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  tensors BLOB NOT NULL, digest TEXT NOT NULL DEFAULT '',
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
, warnings TEXT NOT NULL DEFAULT '[]', checksum INTEGER);

CREATE VIEW studies AS
SELECT study, question, at, "select", "set", yaml FROM study;

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
, checksum TEXT NOT NULL DEFAULT '', maker INTEGER REFERENCES maker);

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
, checksum INTEGER);

CREATE INDEX night_study ON night (study, started_at);

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
  digest      TEXT NOT NULL, checksum INTEGER,
  UNIQUE (run, bits, digest)
);

CREATE VIEW nights AS
SELECT study.study, started_at, finished_at, workers, trained, forecast, low, high, seconds
FROM night JOIN study ON study.key = night.study;

CREATE TABLE aside (
  run     INTEGER NOT NULL REFERENCES checkpoint ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  tensors BLOB NOT NULL,
  digest  TEXT NOT NULL,
  PRIMARY KEY (run, epoch)
);

CREATE TABLE version (
  key      INTEGER PRIMARY KEY,
  study    INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
  at       TEXT,
  yaml     TEXT NOT NULL,
  "set"    TEXT NOT NULL,
  checksum TEXT NOT NULL -- SHA-256 of all this; '' where it was not taken
, members INTEGER);

CREATE INDEX version_study ON version (study, at);

CREATE VIEW study_versions AS
SELECT study.study, version.at, version."set", version.yaml
FROM version JOIN study ON study.key = version.study;

CREATE TABLE member (
  version  INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  run      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  position INTEGER NOT NULL,
  place    INTEGER NOT NULL REFERENCES place,
  checksum INTEGER, -- of the run's identity, position, and what the place says
  PRIMARY KEY (version, run)
) WITHOUT ROWID;

CREATE TABLE spare (
  key      INTEGER PRIMARY KEY, -- minus the row of a study
  "table"  TEXT NOT NULL,
  "row"    INTEGER NOT NULL,
  "values" TEXT NOT NULL -- a JSON list
);

CREATE TRIGGER spare_cell AFTER INSERT ON cell BEGIN
  INSERT INTO spare ("table", "row", "values")
  VALUES ('cell', new.key, json_array(new.key, new.id, new.label, new.data, new.config, new.checksum));
END;

CREATE TRIGGER spare_place AFTER INSERT ON place BEGIN
  INSERT INTO spare ("table", "row", "values")
  VALUES ('place', new.key, json_array(new.key, new.label, new.axes, new.checksum));
END;

CREATE TRIGGER spare_version AFTER INSERT ON version BEGIN
  INSERT INTO spare ("table", "row", "values")
  VALUES ('version', new.key, json_array(new.key, new.study, new.at, new.yaml, new."set", new.checksum));
END;

CREATE TRIGGER spare_study AFTER INSERT ON study BEGIN
  INSERT INTO spare (key, "table", "row", "values")
  VALUES (-new.key, 'study', new.key, json_array(new.key, new.study, new.question, new.yaml, new."select", new."set", new.at, new.checksum));
END;

CREATE TRIGGER spare_study_again AFTER UPDATE ON study BEGIN
  UPDATE spare SET "values" = json_array(new.key, new.study, new.question, new.yaml, new."select", new."set", new.at, new.checksum)
  WHERE key = -new.key;
END;

CREATE VIEW study_runs AS
SELECT study, run_id, cell_label, axes FROM (
  SELECT study.study, run.id AS run_id, place.label AS cell_label, place.axes, version.study AS of, position,
    version.yaml = study.yaml AND version."set" = study."set" AS newest,
    row_number() OVER (PARTITION BY version.study, member.run
      ORDER BY version.yaml = study.yaml AND version."set" = study."set" DESC,
        version.at DESC, version.yaml DESC, version."set" DESC, version.key) AS nth
  FROM member
  JOIN version ON version.key = member.version
  JOIN study ON study.key = version.study
  JOIN run ON run.key = member.run
  JOIN place ON place.key = member.place)
WHERE nth = 1 ORDER BY of, newest DESC, position, run_id;

CREATE TABLE remark (
  key      INTEGER PRIMARY KEY,
  study    INTEGER REFERENCES study ON DELETE CASCADE,
  run      INTEGER REFERENCES run ON DELETE CASCADE,
  kind     TEXT NOT NULL, -- note or tag
  text     TEXT NOT NULL,
  at       TEXT NOT NULL,
  checksum INTEGER
);

CREATE INDEX remark_study ON remark (study);

CREATE INDEX remark_run ON remark (run);

CREATE VIEW notes AS
SELECT study.study, run.id AS run_id, remark.at, remark.text AS note
FROM remark LEFT JOIN study ON study.key = remark.study LEFT JOIN run ON run.key = remark.run
WHERE remark.kind = 'note' ORDER BY remark.at, remark.key;

CREATE VIEW tags AS
SELECT study.study, run.id AS run_id, remark.text AS tag
FROM remark LEFT JOIN study ON study.key = remark.study LEFT JOIN run ON run.key = remark.run
WHERE remark.kind = 'tag' ORDER BY remark.text, remark.key;

CREATE VIEW outputs AS
WITH RECURSIVE
number(i) AS (
  SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < (SELECT max(length(logits)) / 4 FROM output)),
byte(every) AS (
  SELECT x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'), -- of each, its value is where it is in here
word(run, i, bits) AS (
  SELECT run, i, instr(every, substr(logits, 4 * i + 1, 1)) - 1 + ((instr(every, substr(logits, 4 * i + 2, 1)) - 1) << 8) +
    ((instr(every, substr(logits, 4 * i + 3, 1)) - 1) << 16) + ((instr(every, substr(logits, 4 * i + 4, 1)) - 1) << 24)
  FROM output JOIN byte JOIN number ON 4 * i < length(logits)),
part(run, i, sign, exponent, fraction) AS (
  SELECT run, i, 1 - 2 * (bits >> 31), bits >> 23 & 255, bits & 8388607 FROM word)
SELECT run.id AS run_id, i / dataset.outputs AS example, i % dataset.outputs AS output,
  CASE WHEN exponent = 255 AND fraction > 0 THEN 'NaN'
    WHEN exponent = 255 THEN sign * 9e999
    WHEN exponent = 0 THEN sign * fraction * pow(2.0, -149)
    ELSE sign * (8388608 + fraction) * pow(2.0, exponent - 150) END AS value
FROM part JOIN run ON run.key = part.run JOIN cell ON cell.key = run.cell JOIN dataset ON dataset.id = cell.data;

CREATE VIEW predictions AS
WITH RECURSIVE
number(i) AS (
  SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < (SELECT max(length(test_labels)) / 4 FROM dataset)),
class(k) AS (
  SELECT 0 UNION ALL SELECT k + 1 FROM class WHERE k + 1 < (SELECT max(outputs) FROM dataset)),
byte(every) AS (
  SELECT x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'),
answer(run_id, example, classes, label, predicted) AS (
  SELECT run.id, i, dataset.classes,
    instr(every, substr(test_labels, 4 * i + 1, 1)) - 1 + ((instr(every, substr(test_labels, 4 * i + 2, 1)) - 1) << 8),
    (SELECT k FROM (
      SELECT k, instr(every, substr(logits, 4 * (i * outputs + k) + 1, 1)) - 1 +
        ((instr(every, substr(logits, 4 * (i * outputs + k) + 2, 1)) - 1) << 8) +
        ((instr(every, substr(logits, 4 * (i * outputs + k) + 3, 1)) - 1) << 16) +
        ((instr(every, substr(logits, 4 * (i * outputs + k) + 4, 1)) - 1) << 24) AS bits FROM class WHERE k < outputs)
      -- The bits of floats that are not negative are in the order of the floats. A NaN is only chosen where it stands first.
      ORDER BY CASE WHEN bits & 2147483647 > 2139095040 THEN (k = 0) * 9e18 - 4e18 WHEN bits >> 31 THEN 2147483648 - bits ELSE bits END DESC, k
      LIMIT 1)
  FROM run JOIN output ON output.run = run.key JOIN cell ON cell.key = run.cell
  JOIN dataset ON dataset.id = cell.data AND NOT dataset.regression JOIN byte JOIN number ON 4 * (i + 1) <= length(test_labels))
SELECT run_id, example, classes ->> label AS label, classes ->> predicted AS predicted, label <> predicted AS wrong FROM answer;

CREATE TABLE maker (
  key               INTEGER PRIMARY KEY,
  version           TEXT NOT NULL,
  "commit"          TEXT NOT NULL,
  dirty             INTEGER NOT NULL,
  go                TEXT NOT NULL,
  os                TEXT NOT NULL,
  cpu               TEXT NOT NULL,
  host              TEXT NOT NULL,
  kernel            TEXT NOT NULL,
  repository        TEXT NOT NULL, -- where it comes from, without user and password; '' for a local one
  repository_commit TEXT NOT NULL,
  repository_dirty  INTEGER NOT NULL,
  UNIQUE (version, "commit", dirty, go, os, cpu, host, kernel, repository, repository_commit, repository_dirty)
);

CREATE TRIGGER spare_maker AFTER INSERT ON maker BEGIN
  INSERT INTO spare ("table", "row", "values")
  VALUES ('maker', new.key, json_array(new.key, new.version, new."commit", new.dirty, new.go, new.os, new.cpu, new.host, new.kernel,
    new.repository, new.repository_commit, new.repository_dirty));
END;

CREATE VIEW runs AS
SELECT run.id, cell.label, run.status,
  test_error, valid_error, train_error, test_loss, valid_loss, train_loss,
  seed_data, seed_init, seed_order, epochs, parameters, seconds, started_at, finished_at, reason,
  test_mse, valid_mse, train_mse, test_nll, valid_nll, train_nll,
  test_brier, valid_brier, train_brier, test_ece, valid_ece, train_ece,
  host, kernel, version, "commit", dirty, go, os, cpu,
  cell.id AS cell, cell.data, cell.config, run.stack, run.digest,
  repository, CASE repository_commit WHEN '' THEN 'unknown' ELSE repository_commit END AS repository_commit,
  CASE WHEN repository_commit <> '' THEN repository_dirty END AS repository_dirty
FROM run JOIN cell ON cell.key = run.cell JOIN maker ON maker.key = run.maker;

CREATE VIEW conflicts AS
SELECT run.id AS run_id, cell.label, c.status,
  c.test_error, c.valid_error, c.train_error, c.test_loss, c.valid_loss, c.train_loss,
  c.epochs, c.seconds, c.started_at, c.finished_at, c.reason,
  c.test_mse, c.valid_mse, c.train_mse, c.test_nll, c.valid_nll, c.train_nll,
  c.test_brier, c.valid_brier, c.train_brier, c.test_ece, c.valid_ece, c.train_ece,
  host, kernel, version, "commit", dirty, go, os, cpu, c.digest,
  repository, CASE repository_commit WHEN '' THEN 'unknown' ELSE repository_commit END AS repository_commit,
  CASE WHEN repository_commit <> '' THEN repository_dirty END AS repository_dirty
FROM conflict AS c JOIN run ON run.key = c.run JOIN cell ON cell.key = run.cell JOIN maker ON maker.key = c.maker;
