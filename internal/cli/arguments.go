package cli

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"nightshift/internal/nearest"
)

// add gives commands to their parent. Wrong arguments are usage errors, and any
// are where a command does not say which it takes. The shell completes the right ones.
func (a *app) add(parent *cobra.Command, commands ...*cobra.Command) {
	for _, c := range commands {
		args := c.Args
		if args == nil {
			args = noArguments
		}
		c.Args = func(cmd *cobra.Command, given []string) error {
			if err := typographicDash(cmd, given); err != nil {
				return usage(err)
			}
			err := args(cmd, given)
			if e := (exit{}); err != nil && !errors.As(err, &e) {
				return usage(fmt.Errorf("%w; usage: %s", err, cmd.UseLine()))
			}
			return err
		}
		a.complete(c)
		parent.AddCommand(c)
	}
}

// noArguments refuses any, and names the first.
func noArguments(cmd *cobra.Command, given []string) error {
	if len(given) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments, and was given %q", cmd.CommandPath(), given[0])
}

// knownCommand refuses what is not a command and names the nearest one.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	near := nearest.Suggest(args[0], names)
	if near == "" {
		near = fmt.Sprintf("; see %s --help", cmd.CommandPath())
	}
	return usage(fmt.Errorf("unknown command %q%s", args[0], near))
}

// knownTopic refuses help about what is no command.
func knownTopic(cmd *cobra.Command, args []string) error {
	about, rest, err := cmd.Root().Find(args)
	if err != nil {
		return usage(err)
	}
	return knownCommand(about, rest)
}

// helpTopic is the help about a command.
func helpTopic(cmd *cobra.Command, args []string) error {
	about, _, err := cmd.Root().Find(args)
	if err != nil {
		return usage(err)
	}
	about.InitDefaultHelpFlag()
	about.InitDefaultVersionFlag()
	return about.Help()
}

// wrongFlag says what is wrong with the flags of a command. Where that is no command, its flags are not what is wrong.
func wrongFlag(cmd *cobra.Command, err error) error {
	if given := cmd.Flags().Args(); cmd.HasSubCommands() && len(given) > 0 {
		return knownCommand(cmd, given)
	}
	near := ""
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if name := nearest.Name(unknown.GetSpecifiedName(), names); name != "" {
			near = fmt.Sprintf("; did you mean --%s?", name)
		}
	}
	return usage(fmt.Errorf("%w%s; see %s --help", err, near, cmd.CommandPath()))
}

// dashed matches a flag behind a dash or minus sign into which a program for texts has made its hyphens.
var dashed = regexp.MustCompile(`^-?[\x{2010}-\x{2015}\x{2212}]+-?([a-z][a-z-]*)`)

// typographicDash refuses an argument that would be a flag of the command with hyphens.
func typographicDash(cmd *cobra.Command, given []string) error {
	for _, arg := range given {
		if parts := dashed.FindStringSubmatch(arg); parts != nil && cmd.Flags().Lookup(parts[1]) != nil {
			return fmt.Errorf("%s begins with a dash, as texts have it, and no hyphens: type --%s", arg, parts[1])
		}
	}
	return nil
}
