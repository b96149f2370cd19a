package runner

import (
	"cmp"
	"fmt"

	"nightshift/internal/store"
)

// sameEpoch is an error where a run that is trained again for its weights does
// not measure what its result says.
func (t *trainee) sameEpoch(now store.Epoch) error {
	if t.oldResult == nil {
		return nil
	}
	n := len(t.result.Epochs)
	if n >= len(t.oldEpochs) || t.oldEpochs[n].Epoch != now.Epoch {
		return t.differs(Difference{now.Epoch, "measurement", "not there", "there"})
	}
	if d := compareEpoch(t.oldEpochs[n], now); d != nil {
		return t.differs(*d)
	}
	return nil
}

// sameResult is sameEpoch for what a run is at its end.
func (t *trainee) sameResult() error {
	if t.oldResult == nil {
		return nil
	}
	then, now := t.oldResult, t.result.Run
	for _, d := range []Difference{
		{now.Epochs, "status", string(then.Status), string(now.Status)},
		{now.Epochs, "last epoch", fmt.Sprint(then.Epochs), fmt.Sprint(now.Epochs)},
		{now.Epochs, "digest of the weights", cmp.Or(then.Digest, now.Digest), now.Digest},
	} {
		if d.Then != d.Now {
			return t.differs(d)
		}
	}
	return nil
}

// differs is the reason of a failure: weights of another result are not mixed
// with the one that there is.
func (t *trainee) differs(d Difference) error {
	return fmt.Errorf("trained again for its weights, the run came to another result (%s; on %s with kernel %s, "+
		"before on %s with kernel %s), so nothing was changed: "+
		"train it in another database (--db) to have weights of this machine",
		d, t.o.Provenance.Host, t.o.Provenance.Kernel, t.oldResult.Host, t.oldResult.Kernel)
}
