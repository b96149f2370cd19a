-- A study only grows: a member belongs to a version of the study, and the study
-- has those of all its versions.
DROP VIEW study_runs;
INSERT INTO version (study, at, yaml, "set", checksum) SELECT key, at, yaml, "set", '' FROM study
  WHERE NOT EXISTS (SELECT 1 FROM version AS v WHERE v.study = study.key AND v.yaml = study.yaml AND v."set" = study."set")
  ORDER BY key;

ALTER TABLE member RENAME TO former_member;
CREATE TABLE member (
  version  INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  run      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  position INTEGER NOT NULL,
  place    INTEGER NOT NULL REFERENCES place,
  checksum INTEGER, -- of the run's identity, position, and what the place says
  PRIMARY KEY (version, run)
) WITHOUT ROWID;
INSERT OR IGNORE INTO member (version, run, position, place)
  SELECT (SELECT v.key FROM version AS v JOIN study ON study.key = v.study AND v.yaml = study.yaml AND v."set" = study."set"
    WHERE study.key = m.study ORDER BY v.at DESC, v.key DESC LIMIT 1), m.run, m.position, m.place
  FROM former_member AS m ORDER BY m.study, m.position;
DROP TABLE former_member;

-- Checksums of rows: the first 64 bits of the SHA-256 of what they say; NULL where
-- it was not taken. That of the members of a version is the sum of theirs.
ALTER TABLE version ADD COLUMN members INTEGER;
ALTER TABLE cell ADD COLUMN checksum INTEGER;
ALTER TABLE place ADD COLUMN checksum INTEGER;
ALTER TABLE study ADD COLUMN checksum INTEGER;
ALTER TABLE night ADD COLUMN checksum INTEGER;
ALTER TABLE dataset ADD COLUMN checksum INTEGER;
ALTER TABLE conflict ADD COLUMN checksum INTEGER;

-- Copies, on other pages, of rows that many others need, for the rescue of a damaged
-- file. Of two of the same row the later one counts; those of studies are replaced.
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
CREATE TRIGGER spare_maker AFTER INSERT ON maker BEGIN
  INSERT INTO spare ("table", "row", "values")
  VALUES ('maker', new.key, json_array(new.key, new.version, new."commit", new.dirty, new.go, new.os, new.cpu, new.host, new.kernel));
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
INSERT INTO spare ("table", "row", "values") SELECT 'cell', key, json_array(key, id, label, data, config, checksum) FROM cell;
INSERT INTO spare ("table", "row", "values")
  SELECT 'maker', key, json_array(key, version, "commit", dirty, go, os, cpu, host, kernel) FROM maker;
INSERT INTO spare ("table", "row", "values") SELECT 'place', key, json_array(key, label, axes, checksum) FROM place;
INSERT INTO spare ("table", "row", "values")
  SELECT 'version', key, json_array(key, study, at, yaml, "set", checksum) FROM version;
INSERT INTO spare (key, "table", "row", "values")
  SELECT -key, 'study', key, json_array(key, study, question, yaml, "select", "set", at, checksum) FROM study;

-- The place of a member is that which it had last: in the newest file, or else in the version that was the last to have it.
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
