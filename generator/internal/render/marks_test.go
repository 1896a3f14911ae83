package render

import (
	"testing"

	"vigie/generator/internal/diag"
)

// TestMarkElement marks elements as themes may write them.
func TestMarkElement(t *testing.T) {
	problem := diag.Errorf(diag.Position{File: "x.md", Line: 1, Col: 2}, "rule", "fact has <no> source")
	id := MarkID(problem)
	note := `<span class="vigie-note" data-vigie-problem="` + id + `" role="button" tabindex="0" lang="en">fact has &lt;no&gt; source</span>`
	for _, test := range []struct{ page, want string }{
		{`<p id="a">x</p>`, `<p id="a" data-vigie-problem="` + id + `">` + note + `x</p>`},
		{`<li class='b' id='a'>x`, `<li class='b' id='a' data-vigie-problem="` + id + `">` + note + `x`},
		{`<li id=a class=b>x`, `<li id=a class=b data-vigie-problem="` + id + `">` + note + `x`},
		{`<p title="1 > 0" id="a">x`, `<p title="1 > 0" id="a" data-vigie-problem="` + id + `">` + note + `x`},
		{`<tr id="a"><td>x`, `<tr id="a" data-vigie-problem="` + id + `"><td>x`}, // a row has cells alone
		{`<p id="ab">x</p><p data-id="a">a</p>`, `<p id="ab">x</p><p data-id="a">a</p>`},
		{`<p title=' id="a"'>x</p>`, `<p title=' id="a"'>x</p>`},
	} {
		if got := string(markElement([]byte(test.page), "a", diag.List{problem})); got != test.want {
			t.Errorf("%s\nbecomes %s\nwant    %s", test.page, got, test.want)
		}
	}
	if got := string(markElement([]byte(`<p id="a">`), "a", nil)); got != `<p id="a">` {
		t.Errorf("without a problem: %s", got)
	}
}
