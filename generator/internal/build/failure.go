package build

import (
	"slices"

	"vigie/generator/internal/diag"
)

// recovered, deferred, makes of a panic one more diagnostic of what was done: an error, so
// that nothing is published.
func recovered(diags *diag.List) {
	if p := recover(); p != nil {
		*diags = append(slices.Clip(*diags), diag.Recovered(p, "")).Sort()
	}
}

// Failed tells whether the program itself failed: what it holds of a site is then not to be
// trusted any more.
func Failed(diags diag.List) bool {
	return slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == diag.InternalRule })
}
