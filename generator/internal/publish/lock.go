package publish

import (
	"context"
	"errors"
	"time"
)

// lockWait is how long a build waits for another one to finish writing.
const lockWait = 10 * time.Second

// errNoLock says that the system or the file system has no lock that ends with
// its process.
var errNoLock = errors.New("no lock")

// lock keeps other builds from writing beside parent until unlock is called or
// the process ends. It returns ErrBusy when it had to wait for longer than wait,
// and errNoLock where there are no locks.
func lock(ctx context.Context, parent string, wait time.Duration) (unlock func(), err error) {
	deadline := time.Now().Add(wait)
	for {
		unlock, err := tryLock(parent)
		if !errors.Is(err, ErrBusy) || time.Now().After(deadline) {
			return unlock, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
