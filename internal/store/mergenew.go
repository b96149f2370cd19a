package store

// newRun is a run of another database that is not here.
type newRun struct {
	result     Result
	sum        string
	checkpoint *Checkpoint
	apart      []candidate // results that are kept apart
}

// addAll writes runs that are new here. Their epochs and layers go behind all others, at the end of the transaction; or at once
// where there is no behind.
func (in *inserter) addAll(behind *behind, list []newRun) error {
	next, _, err := in.find(`SELECT coalesce(max(key), 0) FROM run`)
	if err != nil {
		return err
	}
	if behind != nil {
		behind.from(next + 1)
	}
	runs := batch{in: in, into: `run (` + planColumns + `, started_at, finished_at, digest, checksum, ` + metricColumns + `)`}
	outputs := batch{in: in, into: `output (run, logits)`}
	for _, n := range list {
		next++
		row, err := in.trainedRow(next, n)
		if err != nil {
			return err
		}
		if err := runs.add(row...); err != nil {
			return err
		}
		in.added[n.result.Run.ID] = next
		if behind == nil {
			continue
		}
		behind.epochs.add(next, n.result.Epochs)
		behind.layers.add(next, n.result.Layers)
		if n.result.Outputs != nil {
			logits, err := encodeArray(n.result.Outputs)
			if err != nil {
				return err
			}
			if err := outputs.add(next, logits); err != nil {
				return err
			}
		}
	}
	if err := runs.flush(); err != nil {
		return err
	}
	if err := outputs.flush(); err != nil {
		return err
	}
	for _, n := range list {
		key := in.added[n.result.Run.ID]
		if behind == nil {
			if err := in.measured(key, n.result); err != nil {
				return err
			}
		} else if err := in.weights(key, n.result.Weights); err != nil {
			return err
		}
		if err := in.addRest(key, n); err != nil {
			return err
		}
	}
	return nil
}

// trainedRow is the row of a run as another database has it.
func (in *inserter) trainedRow(key int64, n newRun) ([]any, error) {
	r := n.result.Run
	row, err := in.planned(key, r)
	if err != nil {
		return nil, err
	}
	const status = 8 // where in planColumns what a training has left begins
	row = append(row[:status], string(r.Status.taken()), r.Reason, r.Stack, r.Epochs, encodeFloat(r.Seconds),
		encodeTime(r.Started), encodeTime(r.Finished), r.Digest, n.sum)
	return append(row, metrics(r.Train, r.Valid, r.Test)...), nil
}

// addRest writes what few runs have: other results, a checkpoint.
func (in *inserter) addRest(run int64, n newRun) error {
	if len(n.apart) > 0 {
		if err := in.conflicts(run, n.apart); err != nil {
			return err
		}
	}
	if n.checkpoint == nil {
		return nil
	}
	return in.checkpoint(run, *n.checkpoint)
}
