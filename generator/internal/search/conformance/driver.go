package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/evanw/esbuild/pkg/api"
)

// shared is what the drivers of both machines run over the engine: an answer or
// a failure as a value.
const shared = `
	import { Engine, IndexError } from "./engine";
	const failure = (e) => ({ kind: e instanceof IndexError ? e.kind : "other", message: String(e), stack: e.stack });
	const reply = (work) => work.then((result) => ({ result }), (e) => ({ error: failure(e) }));
`

// script returns the engine with a driver, bundled from the folder of the sources.
func script(folder, driver string) (string, error) {
	result := api.Build(api.BuildOptions{
		Stdin:       &api.StdinOptions{Contents: shared + driver, ResolveDir: folder},
		Bundle:      true,
		Format:      api.FormatIIFE,
		Target:      api.ES2022,
		Charset:     api.CharsetUTF8,
		TsconfigRaw: "{}",
	})
	if len(result.Errors) > 0 {
		return "", fmt.Errorf("esbuild: %s: %v", result.Errors[0].Text, result.Errors[0].Location)
	}
	return string(result.OutputFiles[0].Contents), nil
}

// Question is what an engine is asked.
type Question struct {
	Query  string `json:"query"`
	Limit  int    `json:"limit"`
	Offset int    `json:"offset"`
}

// Reply is an answer, or why there is none: a [*Failure] if the engine says so.
type Reply struct {
	Answer Answer
	Err    error
}

// UnmarshalJSON reads what reply in the driver makes.
func (r *Reply) UnmarshalJSON(data []byte) error {
	var v struct {
		Result Answer   `json:"result"`
		Error  *Failure `json:"error"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	r.Answer = v.Result
	if v.Error != nil {
		r.Err = v.Error
	}
	return nil
}

// Answer is what the engine returns for a query.
type Answer struct {
	Query      string   `json:"query"`
	Total      int      `json:"total"`
	Near       int      `json:"near"`
	Partial    int      `json:"partial"`
	Hits       []Hit    `json:"hits"`
	Kinds      []Facet  `json:"kinds"`
	Years      []Facet  `json:"years"`
	Suggestion string   `json:"suggestion"`
	Ignored    []string `json:"ignored"`
}

// Hit is a document found.
type Hit struct {
	ID        string     `json:"id"`
	URL       string     `json:"url"`
	Title     []Fragment `json:"title"`
	Kind      string     `json:"kind"`
	KindTitle string     `json:"kindTitle"`
	Date      string     `json:"date"`
	Score     float64    `json:"score"`
	Tier      int        `json:"tier"`
	Anchor    string     `json:"anchor"`
	Heading   string     `json:"heading"`
	Excerpt   []Fragment `json:"excerpt"`
}

// Fragment is a piece of a text.
type Fragment struct {
	Text  string `json:"text"`
	Match bool   `json:"match"`
}

// Facet counts hits.
type Facet struct {
	Value string `json:"value"`
	Title string `json:"title"`
	Count int    `json:"count"`
}

// Failure is an error of the engine.
type Failure struct {
	Kind    string `json:"kind"` // of an IndexError, or "other"
	Message string `json:"message"`
	Stack   string `json:"stack"`
}

func (f *Failure) Error() string { return f.Kind + ": " + f.Message + "\n" + f.Stack }
