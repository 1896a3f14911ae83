package publish_test

import (
	"errors"
	"maps"
	"path/filepath"
	"testing"

	"vigie/generator/internal/publish"
)

// TestUpdateWhen adds files to a set while it is published: all of them are, or, where the
// set is not completed, none.
func TestUpdateWhen(t *testing.T) {
	errUnfit := errors.New("not to be published")
	before := map[string]string{"a/x": "x", "b": "b1", "late/y": "y", "late/gone": "g"}
	for _, test := range []struct {
		name        string
		kept, early map[string]string
		late        map[string]string
		err         error // of complete
		missing     bool
		want        publish.Report
	}{
		{name: "all the same", kept: map[string]string{"a/x": "x"}, early: map[string]string{"a/x": "x", "b": "b1"},
			late: map[string]string{"late/y": "y", "late/gone": "g"}, want: publish.Report{Unchanged: 4}},
		{name: "early", early: map[string]string{"a/x": "x", "b": "b2"}, late: map[string]string{"late/y": "y", "late/gone": "g"}, want: publish.Report{Written: 1, Unchanged: 3}},
		{name: "late", early: map[string]string{"a/x": "x", "b": "b1"}, late: map[string]string{"late/y": "y2", "late/new/z": "z"}, want: publish.Report{Written: 2, Unchanged: 2, Removed: 1}},
		{name: "both", kept: map[string]string{"a/x": "x"}, early: map[string]string{"a/x": "x", "b": "b2", "c": "c"},
			late: map[string]string{"late/y": "y2"}, want: publish.Report{Written: 3, Unchanged: 1, Removed: 1}},
		{name: "unfit, the same", early: map[string]string{"a/x": "x", "b": "b1"}, err: errUnfit},
		{name: "unfit, early", early: map[string]string{"a/x": "x", "b": "b2"}, late: map[string]string{"late/y": "y2"}, err: errUnfit},
		{name: "missing early", kept: map[string]string{"a/x": "other"}, early: map[string]string{"a/x": "other", "b": "b2"}, missing: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "public")
			state := update(t, dir, keeping(t, nil, before), nil, publish.Report{Written: 4})
			run := func() (publish.Report, *publish.State, error) {
				look := publish.Ahead(t.Context(), dir, func() *publish.State { return state })
				defer look.Close()
				set := keeping(t, test.kept, test.early)
				return look.UpdateWhen(t.Context(), set, func() error {
					if got := read(t, dir); !maps.Equal(got, before) {
						t.Errorf("before the set is complete, public holds %q", got)
					}
					for p, text := range test.late {
						must(t, set.Add(p, []byte(text), "test"))
					}
					return test.err
				})
			}
			report, now, err := run()
			_, missing := errors.AsType[*publish.MissingError](err)
			if test.err != nil || test.missing {
				if err == nil || test.err != nil && !errors.Is(err, test.err) || missing != test.missing {
					t.Errorf("UpdateWhen = %v", err)
				}
				if got := read(t, dir); !maps.Equal(got, before) {
					t.Errorf("public holds %q, want %q", got, before)
				}
				// What was begun is in nobody's way.
				test.err, test.missing, test.kept = nil, false, nil
				if report, now, err = run(); err != nil {
					t.Fatal(err)
				}
				test.want = report
			}
			want := maps.Clone(test.early)
			maps.Copy(want, test.late)
			if err != nil || report != test.want {
				t.Errorf("UpdateWhen = %+v, %v; want %+v", report, err, test.want)
			}
			if got := read(t, dir); !maps.Equal(got, want) {
				t.Errorf("public holds %q, want %q", got, want)
			}
			update(t, dir, keeping(t, want, want), now, publish.Report{Unchanged: len(want)})
		})
	}
}
