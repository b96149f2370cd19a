package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/store"
)

func (a *app) noteCommand() *cobra.Command {
	var remove bool
	c := &cobra.Command{
		Use:   "note STUDY-OR-RUN [TEXT]",
		Short: "Put a note to a study or a run, or list its notes",
		Long: `Keeps a sentence with a study or a run, with the time; there may be many. Without TEXT those that
are there are listed: of a study also those of its runs. Notes are shown by list --columns, show,
the page and the view notes, and merge keeps those of both databases.`,
		Example: `  nightshift note quickstart "first try on the new machine"
  nightshift note 3f2a "the plateau at ln 10 is the dead first layer"
  nightshift note 3f2a "the plateau at ln 10 is the dead first layer" --remove
  nightshift note quickstart`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if remove {
					return usage(errors.New("which note is to be removed? give its text, as nightshift note lists it"))
				}
				return a.listRemarks(cmd.Context(), args[0], store.Note)
			}
			text := strings.TrimSpace(args[1])
			if text == "" || utf8.RuneCountInString(text) > longestNote {
				return usage(fmt.Errorf("a note has from 1 to %d characters", longestNote))
			}
			return a.annotate(cmd.Context(), args[0], "", remove, store.Note, text)
		},
	}
	c.Flags().BoolVar(&remove, "remove", false, "take this note away")
	return c
}

func (a *app) tagCommand() *cobra.Command {
	var remove bool
	var where string
	c := &cobra.Command{
		Use:   "tag STUDY-OR-RUN [TAG...]",
		Short: "Put tags to a study or to runs, or list them",
		Long: `Puts words to a study or a run, by which they can be found: list --where "tags like '%paper%'".
With --where, all runs of a study get them of which the condition is true (as in list). Without a
TAG those that are there are listed: of a study also those of its runs.`,
		Example: `  nightshift tag quickstart paper
  nightshift tag 3f2a outlier figure-2
  nightshift tag my-study unstable --where "lr > 1"
  nightshift tag 3f2a outlier --remove`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			tags := args[1:]
			if len(tags) == 0 {
				if remove || where != "" {
					return usage(errors.New("which tag? name it behind the study or run"))
				}
				return a.listRemarks(cmd.Context(), args[0], store.Tag)
			}
			for _, tag := range tags {
				if err := validTag(tag); err != nil {
					return usage(err)
				}
			}
			return a.annotate(cmd.Context(), args[0], where, remove, store.Tag, tags...)
		},
	}
	c.Flags().BoolVar(&remove, "remove", false, "take these tags away")
	c.Flags().StringVar(&where, "where", "", "all runs of the study of which this is true")
	return c
}

// Lengths of remarks in characters, at most.
const (
	longestNote = 4000
	longestTag  = 64
)

func validTag(tag string) error {
	if tag == "" || utf8.RuneCountInString(tag) > longestTag || strings.ContainsFunc(tag, separates) {
		return fmt.Errorf("%q is no tag: one has up to %d characters without blanks or commas", tag, longestTag)
	}
	return nil
}

// separates says whether a character cannot be part of a tag.
func separates(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == ',' }

// annotate adds texts to a study, to a run, or to those runs of a study for which a condition is true; with remove it removes
// them.
func (a *app) annotate(ctx context.Context, about, where string, remove bool, kind store.RemarkKind, texts ...string) error {
	db, err := a.openWrite()
	if err != nil {
		return err
	}
	defer db.Close()
	subjects, err := a.subjects(ctx, db, about, where)
	if err != nil {
		return err
	}
	var remarks []store.Remark
	for _, one := range subjects {
		for _, text := range texts {
			remarks = append(remarks, store.Remark{Study: one.Study, Run: one.Run, Kind: kind, Text: text, At: time.Now()})
		}
	}
	n, word := len(remarks), "kept"
	if remove {
		word = "removed"
		if n, err = db.RemoveRemarks(ctx, remarks...); err != nil {
			return err
		}
		if n == 0 {
			return usage(fmt.Errorf("%s has no such %s; nightshift %[2]s %[1]s lists what it has", about, kind))
		}
	} else if err := db.PutRemarks(ctx, remarks...); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s %s\n", word, number.Count(n, string(kind)))
	return nil
}

// subjects are the study or the run that is named, or those runs of the study for which a condition is true.
func (a *app) subjects(ctx context.Context, db *store.DB, about, where string) ([]store.Remark, error) {
	of, err := a.storedStudy(ctx, db, about)
	if err != nil && where == "" && identity.MatchString(about) {
		r, noRun := db.Run(ctx, about)
		switch {
		case noRun == nil:
			return []store.Remark{{Run: r.ID}}, nil
		case errors.Is(noRun, store.ErrAmbiguous):
			return nil, usage(noRun)
		case !errors.Is(noRun, store.ErrNotFound):
			return nil, noRun
		}
	}
	if err != nil {
		return nil, err
	}
	if where == "" {
		return []store.Remark{{Study: of.Study}}, nil
	}
	ids, err := listFlags{where: where}.runsOf(ctx, db, of.Study, nil)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, usage(fmt.Errorf("%s has no run of which %s is true", of.Study, where))
	}
	var runs []store.Remark
	for _, id := range ids {
		runs = append(runs, store.Remark{Run: id})
	}
	return runs, nil
}

// listRemarks prints the remarks of a kind on a study and its runs, or on a run.
func (a *app) listRemarks(ctx context.Context, about string, kind store.RemarkKind) error {
	db, err := a.openRead()
	if err != nil {
		return err
	}
	defer db.Close()
	subjects, err := a.subjects(ctx, db, about, "")
	if err != nil {
		return err
	}
	var list []store.Remark
	if one := subjects[0]; one.Study != "" {
		list, err = db.Remarks(ctx, one.Study)
	} else {
		list, err = db.RunRemarks(ctx, one.Run)
	}
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(r store.Remark) bool { return r.Kind != kind })
	if len(list) == 0 {
		fmt.Fprintf(a.out, "%s has no %ss\n", about, kind)
	}
	for _, r := range list {
		of := r.Study
		if r.Run != "" {
			of = r.Run[:12]
		}
		lead := fmt.Sprintf("%s  %s  ", r.At.Local().Format("2006-01-02 15:04"), of)
		fmt.Fprintf(a.out, "%s%s\n", lead, strings.ReplaceAll(r.Text, "\n", "\n"+strings.Repeat(" ", utf8.RuneCountInString(lead))))
	}
	return nil
}

// remarkTexts are the texts of the remarks of a kind.
func remarkTexts(remarks []store.Remark, kind store.RemarkKind) []string {
	var texts []string
	for _, r := range remarks {
		if r.Kind == kind {
			texts = append(texts, r.Text)
		}
	}
	return texts
}
