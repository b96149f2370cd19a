-- The repository that the study's file, or the user, was in is provenance, too; a commit of '' for none, and for what was made before.
PRAGMA defer_foreign_keys = ON;
DROP VIEW runs;
DROP VIEW conflicts;
CREATE TEMP TABLE former_maker AS SELECT * FROM main.maker;
DROP TABLE maker;
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
INSERT INTO maker SELECT *, '', '', 0 FROM former_maker;
DROP TABLE former_maker;

UPDATE spare SET "values" = json_insert("values", '$[#]', '', '$[#]', '', '$[#]', 0)
WHERE "table" = 'maker' AND json_valid("values");
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
