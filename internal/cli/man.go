package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/runner"
)

func (a *app) manCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "man -o DIR",
		Short:   "Write the manual pages",
		Long:    `Writes a page for man of every command.`,
		Example: "  nightshift man -o ~/.local/share/man/man1",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usage(errors.New("-o names the folder, such as ~/.local/share/man/man1"))
			}
			dated, err := programDate()
			if err != nil {
				return err
			}
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
			n, err := writeManual(cmd.Root(), dir, dated)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "wrote %s to %s\n", number.Count(n, "manual page"), dir)
			return nil
		},
	}
	c.Flags().StringVarP(&dir, "output", "o", "", "folder for the pages, made if it is not there")
	return c
}

// programDate is when the file of this program was written, which its manual pages bear.
func programDate() (time.Time, error) {
	path, err := os.Executable()
	if err != nil {
		return time.Time{}, fmt.Errorf("the date of the manual pages: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}, fmt.Errorf("the date of the manual pages: %w", err)
	}
	return info.ModTime(), nil
}

// writeManual writes the page of a command and those of the ones below it, and says how many.
func writeManual(c *cobra.Command, dir string, dated time.Time) (n int, err error) {
	header := doc.GenManHeader{Source: "nightshift " + runner.Provenance().Version, Manual: "Nightshift", Date: &dated}
	var page bytes.Buffer
	if err := doc.GenMan(c, &header, &page); err != nil {
		return 0, fmt.Errorf("manual page of %s: %w", c.CommandPath(), err)
	}
	name := strings.ReplaceAll(c.CommandPath(), " ", "-") + "." + header.Section
	if err := file.Replace(filepath.Join(dir, name), page.Bytes()); err != nil {
		return 0, err
	}
	n = 1
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		below, err := writeManual(sub, dir, dated)
		n += below
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
