package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"nightshift/internal/retry"
	"nightshift/internal/store"
)

// MLflowServer sends runs to a tracking server by its REST interface (mlflow.org/docs/latest/rest-api.html).
type MLflowServer struct {
	URL    string
	Client *http.Client
	Wait   func(context.Context, time.Duration) error // between attempts
	Say    func(text string)                          // why and when a call is made again, in a line
}

// NewMLflowServer is the server at an address, which says what it waits for. As MLflow's own client does, it goes by
// MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.
func NewMLflowServer(address string, say func(text string)) (*MLflowServer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a server, such as http://127.0.0.1:5000", address)
	}
	const timeout = time.Minute
	return &MLflowServer{strings.TrimSuffix(address, "/"), &http.Client{Timeout: timeout}, retry.Wait, say}, nil
}

// The most that a server takes in one call of log-batch.
const (
	batchMetrics = 900 // with params and tags at most 1000
	batchParams  = 100
	batchTags    = 100
	longestParam = 6000 // characters
)

// Send makes the study an experiment and sends the runs that are not there. It gives how many were sent, and how many were there.
func (s *MLflowServer) Send(ctx context.Context, db *store.DB, study string) (sent, there int, err error) {
	experiment, err := s.experiment(ctx, study)
	if err != nil {
		return 0, 0, err
	}
	known, err := s.runs(ctx, experiment)
	if err != nil {
		return 0, 0, err
	}
	err = mlflowRuns(ctx, db, study, func(r mlflowRun) error {
		if known[r.tags["nightshift.run_id"]] {
			there++
			return nil
		}
		if err := s.send(ctx, experiment, r); err != nil {
			return err
		}
		sent++
		return nil
	})
	return sent, there, err
}

// experiment makes the experiment of a name, or finds it.
func (s *MLflowServer) experiment(ctx context.Context, name string) (string, error) {
	var made struct {
		ID string `json:"experiment_id"`
	}
	err := s.call(ctx, "POST", "experiments/create", map[string]any{"name": name}, &made)
	var refused mlflowError
	if !errors.As(err, &refused) || refused.Code != "RESOURCE_ALREADY_EXISTS" {
		return made.ID, err
	}
	var found struct {
		Experiment struct {
			ID string `json:"experiment_id"`
		} `json:"experiment"`
	}
	err = s.call(ctx, "GET", "experiments/get-by-name?experiment_name="+url.QueryEscape(name), nil, &found)
	return found.Experiment.ID, err
}

// runs are the identities of those that were sent before, and arrived whole.
func (s *MLflowServer) runs(ctx context.Context, experiment string) (map[string]bool, error) {
	known := map[string]bool{}
	token := ""
	for {
		var page struct {
			Runs []struct {
				Data struct {
					Tags []struct{ Key, Value string } `json:"tags"`
				} `json:"data"`
			} `json:"runs"`
			Next string `json:"next_page_token"`
		}
		ask := map[string]any{"experiment_ids": []string{experiment}, "max_results": 1000, "filter": "tags.`nightshift.sent` = 'whole'"}
		if token != "" {
			ask["page_token"] = token
		}
		if err := s.call(ctx, "POST", "runs/search", ask, &page); err != nil {
			return nil, err
		}
		for _, r := range page.Runs {
			for _, t := range r.Data.Tags {
				if t.Key == "nightshift.run_id" {
					known[t.Value] = true
				}
			}
		}
		if token = page.Next; token == "" {
			return known, nil
		}
	}
}

type keyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func keyValues(m map[string]string) []keyValue {
	list := []keyValue{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if len(m[k]) <= longestParam {
			list = append(list, keyValue{k, m[k]})
		}
	}
	return list
}

// send sends one run in batches. Its last tag says that it is whole: one that was interrupted is sent anew.
func (s *MLflowServer) send(ctx context.Context, experiment string, r mlflowRun) error {
	var made struct {
		Run struct {
			Info struct {
				ID string `json:"run_id"`
			} `json:"info"`
		} `json:"run"`
	}
	err := s.call(ctx, "POST", "runs/create", map[string]any{"experiment_id": experiment, "run_name": r.name, "start_time": r.began},
		&made)
	if err != nil {
		return err
	}
	id := made.Run.Info.ID
	params, tags, metrics := keyValues(r.params), keyValues(r.tags), r.metrics
	for len(params)+len(tags)+len(metrics) > 0 {
		np, nt, nm := min(len(params), batchParams), min(len(tags), batchTags), min(len(metrics), batchMetrics-batchParams)
		batch := map[string]any{"run_id": id, "params": params[:np], "tags": tags[:nt], "metrics": metrics[:nm]}
		if err := s.call(ctx, "POST", "runs/log-batch", batch, nil); err != nil {
			return err
		}
		params, tags, metrics = params[np:], tags[nt:], metrics[nm:]
	}
	end := map[string]any{"run_id": id, "status": r.status}
	if r.ended > 0 {
		end["end_time"] = r.ended
	}
	if err := s.call(ctx, "POST", "runs/update", end, nil); err != nil {
		return err
	}
	return s.call(ctx, "POST", "runs/set-tag", map[string]any{"run_id": id, "key": "nightshift.sent", "value": "whole"}, nil)
}

// mlflowError is what a server says of a call that it does not take.
type mlflowError struct {
	Code    string `json:"error_code"`
	Message string `json:"message"`
	status  int
}

func (e mlflowError) Error() string {
	text := strings.TrimSpace(fmt.Sprintf("the server says %d %s", e.status, http.StatusText(e.status)))
	switch {
	case e.Code != "":
		return fmt.Sprintf("%s: %s %s", text, e.Code, e.Message)
	case e.status == http.StatusUnauthorized, e.status == http.StatusForbidden:
		return text + ": set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
	case e.status == http.StatusNotFound:
		return text + ": no tracking server answers there; the address ends before /api"
	}
	return text
}

// attempts is how often a call is made to a server that is busy or not to be reached.
const attempts = 5

// call makes one, again after a while where that may help.
func (s *MLflowServer) call(ctx context.Context, method, path string, ask, answer any) error {
	again := func(err error, next string) { s.Say(fmt.Sprintf("%v; %s", err, next)) }
	return retry.Attempts{Most: attempts, Wait: s.Wait, Say: again}.Do(ctx, func() (retry.Outcome, error) {
		outcome, err := s.once(ctx, method, path, ask, answer)
		if err != nil {
			err = fmt.Errorf("%s: %w", s.URL, err)
		}
		return outcome, err
	})
}

// once makes one attempt at a call.
func (s *MLflowServer) once(ctx context.Context, method, path string, ask, answer any) (retry.Outcome, error) {
	var body io.Reader
	if ask != nil {
		text, err := json.Marshal(ask)
		if err != nil {
			return retry.Final, err
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.URL+"/api/2.0/mlflow/"+path, body)
	if err != nil {
		return retry.Final, err
	}
	request.Header.Set("Content-Type", "application/json")
	if token := os.Getenv("MLFLOW_TRACKING_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	} else if user := os.Getenv("MLFLOW_TRACKING_USERNAME"); user != "" {
		request.SetBasicAuth(user, os.Getenv("MLFLOW_TRACKING_PASSWORD"))
	}
	response, err := s.Client.Do(request)
	if err != nil {
		return againIf(ctx.Err() == nil && retry.MayHelp(err)), retry.Cause(err)
	}
	defer response.Body.Close()
	const most = 64 << 20
	text, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return againIf(ctx.Err() == nil), err
	}
	if response.StatusCode != http.StatusOK {
		refused := mlflowError{status: response.StatusCode}
		if json.Unmarshal(text, &refused) != nil {
			refused.Code = "" // a page for people, of something that stands before the server or instead of it
		}
		return againIf(response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500), refused
	}
	if answer == nil {
		return retry.Final, nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return retry.Final, fmt.Errorf("it does not answer as a tracking server: %w", err)
	}
	return retry.Final, nil
}

func againIf(itMayHelp bool) retry.Outcome {
	if itMayHelp {
		return retry.Again
	}
	return retry.Final
}
