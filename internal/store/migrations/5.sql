-- What was doubtful about the files of a data set, a JSON list; of data sets that
-- are there already it is not known.
ALTER TABLE dataset ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
