package download

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"nightshift/internal/retry"
)

// Getter brings files.
type Getter struct {
	Client   *http.Client
	Stall    time.Duration                              // a transfer that has brought nothing for so long is begun again where it is
	Wait     func(context.Context, time.Duration) error // between attempts
	Progress func(file string, bytes, total int64)      // total is -1 where the server does not say it
	Say      func(text string)                          // what happened to a file, in a line
}

// New is a Getter for the network as it is, with the proxies of the environment.
func New(progress func(file string, bytes, total int64), say func(string)) Getter {
	return Getter{Client: &http.Client{}, Stall: 30 * time.Second, Wait: retry.Wait, Progress: progress, Say: say}
}

// attempts is how often a file is asked for at all of its addresses without a byte more of it.
const attempts = 4

// Get brings what is missing of a data set into its folder below dir, and gives that folder. Mirrors, where there are any, are
// used instead of the addresses of the set. A file takes its name when it is whole and what is published; what was interrupted
// goes on where it was.
func (g Getter) Get(ctx context.Context, s Set, dir string, mirrors []string) (string, error) {
	folder := filepath.Join(dir, s.Folder)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return folder, fmt.Errorf("folder for the data: %w", err)
	}
	addresses := s.Addresses
	if len(mirrors) > 0 {
		addresses = nil
		for _, m := range mirrors {
			addresses = append(addresses, strings.TrimSuffix(m, "/")+"/")
		}
	}
	for _, f := range s.Files {
		there, err := f.there(folder)
		if err != nil {
			return folder, err
		}
		if there {
			g.Say(fmt.Sprintf("%s is there", strings.Join(f.kept(), ", ")))
			continue
		}
		if err := g.file(ctx, f, folder, addresses); err != nil {
			if ctx.Err() != nil {
				return folder, fmt.Errorf("%s is not whole; the same command goes on with it (%w)", f.Name, ctx.Err())
			}
			return folder, fmt.Errorf("%w\n%s", err, s.byHand(folder, addresses))
		}
	}
	return folder, nil
}

// byHand says which files belong where, for those who have no network here.
func (s Set) byHand(folder string, addresses []string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "Without this network: get these files elsewhere and put them into %s (%s):", folder, s.Page)
	for _, f := range s.Files {
		fmt.Fprintf(&text, "\n  %s%s", addresses[0], f.remote())
		if f.MD5 != "" {
			fmt.Fprintf(&text, "  MD5 %s", f.MD5)
		}
		if f.Unpack != nil {
			fmt.Fprintf(&text, "\n    of which %s", strings.Join(f.Unpack, ", "))
		}
	}
	return text.String()
}

// file brings a file, from whichever address has it.
func (g Getter) file(ctx context.Context, f File, folder string, addresses []string) error {
	part := filepath.Join(folder, f.Name+".part")
	again := func(_ error, next string) { g.Say(next) }
	return retry.Attempts{Most: attempts, Wait: g.Wait, Say: again}.Do(ctx, func() (retry.Outcome, error) {
		outcome, gone := retry.Again, 0
		var last error
		for _, a := range addresses {
			before := size(part)
			err := g.fetch(ctx, a+url.PathEscape(f.remote()), part, f.Name)
			if err == nil || errors.Is(err, errWholeOrWrong) {
				if err = f.verify(part); err == nil {
					return retry.Final, f.keep(folder, part)
				}
				// Nothing of what is wrong is built upon.
				if removed := os.Remove(part); removed != nil {
					return retry.Final, removed
				}
			}
			if ctx.Err() != nil {
				return retry.Final, ctx.Err()
			}
			if errors.Is(err, errGone) {
				gone++
			}
			if size(part) > before {
				outcome = retry.Progress
			}
			last = fmt.Errorf("%s%s: %w", a, url.PathEscape(f.remote()), err)
			g.Say(last.Error())
		}
		if gone == len(addresses) {
			outcome = retry.Final
		}
		return outcome, last
	})
}

// size is that of a file in bytes, 0 of one that is not there.
func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// keep gives a file that is whole its name, or takes out of it what is kept; and notes what it was where nothing is published of
// it.
func (f File) keep(folder, part string) error {
	switch {
	case f.Unpack != nil:
		if err := unpack(part, folder, f.Unpack); err != nil {
			return err
		}
		if err := os.Remove(part); err != nil {
			return err
		}
	default:
		if err := os.Rename(part, filepath.Join(folder, f.Name)); err != nil {
			return err
		}
	}
	if f.Unpack == nil && (f.MD5 != "" || f.SHA256 != "") {
		return nil
	}
	for _, name := range f.kept() {
		if err := keepSum(folder, name); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
