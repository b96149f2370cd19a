package export

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// trackingServer is one that keeps to the protocol: it takes no more in a batch than MLflow does, no call that it does not know,
// and is busy every third time.
type trackingServer struct {
	t       *testing.T
	calls   int
	runs    map[string]map[string]string // tags by run
	metrics map[string]int               // values by run
	params  map[string]map[string]string
	status  map[string]string
	broken  bool // it fails in the middle of a run
}

func (s *trackingServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.calls++; s.calls%3 == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if user, password, _ := r.BasicAuth(); user != "me" || password != "secret" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var ask struct {
		Name    string `json:"name"`
		RunID   string `json:"run_id"`
		Key     string `json:"key"`
		Value   string `json:"value"`
		Status  string `json:"status"`
		EndTime int64  `json:"end_time"`
		Metrics []struct {
			Key   string
			Value any
		} `json:"metrics"`
		Params, Tags []keyValue
	}
	if r.Method == "POST" {
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
			s.t.Errorf("%s: %v", r.URL, err)
		}
	}
	refuse := func(code string) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error_code": %q, "message": "refused"}`, code)
	}
	switch name := strings.TrimPrefix(r.URL.Path, "/api/2.0/mlflow/"); name {
	case "experiments/create":
		refuse("RESOURCE_ALREADY_EXISTS")
	case "experiments/get-by-name":
		fmt.Fprintf(w, `{"experiment": {"experiment_id": "17", "name": %q}}`, r.URL.Query().Get("experiment_name"))
	case "runs/search":
		var list []string
		for _, tags := range s.runs {
			if tags["nightshift.sent"] == "whole" {
				list = append(list, fmt.Sprintf(`{"data": {"tags": [{"key": "nightshift.run_id", "value": %q}]}}`, tags["nightshift.run_id"]))
			}
		}
		fmt.Fprintf(w, `{"runs": [%s]}`, strings.Join(list, ","))
	case "runs/create":
		id := fmt.Sprint("r", len(s.runs))
		s.runs[id], s.params[id] = map[string]string{}, map[string]string{}
		fmt.Fprintf(w, `{"run": {"info": {"run_id": %q}}}`, id)
	case "runs/log-batch":
		if len(ask.Metrics) > 1000 || len(ask.Params) > 100 || len(ask.Tags) > 100 ||
			len(ask.Metrics)+len(ask.Params)+len(ask.Tags) > 1000 {
			refuse("INVALID_PARAMETER_VALUE")
			return
		}
		for _, m := range ask.Metrics {
			if _, isText := m.Value.(string); isText && m.Value != "NaN" {
				s.t.Errorf("value %v", m.Value)
			}
		}
		s.metrics[ask.RunID] += len(ask.Metrics)
		for _, p := range ask.Params {
			s.params[ask.RunID][p.Key] = p.Value
		}
		for _, tag := range ask.Tags {
			s.runs[ask.RunID][tag.Key] = tag.Value
		}
		fmt.Fprint(w, "{}")
	case "runs/update":
		if s.broken {
			refuse("INTERNAL_ERROR")
			return
		}
		s.status[ask.RunID] = ask.Status
		fmt.Fprint(w, "{}")
	case "runs/set-tag":
		s.runs[ask.RunID][ask.Key] = ask.Value
		fmt.Fprint(w, "{}")
	default:
		w.WriteHeader(http.StatusNotFound)
		s.t.Errorf("call of %s", name)
	}
}

func TestMLflowServer(t *testing.T) {
	t.Setenv("MLFLOW_TRACKING_USERNAME", "me")
	t.Setenv("MLFLOW_TRACKING_PASSWORD", "secret")
	db := nightOf(t)
	tracking := &trackingServer{t: t, runs: map[string]map[string]string{}, metrics: map[string]int{},
		params: map[string]map[string]string{},
		status: map[string]string{}, broken: true}
	web := httptest.NewServer(tracking)
	defer web.Close()
	busy := 0
	s, err := NewMLflowServer(web.URL+"/", func(text string) {
		if busy++; !strings.Contains(text, web.URL+": the server says 503 Service Unavailable; trying again in 2s (2 of 5)") {
			t.Error(text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Wait = func(context.Context, time.Duration) error { return nil }
	if sent, _, err := s.Send(t.Context(), db, "night"); err == nil || sent != 0 {
		t.Errorf("a server that fails: %d sent, %v", sent, err)
	}
	tracking.broken = false
	for i, want := range [][2]int{{2, 0}, {0, 2}} { // what did not arrive whole is sent again
		sent, there, err := s.Send(t.Context(), db, "night")
		if err != nil || sent != want[0] || there != want[1] {
			t.Errorf("time %d: %d sent, %d there, %v", i, sent, there, err)
		}
	}
	if busy == 0 {
		t.Error("nothing is said of a server that is busy")
	}
	whole := 0
	for id, tags := range tracking.runs {
		if tags["nightshift.sent"] != "whole" {
			continue
		}
		whole++
		wantStatus := map[string]string{"done": "FINISHED", "diverged": "FAILED"}[tags["nightshift.status"]]
		if tracking.status[id] != wantStatus || tracking.metrics[id] != 4 || tracking.params[id]["seed.init"] != "7" {
			t.Errorf("run %s: %s, %d values, %v", id, tracking.status[id], tracking.metrics[id], tracking.params[id])
		}
	}
	if whole != 2 {
		t.Errorf("%d whole runs", whole)
	}
	for _, bad := range []string{"", "127.0.0.1:5000", "ftp://x", "http://"} {
		if _, err := NewMLflowServer(bad, nil); err == nil {
			t.Errorf("%q is an address", bad)
		}
	}
}

// What another attempt does not change is said at once.
func TestMLflowServerGivesUp(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(strings.Split(r.URL.Path, "/")[1])
		w.WriteHeader(status)
		fmt.Fprint(w, "<html>a page for people</html>")
	}))
	defer web.Close()
	db := nightOf(t)
	for address, want := range map[string]string{
		web.URL + "/404": "404 Not Found: no tracking server",
		web.URL + "/401": "401 Unauthorized: set MLFLOW_TRACKING_TOKEN",
		web.URL + "/200": "does not answer as a tracking server",
		strings.Replace(web.URL, "http", "https", 1): "HTTP response to HTTPS client",
	} {
		s, err := NewMLflowServer(address, func(text string) { t.Errorf("tried again: %s", text) })
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Send(t.Context(), db, "night"); err == nil || !strings.Contains(err.Error(), address+": ") ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
