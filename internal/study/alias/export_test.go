package alias

// The tables, for the test that holds them against the keys of a study.
var (
	Keys    = keys
	Parts   = parts
	Notes   = notes
	Options = options
	Lacks   = lacking
	Metrics = metrics

	Deriveds  = derived
	DataKeys  = dataKeys
	DataNotes = dataNotes
)
