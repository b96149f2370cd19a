//go:build !race

package race

// Enabled says whether it is.
const Enabled = false
