package cli

import (
	"github.com/spf13/cobra"

	"nightshift/internal/study/schema"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a study file",
		Long: `Prints the JSON Schema (draft 2020-12) of a study file, for editors that complete
and check YAML by one. A study names it in its first line:

  # yaml-language-server: $schema=study.schema.json`,
		Example: "  nightshift schema > study.schema.json",
		RunE: func(*cobra.Command, []string) error {
			text, err := schema.Generate()
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
}
