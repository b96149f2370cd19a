package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// fakeSlurm are commands of a Slurm whose queue is a file in the folder FAKE_SLURM, and slurmd, which does what waits there:
// everything, or only tasks of arrays with the indices that it is given.
var fakeSlurm = map[string]func(){
	"sbatch": fakely(fakeSbatch), "squeue": fakely(fakeSqueue), "scancel": fakely(fakeScancel), "scontrol": fakely(fakeScontrol),
	"sinfo": fakely(fakeSinfo), "slurmd": fakely(fakeSlurmd),
}

// fakeJob is a job, or a task of an array.
type fakeJob struct {
	ID, Index                 int // Index is 0 for a job without an array
	State, Comment, Dir, Log  string
	Script, Partition, Reason string
}

func fakely(do func(args []string, queue *[]fakeJob) error) func() {
	return func() {
		var queue []fakeJob
		err := loadFake(&queue)
		if err == nil {
			err = do(os.Args[1:], &queue)
		}
		if err == nil && len(queue) > 0 {
			err = saveFake(queue)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: error: %v\n", filepath.Base(os.Args[0]), err)
			os.Exit(1)
		}
	}
}

func fakeQueue() string { return filepath.Join(os.Getenv("FAKE_SLURM"), "queue.json") }

func loadFake(queue *[]fakeJob) error {
	text, err := os.ReadFile(fakeQueue())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, queue)
	}
	return err
}

func saveFake(queue []fakeJob) error {
	text, err := json.Marshal(queue)
	if err == nil {
		err = os.WriteFile(fakeQueue(), text, 0o666)
	}
	return err
}

func fakeSbatch(args []string, queue *[]fakeJob) error {
	if said := os.Getenv("FAKE_REFUSAL"); said != "" {
		return errors.New(said)
	}
	j := fakeJob{ID: 100, State: "PENDING", Reason: "Resources", Script: args[len(args)-1]}
	if n := len(*queue); n > 0 {
		j.ID = (*queue)[n-1].ID + 1
	}
	n := 0
	merges := !slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--array=") })
	if said := os.Getenv("FAKE_MERGE_REFUSAL"); said != "" && merges {
		return errors.New(said)
	}
	for _, a := range args[:len(args)-1] {
		name, value, _ := strings.Cut(a, "=")
		switch name {
		case "--comment":
			j.Comment = value
		case "--chdir":
			j.Dir = value
		case "--output":
			j.Log = value
		case "--dependency":
			j.Reason = "Dependency"
		case "--array":
			last, _, _ := strings.Cut(strings.TrimPrefix(value, "1-"), "%")
			var err error
			if n, err = strconv.Atoi(last); err != nil || n > 1000 {
				return errors.New("Batch job submission failed: Invalid job array specification")
			}
		}
	}
	for i := range max(1, n) {
		one := j
		if n > 0 {
			one.Index = i + 1
		}
		*queue = append(*queue, one)
	}
	if os.Getenv("FAKE_LOST") != "" { // the job is there, and the answer is not
		return errors.Join(saveFake(*queue), errors.New("Batch job submission failed: Socket timed out on send/recv operation"))
	}
	fmt.Println(j.ID)
	return nil
}

func fakeSqueue(args []string, queue *[]fakeJob) error {
	if want := "--format=%F|%K|%T|%L|%N|%r|%k"; !slices.Contains(args, want) {
		return fmt.Errorf("the fake knows the format %s only", want)
	}
	for _, j := range *queue {
		index, node := "N/A", ""
		if j.Index > 0 {
			index = strconv.Itoa(j.Index)
		}
		fmt.Printf("%d|%s|%s|1:00:00|%s|%s|%s\n", j.ID, index, j.State, node, j.Reason, j.Comment)
	}
	fmt.Println("1|N/A|PENDING|1:00:00||Priority|(null)") // somebody else's
	return nil
}

func fakeScancel(args []string, queue *[]fakeJob) error {
	for i, j := range *queue {
		if strconv.Itoa(j.ID) == args[0] && j.State == "PENDING" {
			(*queue)[i].State = "CANCELLED"
		}
	}
	return nil
}

func fakeScontrol(args []string, queue *[]fakeJob) error {
	switch args[0] {
	case "show":
		fmt.Println("MaxArraySize            =", cmp.Or(os.Getenv("FAKE_ARRAY"), "1001"))
	case "requeue":
		for i, j := range *queue {
			if fmt.Sprintf("%d_%d", j.ID, j.Index) == args[1] {
				(*queue)[i].State, (*queue)[i].Reason = "PENDING", "BeginTime"
			}
		}
	}
	return nil
}

func fakeSinfo([]string, *[]fakeJob) error {
	fmt.Print(strings.ReplaceAll(os.Getenv("FAKE_NODES"), `\n`, "\n"))
	return nil
}

func fakeSlurmd(only []string, queue *[]fakeJob) error {
	for {
		i := slices.IndexFunc(*queue, func(j fakeJob) bool {
			return j.State == "PENDING" && (len(only) == 0 || slices.Contains(only, strconv.Itoa(j.Index)))
		})
		if i < 0 {
			return nil
		}
		j := (*queue)[i]
		(*queue)[i].State = "RUNNING"
		if err := saveFake(*queue); err != nil {
			return err
		}
		state, err := runFake(j)
		if err == nil {
			err = loadFake(queue) // the job may have submitted others
		}
		if err != nil {
			return err
		}
		if (*queue)[i].State == "RUNNING" { // else it was requeued
			(*queue)[i].State, (*queue)[i].Reason = state, "None"
		}
		if err := saveFake(*queue); err != nil {
			return err
		}
	}
}

// runFake does what a job does, and says how it has ended.
func runFake(j fakeJob) (state string, err error) {
	log, err := os.OpenFile(strings.ReplaceAll(strings.ReplaceAll(j.Log, "%a", strconv.Itoa(j.Index)), "%%", "%"),
		os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return "", err
	}
	defer log.Close()
	c := exec.Command("sh", j.Script)
	c.Dir, c.Stdout, c.Stderr = j.Dir, log, log
	c.Env = append(os.Environ(), "SLURM_JOB_ID="+strconv.Itoa(j.ID*1000+j.Index), "SLURM_ARRAY_JOB_ID="+strconv.Itoa(j.ID),
		"SLURM_ARRAY_TASK_ID="+strconv.Itoa(j.Index), "SLURM_CPUS_PER_TASK=1", "SLURMD_NODENAME=node"+strconv.Itoa(j.Index))
	if c.Run() != nil {
		return "FAILED", nil
	}
	return "COMPLETED", nil
}
