package publish

import "context"

// stepKey is the key under which a context holds who is told of steps.
type stepKey struct{}

// WithSteps returns a context in which publishing tells f of each step before it is
// taken, by name: a build can then be stopped at each of them, not at a moment of chance.
// f may be called by several goroutines at once.
func WithSteps(ctx context.Context, f func(step string)) context.Context {
	return context.WithValue(ctx, stepKey{}, f)
}

// The steps of publishing, in order.
const (
	stepClean   = "clean"   // remove what killed builds left
	stepRead    = "read"    // read the published tree
	stepTarget  = "target"  // open the spare, or make a folder to stage in
	stepClaim   = "claim"   // mark that folder as ours
	stepShape   = "shape"   // make the new tree's folders, remove what it has no place for
	stepFile    = "file"    // put a file into it
	stepMark    = "mark"    // mark it as whole
	stepFlush   = "flush"   // flush it to the disk
	stepCopy    = "copy"    // copy it to the spare
	stepSwap    = "swap"    // give it the name of the published one
	stepAside   = "aside"   // where two names cannot be exchanged: between the two renames
	stepOutlast = "outlast" // flush the names
	stepRemove  = "remove"  // remove the old tree
	stepEnd     = "end"     // go
)

// step tells who wants to know of a step to be taken.
func step(ctx context.Context, name string) {
	if f, ok := ctx.Value(stepKey{}).(func(string)); ok {
		f(name)
	}
}
