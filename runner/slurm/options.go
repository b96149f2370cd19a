package slurm

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"nightshift/internal/file"
)

// Options are what a user chooses about the jobs of a submission.
type Options struct {
	CPUs      int           `json:"cpus"`      // of a task
	Limit     time.Duration `json:"limit"`     // of a task; 0 for what the partition has
	Partition string        `json:"partition"` // "" for what the cluster has
	ArrayMax  int           `json:"array_max"` // tasks that run at the same time; 0 for all that there is room for
	Extra     []string      `json:"extra"`     // arguments of sbatch
	// of the job that merges: its limit (0 for what the partition has), and arguments that go before all others
	MergeLimit time.Duration `json:"merge_limit,omitempty"`
	MergeExtra []string      `json:"merge_extra,omitempty"`

	Program string `json:"program"` // this one, as the nodes see it
	Dir     string `json:"dir"`     // that jobs are started in
}

// Check returns an error for options that are impossible, or that contradict arguments which this package sets.
func (o Options) Check() error {
	switch {
	case o.CPUs < 1:
		return fmt.Errorf("--cpus is %d; a task needs one at least", o.CPUs)
	case o.ArrayMax < 0:
		return fmt.Errorf("--array-max is %d; it is how many tasks run at the same time", o.ArrayMax)
	}
	for _, word := range append(slices.Clone(o.Extra), o.MergeExtra...) {
		if name := among(ours, word); name != "" {
			return fmt.Errorf("--sbatch and --merge-sbatch may not have %s, which is for nightshift to say%s", name, ours[name])
		}
	}
	for _, word := range o.Extra {
		if name := among(flags, word); name != "" {
			return fmt.Errorf("--sbatch has %s: use %s of nightshift slurm, or --merge-sbatch for the job that merges", name, flags[name])
		}
	}
	return nil
}

// among gives the option that a word sets as sbatch reads it, if it is one of those: in full, abbreviated (--arr=1-3), or with
// its value right behind (-a1-3); "" if it is not.
func among(options map[string]string, word string) string {
	name, _, _ := strings.Cut(word, "=")
	long := strings.HasPrefix(name, "--")
	if !long && len(name) > 2 {
		name = name[:2]
	}
	if _, is := options[name]; is {
		return name
	}
	for _, option := range slices.Sorted(maps.Keys(options)) {
		if long && len(name) > 3 && strings.HasPrefix(option, name) {
			return option
		}
	}
	return ""
}

// flags are arguments of sbatch for which there are flags; the job that merges may have others.
var flags = map[string]string{
	"--time": "--time", "-t": "--time", "--partition": "--partition", "-p": "--partition",
	"--cpus-per-task": "--cpus", "-c": "--cpus",
}

// ours are arguments of sbatch that this package sets itself, and what a user gives instead.
var ours = map[string]string{
	"--array": ": see --tasks and --array-max", "-a": ": see --tasks and --array-max",
	"--ntasks": "", "-n": "", "--nodes": "", "-N": "",
	"--dependency": "", "-d": "", "--output": ": nightshift slurm logs RUN shows it", "-o": ": nightshift slurm logs RUN shows it",
	"--error": "", "-e": "", "--comment": "", "--job-name": "", "-J": "", "--signal": "", "--requeue": "", "--no-requeue": "",
	"--parsable": "",
	"--wait":     ": use --wait of nightshift slurm", "-W": ": use --wait of nightshift slurm",
	"--wrap": "", "--chdir": "", "-D": "",
	"--open-mode": "", "--hold": "", "-H": "", "--quiet": "", "-Q": "", "--test-only": ": use --dry-run of nightshift slurm",
	"--clusters": ": set SLURM_CLUSTERS to it, which squeue reads, too", "-M": ": set SLURM_CLUSTERS to it, which squeue reads, too",
}

// Words divides a text into words as a shell does, with quotes and backslashes and nothing else.
func Words(text string) ([]string, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("it is not in UTF-8")
	}
	var words []string
	var word strings.Builder
	var quote rune
	escaped, begun := false, false
	for _, r := range text {
		switch {
		case escaped:
			if quote == '"' && !strings.ContainsRune("\"\\$`\n", r) { // a backslash before any other is one
				word.WriteByte('\\')
			}
			if r != '\n' { // the line goes on
				word.WriteRune(r)
				begun = true
			}
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, begun = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 || escaped {
		return nil, errors.New("a quote is not closed, or a backslash stands at the end")
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// quoteAll writes words as a line of a shell.
func quoteAll(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = file.ShellWord(w)
	}
	return strings.Join(quoted, " ")
}

// commentOf is how the comments of the jobs of a folder begin.
func commentOf(token string) string { return "nightshift " + token + " " }

// arguments are those of sbatch that both kinds of jobs have.
func (o Options) arguments(name, comment, log string, limit time.Duration) []string {
	args := []string{"--parsable", "--job-name=" + name, "--comment=" + comment, "--chdir=" + o.Dir,
		"--output=" + log, "--open-mode=append", "--nodes=1", "--ntasks=1", "--cpus-per-task=" + strconv.Itoa(o.CPUs)}
	if limit > 0 {
		args = append(args, "--time="+limitText(limit))
	}
	if o.Partition != "" {
		args = append(args, "--partition="+o.Partition)
	}
	return append(args, o.Extra...)
}

// arrayArguments are those of sbatch for an array of so many tasks.
func (o Options) arrayArguments(f Folder, s Submission, job int) []string {
	array := fmt.Sprintf("--array=1-%d", len(s.Jobs[job-1].Tasks))
	if o.ArrayMax > 0 {
		array += fmt.Sprintf("%%%d", o.ArrayMax)
	}
	log := strings.TrimSuffix(f.Log(s, job, 0), "0.log")
	args := o.arguments(jobName(s, job), commentOf(s.Token)+strconv.Itoa(job), pattern(log)+"%a.log", o.Limit)
	signal := fmt.Sprintf("--signal=B:USR1@%d", int(warning(o.Limit).Seconds()))
	return append(args, array, "--requeue", signal, f.script(s, job, "array"))
}

// mergeArguments are those of sbatch for the job behind an array.
func (o Options) mergeArguments(f Folder, s Submission, job int) []string {
	comment := commentOf(s.Token) + strconv.Itoa(job) + " merge"
	args := o.arguments(jobName(s, job)+"-merge", comment, pattern(f.MergeLog(s, job)), o.MergeLimit)
	args = append(args, o.MergeExtra...) // sbatch takes what it is told last
	if id := s.Jobs[job-1].ID; id != "" {
		args = append(args, "--dependency=afterany:"+id)
	}
	return append(args, "--requeue", f.script(s, job, "merge"))
}

func jobName(s Submission, job int) string {
	return "nightshift-" + s.Batches[s.Jobs[job-1].Batch-1].Study
}

// pattern writes a path so that sbatch takes it for nothing else.
func pattern(path string) string { return strings.ReplaceAll(path, "%", "%%") }

// CheckPath refuses a path that Slurm cannot be told of.
func CheckPath(path string) error {
	if strings.ContainsAny(path, "\\\n\r") {
		return fmt.Errorf("%q has a backslash or a new line in it, which Slurm takes for something else; "+
			"name another folder with --dir", path)
	}
	return CheckText(path)
}

// CheckText refuses a path that submission.json cannot hold.
func CheckText(path string) error {
	if !utf8.ValidString(path) {
		return fmt.Errorf("%q is not in UTF-8, and could not be written down for the nodes; give the folder another name", path)
	}
	return nil
}

// isOurs says whether an entry of the queue is the array of a job or, if merge is set, the job behind it.
func isOurs(e Entry, token string, job int, merge bool) bool {
	fields := strings.Fields(strings.TrimPrefix(e.Comment, commentOf(token)))
	want := []string{strconv.Itoa(job)}
	if merge {
		want = append(want, "merge")
	}
	return slices.Equal(fields, want)
}
