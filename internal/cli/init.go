package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/file"
	"nightshift/internal/study"
	"nightshift/internal/study/schema"
)

// firstStudy is what init writes, with NAME for the name of the study.
//
//go:embed init.yaml
var firstStudy string

// schemaFile is the schema that the first line of a study names.
const schemaFile = "study.schema.json"

func (a *app) initCommand() *cobra.Command {
	var force, stdout bool
	c := &cobra.Command{
		Use:   "init NAME",
		Short: "Write a commented study to start from",
		Long: `Writes NAME.yaml, a study that trains in a few seconds and says what each of its
parts is for, and beside it ` + schemaFile + `, by which editors complete and
check it (nightshift schema). Neither takes the place of a file that is there.`,
		Example: "  nightshift init moons\n  nightshift init moons --stdout",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.init(args[0], force, stdout)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "replace files that are there")
	c.Flags().BoolVar(&stdout, "stdout", false, "print the study and write nothing")
	return c
}

func (a *app) init(name string, force, stdout bool) error {
	name = strings.TrimSuffix(name, ".yaml")
	if err := study.CheckName(name); err != nil {
		return usage(err)
	}
	if _, err := embedded(name); err == nil {
		return usage(fmt.Errorf("%[1]s comes with nightshift, which nightshift run %[1]s means: choose another name", name))
	}
	path := name + ".yaml"
	text := []byte(strings.ReplaceAll(firstStudy, "NAME", name))
	if _, err := study.Parse(path, text, nil); err != nil {
		return usage(fmt.Errorf("no study can be called %s: %w", name, err))
	}
	if stdout {
		_, err := a.out.Write(text)
		return err
	}
	if !force && exists(path) {
		return usage(fmt.Errorf("%s is there already; choose another name, or replace it with --force", path))
	}
	if err := file.Replace(path, text); err != nil {
		return err
	}
	if force || !exists(schemaFile) {
		schema, err := schema.Generate()
		if err != nil {
			return err
		}
		if err := file.Replace(schemaFile, schema); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.out, "%s is a study to start from, which editors check by %s.\n"+
		"next: nightshift plan %[1]s; nightshift run %[1]s\n", path, schemaFile)
	return nil
}

// exists says whether something has the name; what cannot be looked at is
// there, too.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
