package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"nightshift/experiments"
	"nightshift/internal/nearest"
	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report"
	"nightshift/runner"
)

func (a *app) reportCommand() *cobra.Command {
	var formats []string
	var width string
	var scale float64
	cmd := &cobra.Command{
		Use:   "report [STUDY...]",
		Short: "Write figures and HTML page from the database",
		Long: `Writes OUT/STUDY/index.html and its figures from what the database holds: of the
studies named (lecture: all of the lecture that there are), or of all of them, and
OUT/index.html, which leads to them. Nothing is trained.

A figure drawn for another width has letters of the same size and as many panels side by
side as fit: a column of a paper is --width 85mm --format pdf. For a slide, draw half as wide
as it is (--width 127mm) and enlarge the vectors, so that its letters are large, too.`,
		Example: "  nightshift report\n  nightshift report quickstart --format pdf --width 85mm",
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("scale") && scale == 0 {
				return usage(errors.New("a scale of 0 leaves no pixels"))
			}
			o, err := report.ParseOutput(formats, width, scale)
			if err != nil {
				return usage(err)
			}
			return a.reportStudies(cmd.Context(), args, o)
		},
		Args: cobra.ArbitraryArgs,
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&formats, "format", nil, "formats of the figures: png, svg, pdf (default png,svg)")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"png", "svg", "pdf"},
		cobra.ShellCompDirectiveNoFileComp))
	flags.StringVar(&width, "width", "", "width of the figures in mm, cm, in or pt (default 600pt)")
	flags.Float64Var(&scale, "scale", 0, "times as many pixels of a PNG along each side, 0.25 to 8 (default 1)")
	return cmd
}

// reportStudies writes the reports of the studies that are named, or of all in the database, and the page that leads to them.
func (a *app) reportStudies(ctx context.Context, asked []string, o report.Output) error {
	db, err := a.openRead()
	if err != nil {
		return err
	}
	defer db.Close()
	studies, err := db.Studies(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, s := range studies {
		known = append(known, s.Study)
	}
	if len(known) == 0 {
		return fmt.Errorf("there is no study in %s yet", a.dbPath())
	}
	names := ofLecture(asked, known)
	if len(asked) == 0 {
		names = known
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return usage(fmt.Errorf("no study %q in %s; it holds %s%s", name, a.dbPath(), quoted(known),
				nearest.Suggest(name, known)))
		}
	}
	for _, name := range names {
		if err := a.writeReport(ctx, db, name, o, "", false); err != nil {
			return err
		}
	}
	return a.writeIndex(ctx, db)
}

// ofLecture puts the studies of the lecture that are known in the place of its name.
func ofLecture(names, known []string) []string {
	var all []string
	for _, name := range names {
		if name != lecture || slices.Contains(known, name) {
			all = append(all, name)
			continue
		}
		for _, l := range experiments.Lecture() {
			if slices.Contains(known, l.Study) {
				all = append(all, l.Study)
			}
		}
	}
	return all
}

// writeIndex writes the page that leads to those of all studies.
func (a *app) writeIndex(ctx context.Context, db *store.DB) error {
	var lessons []report.Lesson
	for _, l := range experiments.Lecture() {
		lessons = append(lessons, report.Lesson(l))
	}
	if err := report.WriteIndex(ctx, db, a.outDir, lessons); err != nil {
		return fmt.Errorf("index of the reports: %w", err)
	}
	return nil
}

// writeReport writes a study's report and says where; remark is put behind.
func (a *app) writeReport(ctx context.Context, db *store.DB, name string, o report.Output, remark string, quiet bool) error {
	if err := study.CheckName(name); err != nil { // a database may hold any
		return fmt.Errorf("report of study %q of %s: %w", name, a.dbPath(), err)
	}
	in, done := a.reportInputs(quiet)
	r, err := report.Write(ctx, db, name, filepath.Join(a.outDir, name), in, o)
	done()
	if err != nil {
		return fmt.Errorf("report of %s: %w", name, err)
	}
	a.warnChanges(r)
	if !quiet {
		fmt.Fprintf(a.out, "report: %s (%s%s)\n", r.Path, number.Count(len(r.Figures), "figure"), remark)
		a.printVerdicts(r)
	}
	return nil
}

// warnChanges says what of the database is not what was written.
func (a *app) warnChanges(r report.Summary) {
	for _, what := range r.Changes {
		fmt.Fprintf(a.err, "damage in %s: %s; it is left out of the report, see nightshift fsck\n", a.dbPath(), what)
	}
}

func (a *app) printVerdicts(r report.Summary) {
	for _, v := range r.Verdicts {
		fmt.Fprintln(a.out, "  "+v.Line())
	}
}

// reportNight writes the reports of the night's studies, unless none are asked for, and says what was best and what the claims
// came to. One that would come out as it is stays: where nothing was trained, the study was the same before,
// and neither a result nor the program is newer.
func (a *app) reportNight(
	ctx context.Context, db *store.DB, plan []runner.Study, before []store.Study, s runner.Summary, f runFlags,
) error {
	if f.noReport && f.quiet {
		return nil
	}
	known, err := night.Read(ctx, db, plan, time.Now(), night.Lease)
	if err != nil {
		return err
	}
	written := false
	for _, p := range plan {
		missing := missingWords(known.Agenda(false, p), p)
		stands := false
		if !f.noReport && s.Trained == 0 {
			if stands, err = a.reportStands(ctx, db, p.Study, before); err != nil {
				return err
			}
		}
		switch share := p.Planned != nil; { // neither the best of a share nor its claims are those of the study
		case !f.noReport && !stands:
			written = true
			err = a.writeReport(ctx, db, p.Name, report.DefaultOutput(), missing, f.quiet)
		case !f.quiet && (stands || !share):
			err = a.conclude(ctx, db, p.Study, missing, stands)
		}
		if err != nil {
			return err
		}
		if f.quiet || p.Planned != nil {
			continue
		}
		if err := a.printBest(ctx, db, p.Name, missing != ""); err != nil {
			return err
		}
	}
	if !written {
		return nil
	}
	return a.writeIndex(ctx, db)
}

// conclude prints what the claims of a study came to where no page is written: it stands as it was, or none is asked for.
func (a *app) conclude(ctx context.Context, db *store.DB, s *study.Study, missing string, stands bool) error {
	var r report.Summary
	if len(s.Expect) > 0 { // else the runs need not be read
		in, done := a.reportInputs(false)
		var err error
		r, err = report.Verdicts(ctx, db, s.Name, in)
		done()
		if err != nil {
			return fmt.Errorf("claims of %s: %w", s.Name, err)
		}
		a.warnChanges(r)
	}
	if stands {
		fmt.Fprintf(a.out, "report: %s (as it was; nightshift report %s writes it anew)\n", a.reportPath(s.Name), s.Name)
	} else {
		fmt.Fprintf(a.out, "study %s (no report%s)\n", s.Name, missing)
	}
	a.printVerdicts(r)
	return nil
}

// missingWords counts the runs of a study that have no result yet; "" where all have.
func missingWords(agenda *night.Agenda, p runner.Study) string {
	missing, wanted := 0, 0
	for _, r := range p.Runs {
		if agenda.Wanted(r.ID) {
			wanted++
		}
		if need := agenda.Need(r.ID); need == night.Missing || need == night.Reopened {
			missing++
		}
	}
	share := ""
	if all := len(p.Planned); all > len(p.Runs) {
		share = fmt.Sprintf("; a share of the study, %d of %s", len(p.Runs), number.Count(all, "run"))
	}
	if missing == 0 {
		return share
	}
	return share + fmt.Sprintf("; %d of %s without a result yet", missing, number.Count(wanted, "run"))
}

func (a *app) reportPath(name string) string { return filepath.Join(a.outDir, name, "index.html") }

func (a *app) reportStands(ctx context.Context, db *store.DB, s *study.Study, before []store.Study) (bool, error) {
	same := slices.ContainsFunc(before, func(b store.Study) bool {
		return b.Study == s.Name && b.YAML == s.YAML && slices.Equal(b.Set, s.Set)
	})
	page, err := os.Stat(a.reportPath(s.Name))
	if err != nil || !same || programAfter(page.ModTime()) {
		return false, nil
	}
	runs, err := db.Runs(ctx, s.Name)
	newer := func(r store.Run) bool { return r.Finished.After(page.ModTime()) }
	return !slices.ContainsFunc(runs, newer), err
}

// programAfter says whether this program was built or installed after a time, so that it may write what was written then
// otherwise.
func programAfter(t time.Time) bool {
	path, err := os.Executable()
	if err != nil {
		return false
	}
	built, err := os.Stat(path)
	return err == nil && built.ModTime().After(t)
}
