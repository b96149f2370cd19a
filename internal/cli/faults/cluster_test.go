//go:build linux

package faults

import (
	"bytes"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cluster is a Slurm of the test's own: munged, slurmctld and a slurmd for each node, as processes of this machine.
type cluster struct {
	dir   string
	env   []string // of those who call its commands
	nodes map[string]*exec.Cmd
	start func(*exec.Cmd) error

	controller *exec.Cmd
	port       int // that it listens at
}

// startCluster starts one, unless there is no Slurm on the machine or nobody has asked for it: then the test is skipped.
func startCluster(t *testing.T, nodes ...string) *cluster {
	t.Helper()
	wanted := os.Getenv("NIGHTSHIFT_SLURM")
	missing := ""
	for _, name := range []string{"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "sinfo"} {
		if _, err := exec.LookPath(name); err != nil {
			missing = "there is no " + name + " (apt-get install slurm-wlm munge)"
		}
	}
	if os.Getuid() != 0 {
		missing = "only root can start slurmd"
	}
	switch {
	case missing != "" && wanted == "required":
		t.Fatalf("NIGHTSHIFT_SLURM=required, but %s", missing)
	case missing != "":
		t.Skipf("no Slurm is started: %s", missing)
	case wanted == "":
		t.Skip("NIGHTSHIFT_SLURM=1 starts a Slurm of the test's own; it takes two minutes")
	}
	dir, err := os.MkdirTemp("", "cluster") // short: sockets have names of at most 107 bytes
	check(t, err)
	c := &cluster{dir: dir, nodes: map[string]*exec.Cmd{}, start: boundStarts(t)}
	c.env = append(os.Environ(), "SLURM_CONF="+c.path("slurm.conf"), "TMPDIR="+c.path("tmp")) // what a dead node leaves goes, too
	check(t, os.Mkdir(c.path("tmp"), 0o777))
	t.Cleanup(func() { check(t, os.RemoveAll(dir)) })
	c.munge(t)
	c.configure(t, nodes)
	t.Cleanup(func() { c.killRest(t) })
	c.startController(t)
	for _, n := range nodes {
		c.startNode(t, n)
	}
	c.wait(t, "nodes that are idle", func() bool {
		return strings.Count(c.do(t, "sinfo", "--noheader", "--Node", "--partition=main", "--format=%T"), "idle") == len(nodes)
	})
	return c
}

func (c *cluster) path(parts ...string) string {
	return filepath.Join(append([]string{c.dir}, parts...)...)
}

// boundStarts starts processes that the kernel ends with the test, however that ends: by a thread that lives as long.
func boundStarts(t *testing.T) func(*exec.Cmd) error {
	type request struct {
		cmd  *exec.Cmd
		done chan error
	}
	requests := make(chan request)
	go func() {
		runtime.LockOSThread()
		for r := range requests {
			r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
			r.done <- r.cmd.Start()
		}
	}()
	t.Cleanup(func() { close(requests) })
	return func(cmd *exec.Cmd) error {
		r := request{cmd, make(chan error)}
		requests <- r
		return <-r.done
	}
}

// daemon starts a daemon that ends with the test.
func (c *cluster) daemon(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = c.env
	said, err := os.OpenFile(c.path("daemons.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	check(t, err)
	defer said.Close()
	cmd.Stdout, cmd.Stderr = said, said
	check(t, c.start(cmd))
	over := make(chan struct{})
	go func() { cmd.Wait(); close(over) }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-over:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-over
		}
	})
	return cmd
}

// munge starts the daemon that Slurm's authenticate each other by, with a socket of its own.
func (c *cluster) munge(t *testing.T) {
	dir := c.path("munge")
	check(t, os.Chmod(c.dir, 0o755))
	check(t, os.Mkdir(dir, 0o711))
	key := make([]byte, 1024)
	rand.Read(key)
	check(t, os.WriteFile(filepath.Join(dir, "key"), key, 0o400))
	c.daemon(t, "munged", "--foreground", "--force", "--socket="+filepath.Join(dir, "socket"),
		"--key-file="+filepath.Join(dir, "key"),
		"--pid-file="+filepath.Join(dir, "pid"), "--log-file="+filepath.Join(dir, "log"), "--seed-file="+filepath.Join(dir, "seed"))
	c.wait(t, "the socket of munge", func() bool { return exists(filepath.Join(dir, "socket")) })
}

// configure writes slurm.conf: a requeued job may start after 11 s, a node is dead when it was not heard of for 10 s. Exit
// codes requeue nothing, as is usual. Jobs of the partition first go before those of main, which are not started again then.
func (c *cluster) configure(t *testing.T, nodes []string) {
	host, err := os.Hostname()
	check(t, err)
	host, _, _ = strings.Cut(host, ".")
	ports := freePorts(t, len(nodes)+1)
	c.port = ports[0]
	for _, dir := range []string{"state", "log"} {
		check(t, os.Mkdir(c.path(dir), 0o755))
	}
	text := fmt.Sprintf(`ClusterName=test
SlurmctldHost=%[1]s(127.0.0.1)
SlurmctldPort=%[2]d
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=%[3]s/munge/socket,cred_expire=10
StateSaveLocation=%[3]s/state
SlurmdSpoolDir=%[3]s/spool.%%n
SlurmctldPidFile=%[3]s/slurmctld.pid
SlurmdPidFile=%[3]s/slurmd.%%n.pid
SlurmctldLogFile=%[3]s/log/slurmctld.log
SlurmdLogFile=%[3]s/log/slurmd.%%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=5
SlurmdTimeout=10
JobRequeue=1
MaxArraySize=1001
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=first Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10
`, host, ports[0], c.dir)
	for i, n := range nodes {
		text += fmt.Sprintf("NodeName=%s NodeHostname=%s NodeAddr=127.0.0.1 Port=%d CPUs=1 RealMemory=1000 State=UNKNOWN\n",
			n, host, ports[i+1])
		check(t, os.Mkdir(c.path("spool."+n), 0o755))
	}
	check(t, os.WriteFile(c.path("slurm.conf"), []byte(text), 0o644))
}

// freePorts gives ports that nobody listens at, below those that the kernel gives to whoever asks for any.
func freePorts(t *testing.T, n int) (ports []int) {
	for tries := 0; len(ports) < n; tries++ {
		if tries == 1000 {
			t.Fatal("there are no free ports")
		}
		port := 15000 + mathrand.IntN(15000)
		if l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			defer l.Close() // when all are known, so that they differ
			ports = append(ports, port)
		}
	}
	return ports
}

func (c *cluster) startController(t *testing.T) {
	c.controller = c.daemon(t, "slurmctld", "-D", "-f", c.path("slurm.conf"))
}

// crash kills the controller as soon as it has written down what runs, and starts it again.
func (c *cluster) crash(t *testing.T) {
	t.Helper()
	now := time.Now()
	c.do(t, "scontrol", "update", "partition=first", "default=no") // a change, which is written down
	c.wait(t, "written states", func() bool {
		jobs, err1 := os.Stat(c.path("state", "job_state"))
		partitions, err2 := os.Stat(c.path("state", "part_state"))
		return err1 == nil && err2 == nil && partitions.ModTime().After(now) && jobs.Size() > 0
	})
	check(t, c.controller.Process.Kill())
	c.wait(t, "ends of the controller", func() bool { return !c.answers() })
	c.startController(t)
	c.wait(t, "answers of the controller", c.answers)
}

// answers says whether the controller listens.
func (c *cluster) answers() bool {
	conn, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(c.port))
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func (c *cluster) startNode(t *testing.T, name string) {
	c.nodes[name] = c.daemon(t, "slurmd", "-D", "-f", c.path("slurm.conf"), "-N", name)
}

// killNode ends a node as a power cut does: its slurmd, and everything of its jobs.
func (c *cluster) killNode(t *testing.T, name string) {
	t.Helper()
	check(t, c.nodes[name].Process.Kill())
	for _, p := range c.processes(t) {
		if p.node == name {
			syscall.Kill(p.parent, syscall.SIGKILL) // slurmstepd
			syscall.Kill(p.pid, syscall.SIGKILL)
		}
	}
}

// process is one of a job's.
type process struct {
	pid, parent int
	node        string
	job, array  string // as Slurm numbers them; array is "" for none
	task        int    // index in the array; 0 for none
	args        string
}

// id names the task that a process is of to the commands of Slurm.
func (p process) id() string { return fmt.Sprintf("%s_%d", p.array, p.task) }

// processes lists what the cluster's jobs are.
func (c *cluster) processes(t *testing.T) (list []process) {
	t.Helper()
	for _, pid := range c.pids(t) {
		proc := fmt.Sprintf("/proc/%d/", pid)
		env, _ := os.ReadFile(proc + "environ")
		args, _ := os.ReadFile(proc + "cmdline")
		stat, err := os.ReadFile(proc + "stat")
		if err != nil {
			continue // it has ended
		}
		p := process{pid: pid, args: strings.ReplaceAll(string(args), "\x00", " ")}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		p.parent, err = strconv.Atoi(fields[1])
		check(t, err)
		for _, v := range strings.Split(string(env), "\x00") {
			switch name, value, _ := strings.Cut(v, "="); name {
			case "SLURMD_NODENAME":
				p.node = value
			case "SLURM_JOB_ID":
				p.job = value
			case "SLURM_ARRAY_JOB_ID":
				p.array = value
			case "SLURM_ARRAY_TASK_ID":
				p.task, _ = strconv.Atoi(value)
			}
		}
		if p.node != "" {
			list = append(list, p)
		}
	}
	return list
}

// pids lists the processes that have the cluster's configuration in their environment.
func (c *cluster) pids(t *testing.T) (list []int) {
	entries, err := os.ReadDir("/proc")
	check(t, err)
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		env, err := os.ReadFile("/proc/" + e.Name() + "/environ")
		if err == nil && slices.Contains(strings.Split(string(env), "\x00"), "SLURM_CONF="+c.path("slurm.conf")) {
			list = append(list, pid)
		}
	}
	return list
}

// killRest ends what is left of the jobs when the daemons have ended.
func (c *cluster) killRest(t *testing.T) {
	c.wait(t, "ends of jobs", func() bool {
		left := c.pids(t)
		for _, pid := range left {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		return len(left) == 0
	})
	if t.Failed() && testing.Verbose() {
		for _, name := range []string{"log/slurmctld.log", "daemons.log"} {
			text, _ := os.ReadFile(c.path(name))
			t.Logf("%s ends:\n%s", name, text[max(0, len(text)-4000):])
		}
	}
}

// do calls a command of the cluster.
func (c *cluster) do(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = c.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Logf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// wait waits until something is so, for as long as it may take on a machine on which others are at work.
func (c *cluster) wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	const most = 4 * time.Minute
	for until := time.Now().Add(most); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("there are no %s after %v; the queue:\n%s", what, most, c.do(t, "squeue", "--array", "--states=all"))
}
