//go:build !windows

package cli

import "os"

// obeysEscapes says whether a terminal takes escape sequences as commands.
func obeysEscapes(*os.File) bool { return os.Getenv("TERM") != "dumb" }
