//go:build !windows

package cli

import "os"

// supportsEscapes says whether a terminal takes escape sequences as commands.
func supportsEscapes(*os.File) bool { return os.Getenv("TERM") != "dumb" }
