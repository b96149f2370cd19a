-- What shows that a result or a checkpoint is what was written: SHA-256 of all
-- that a run has left but its weights, which have their own; '' where it was not taken.
ALTER TABLE run ADD COLUMN checksum TEXT NOT NULL DEFAULT '';
ALTER TABLE checkpoint ADD COLUMN checksum TEXT NOT NULL DEFAULT '';

-- The program and machine that made a checkpoint; of a run with a result, which is
-- trained once more for its weights, they need not be those of its row.
ALTER TABLE checkpoint ADD COLUMN maker INTEGER REFERENCES maker;

-- Weights that such a run was trained once more for. They become its weights
-- when it has come to its result again.
CREATE TABLE aside (
  run     INTEGER NOT NULL REFERENCES checkpoint ON DELETE CASCADE,
  epoch   INTEGER NOT NULL,
  tensors BLOB NOT NULL,
  digest  TEXT NOT NULL,
  PRIMARY KEY (run, epoch)
);
