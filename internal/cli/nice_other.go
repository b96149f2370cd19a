//go:build !unix

package cli

import "errors"

func lowerPriority(int) error { return errors.New("--nice: this system has no such priorities") }
