-- Words of people for a study or a run; just one of the two is not NULL.
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

-- What a run says of each test example: its logit for each class, or what it predicts of each target. A float32 is read
-- from its four bytes.
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

-- Of classes: the one of each test example, and the one of the largest logit, the first of equal ones.
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
