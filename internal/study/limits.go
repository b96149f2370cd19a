package study

// Limits of what a study can hold: more than any night can train, few enough
// that a file of 64 KB never takes more than 64 MB to read.
const (
	MaxValues    = 10_000  // of an axis
	maxPlaces    = 50_000  // values of all axes of all blocks
	maxAxes      = 20      // of a grid
	maxBlocks    = 1_000   // of also
	maxCells     = 10_000  // of all blocks
	MaxRuns      = 200_000 // of all blocks
	maxLayers    = 128     // of a network, so that a slip of the keyboard does not fill the memory
	maxList      = 1_000   // numbers in the value of a key
	maxClaims    = 1_000
	maxInstances = 100_000 // cells that claims about everywhere go over
	maxRungs     = 100
	maxWord      = 80 // characters of a value in the label of a cell
)

// Largest bounds whole numbers to those that float64 holds exactly.
const Largest = 1 << 53
