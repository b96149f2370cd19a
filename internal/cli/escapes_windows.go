package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// supportsEscapes makes a console take escape sequences as commands, as other
// terminals do, and says whether it does.
func supportsEscapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
