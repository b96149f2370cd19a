package verdict

import "fmt"

// plural words a count of things: 1 run, 2 runs.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
