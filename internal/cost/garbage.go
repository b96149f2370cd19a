package cost

import (
	"os"
	"runtime"
	"runtime/debug"
)

// worthCollecting is how many bytes of garbage are worth a collection: small runs leave a megabyte every few milliseconds, and each
// collection holds up all workers.
const worthCollecting = 16 << 20

// CollectSeldom has the process collect garbage only when there are 16 MB of it, if it has less than that in use together with the
// bytes that its work needs, and the user's GOGC does not say when. What it returns ends that.
func CollectSeldom(needed float64) (end func()) {
	const least = 4 << 20 // where Go begins to collect
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	inUse := float64(now.HeapAlloc) + needed
	percent := int(100 * worthCollecting / max(inUse, least))
	if percent <= 100 || os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(before) }
}
