-- Every version of a study that was ever recorded: its file, and what the command
-- line has set. The study's row is what was recorded last, and says when that was.
CREATE TABLE version (
  key      INTEGER PRIMARY KEY,
  study    INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
  at       TEXT,
  yaml     TEXT NOT NULL,
  "set"    TEXT NOT NULL,
  checksum TEXT NOT NULL -- SHA-256 of all this; '' where it was not taken
);
CREATE INDEX version_study ON version (study, at);

-- Of studies that are there already the versions before their newest are not known.
INSERT INTO version (study, at, yaml, "set", checksum) SELECT key, at, yaml, "set", '' FROM study ORDER BY key;

CREATE VIEW study_versions AS
SELECT study.study, version.at, version."set", version.yaml
FROM version JOIN study ON study.key = version.study;
