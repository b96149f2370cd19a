package cli

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/dataset"
	"nightshift/internal/download"
	"nightshift/internal/file"
)

func (a *app) dataGetCommand() *cobra.Command {
	var mirrors []string
	var long strings.Builder
	for _, s := range download.Sets() {
		fmt.Fprintf(&long, "\n  %-15s %s", s.Name, s.Doc)
	}
	c := &cobra.Command{
		Use:   "get NAME...",
		Short: "Fetch published data sets",
		Long: `Fetches what is missing of data sets from where they are published, into the first data folder
(--data, NIGHTSHIFT_DATA or the user cache), and compares each file with its published checksum.
What was interrupted goes on where it was. The proxies of the environment are used.
` + long.String() + `
  quickdraw:bird,pizza,screwdriver
                  drawings of Quick, Draw!, about 100 MB a category; no checksum is published of
                  them: their form is checked, and SHA256SUMS beside them holds what came first`,
		Example: `  nightshift data get mnist
  nightshift data get quickdraw:bird,pizza,screwdriver --data ~/data
  nightshift data get fashion-mnist --mirror https://mirror.example.org/fashion`,
		Args:              cobra.MinimumNArgs(1),
		RunE:              func(cmd *cobra.Command, args []string) error { return a.getData(cmd.Context(), args, mirrors) },
		ValidArgsFunction: fetchable,
	}
	c.Flags().StringArrayVar(&mirrors, "mirror", nil, "address that has the files instead of the publisher's (repeatable)")
	return c
}

// fetchable are the names that the shell offers. Behind that of the drawings stand those of categories, which only the
// publisher lists.
func fetchable(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	const drawings = "quickdraw:"
	if begun != "" && strings.HasPrefix(drawings, begun) {
		return []string{drawings}, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
	names := []string{drawings}
	for _, s := range download.Sets() {
		names = append(names, s.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) getData(ctx context.Context, names, mirrors []string) error {
	var sets []download.Set
	for _, name := range names {
		s, err := download.Lookup(name)
		if err != nil {
			return usage(err)
		}
		sets = append(sets, s)
	}
	for _, m := range mirrors {
		if u, err := url.Parse(m); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return usage(fmt.Errorf("--mirror %q is no address that files can be fetched from, such as https://mirror.example.org/mnist",
				m))
		}
	}
	dir := dataset.Dirs(a.dataDir)[0]
	shown := transfer{app: a, live: terminal(a.err)}
	for _, s := range sets {
		folder, err := download.New(shown.progress, shown.say).Get(ctx, s, dir, mirrors)
		shown.endLine()
		if err != nil {
			return err
		}
		where := ""
		if a.dataDir != "" {
			where = fmt.Sprintf(" with --data %s", file.ShellWord(filepath.Clean(dir)))
		}
		fmt.Fprintf(a.out, "%s is in %s; a study says data: %s%s\n", s.Name, folder, s.Data, where)
	}
	return nil
}

// transfer tells how far a file is: on a terminal in a line that is written over, elsewhere when it has come.
type transfer struct {
	*app
	live bool
	open bool // a line has been begun
	said string
}

func (t *transfer) progress(file string, bytes, total int64) {
	if !t.live {
		return
	}
	text := fmt.Sprintf("%s  %.1f MB", file, float64(bytes)/1e6)
	if total > 0 {
		const width = 30
		full := int(width * bytes / total)
		text = fmt.Sprintf("%s  %s%s %3d %% of %.1f MB", file, strings.Repeat("█", full), strings.Repeat("░", width-full),
			100*bytes/total, float64(total)/1e6)
	}
	if text != t.said {
		fmt.Fprintf(t.err, "\r\x1b[K%s", fit(text, 100))
		t.said, t.open = text, true
	}
}

func (t *transfer) say(text string) {
	t.endLine()
	fmt.Fprintln(t.err, text)
}

func (t *transfer) endLine() {
	if t.open {
		fmt.Fprintln(t.err)
	}
	t.open, t.said = false, ""
}
