package runner

import (
	"os"
	"runtime"
	"runtime/debug"
)

// worthCollecting is how many bytes of garbage are worth a collection: small runs leave a megabyte every few milliseconds, and
// each collection holds up all workers.
const worthCollecting = 16 << 20

// collectSeldom has garbage wait until there is so much of it, if the night has less than that in use and the user's GOGC does
// not say when. What it returns ends that.
func collectSeldom(inUse int64) (end func()) {
	const least = 4 << 20 // where Go begins to collect
	percent := int(100 * worthCollecting / max(inUse, least))
	if percent <= 100 || os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(before) }
}

// inUse is how many bytes the night has in use while so many of the jobs are trained at a time.
func inUse(jobs []job, workers int) int64 {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	most := int64(0) // of a job
	for _, j := range jobs {
		most = max(most, j.cell.bytes)
	}
	return int64(now.HeapAlloc) + int64(workers)*most
}
