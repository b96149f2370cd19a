package cli

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// kubernetesJob has the keys of batch/v1 that the manifest may use, with their types
// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1).
type kubernetesJob struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		CompletionMode       string `yaml:"completionMode"`
		Completions          int32
		Parallelism          int32
		BackoffLimitPerIndex *int32 `yaml:"backoffLimitPerIndex"`
		PodFailurePolicy     struct {
			Rules []struct {
				Action          string
				OnPodConditions []struct{ Type, Status string } `yaml:"onPodConditions"`
				OnExitCodes     *struct {
					Operator string
					Values   []int32
				} `yaml:"onExitCodes"`
			}
		} `yaml:"podFailurePolicy"`
		Template struct {
			Spec struct {
				RestartPolicy string `yaml:"restartPolicy"`
				Grace         int64  `yaml:"terminationGracePeriodSeconds"`
				Containers    []struct {
					Name, Image   string
					Command, Args []string
					Resources     struct{ Requests, Limits map[string]string }
					VolumeMounts  []struct {
						Name      string
						MountPath string `yaml:"mountPath"`
						ReadOnly  bool   `yaml:"readOnly"`
					} `yaml:"volumeMounts"`
				}
				Volumes []struct {
					Name      string
					ConfigMap *struct{ Name string } `yaml:"configMap"`
					EmptyDir  *struct{}              `yaml:"emptyDir"`
					Claim     *struct {
						Name string `yaml:"claimName"`
					} `yaml:"persistentVolumeClaim"`
				}
			}
		}
	}
}

// TestManifest looks at the Job of docs/cluster.md: it has no key that Kubernetes does not know, what it has goes together,
// and its command is one that the program takes.
func TestManifest(t *testing.T) {
	page, err := os.ReadFile("../../docs/cluster.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(apiVersion:.*?)```").FindStringSubmatch(string(page))
	if block == nil {
		t.Fatal("docs/cluster.md has no manifest")
	}
	var j kubernetesJob
	strict := yaml.NewDecoder(strings.NewReader(block[1]))
	strict.KnownFields(true)
	if err := strict.Decode(&j); err != nil {
		t.Fatal(err)
	}
	pod := j.Spec.Template.Spec
	for what, is := range map[string]bool{
		"a Job of batch/v1":                             j.APIVersion == "batch/v1" && j.Kind == "Job" && j.Metadata.Name != "",
		"indexed, with so many completions":             j.Spec.CompletionMode == "Indexed" && j.Spec.Completions > 0,
		"no more pods at once than completions":         j.Spec.Parallelism > 0 && j.Spec.Parallelism <= j.Spec.Completions,
		"pods that are not restarted where a policy is": pod.RestartPolicy == "Never" && len(j.Spec.PodFailurePolicy.Rules) > 0,
		"a limit of failures for each index":            j.Spec.BackoffLimitPerIndex != nil,
		"time for the last checkpoints":                 pod.Grace >= 60,
		"one container with an image, a shell, a script": len(pod.Containers) == 1 && pod.Containers[0].Image != "" &&
			len(pod.Containers[0].Args) == 1,
	} {
		if !is {
			t.Errorf("the manifest is not %s", what)
		}
	}
	for _, r := range j.Spec.PodFailurePolicy.Rules {
		if r.Action != "Ignore" || (r.OnExitCodes == nil) == (len(r.OnPodConditions) == 0) {
			t.Errorf("rule %+v", r)
		}
		if c := r.OnExitCodes; c != nil && (c.Operator != "In" || len(c.Values) != 1 || c.Values[0] != exitRequeue) {
			t.Errorf("exit codes %+v, want %d", c, exitRequeue)
		}
	}
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = v.ConfigMap != nil || v.EmptyDir != nil || v.Claim != nil
	}
	for _, m := range pod.Containers[0].VolumeMounts {
		if !volumes[m.Name] || !strings.HasPrefix(m.MountPath, "/") {
			t.Errorf("mount %+v", m)
		}
	}
	script := pod.Containers[0].Args[0]
	if want := fmt.Sprintf(`--shard "$((JOB_COMPLETION_INDEX + 1))/%d"`, j.Spec.Completions); !strings.Contains(script, want) {
		t.Errorf("the script has no %s:\n%s", want, script)
	}
	line := strings.TrimPrefix(strings.NewReplacer("$((JOB_COMPLETION_INDEX + 1))", "3", "$JOB_COMPLETION_INDEX",
		"2").Replace(script), "exec ")
	if err := parses(line, (&app{}).root()); err != nil {
		t.Errorf("%s: %v", line, err)
	}
}
