package mlp

// Problem says what is wrong with one key of a Config.
type Problem struct {
	Key     string // path of the key, as in optimizer.momentum
	Message string // one clause that says what is wrong and what would be right
}

// Problems lists everything that makes a configuration impossible: unknown
// names, parameters out of range, an output and a loss without meaning
// together. outputs is the number of outputs, or 0 where it is not known yet.
// regression says what the targets are.
func (c Config) Problems(outputs int, regression bool) []Problem {
	return nil
}
