// Package conformance proves that the browser's engine answers as Go's does: it runs
// the TypeScript of search/browser in QuickJS over the files of search/shard, and
// compares hits, order and scores with those of search/engine, whose scores are
// bleve's. It is for tests only.
package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/evanw/esbuild/pkg/api"
	"modernc.org/quickjs"
)

// driver is what the twin runs beside the engine. Files cross as strings of one
// character for each byte.
const driver = `
	import { Engine, IndexError } from "./engine";
	const bytes = (s) => {
		const b = new Uint8Array(s.length);
		for (let i = 0; i < s.length; i++) b[i] = s.charCodeAt(i);
		return b;
	};
	const load = async (path) => {
		const file = readFile(path);
		if (file === null) throw new Error("status 404");
		return bytes(file);
	};
	const failure = (e) => ({ kind: e instanceof IndexError ? e.kind : "other", message: String(e), stack: e.stack });
	let engine, answer;
	globalThis.openIndex = (manifest) => {
		try {
			engine = Engine.open(bytes(manifest), load);
			return "";
		} catch (e) {
			return JSON.stringify({ error: failure(e) });
		}
	};
	globalThis.ask = (query, limit, offset) => {
		answer = "";
		engine.search(query, { limit, offset }).then(
			(result) => (answer = JSON.stringify({ result })),
			(e) => (answer = JSON.stringify({ error: failure(e) })),
		);
	};
	globalThis.getAnswer = () => answer;
`

// Script returns the engine and its driver, bundled from the folder of the sources.
func Script(folder string) (string, error) {
	result := api.Build(api.BuildOptions{
		Stdin:       &api.StdinOptions{Contents: driver, ResolveDir: folder},
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

// Twin is the browser's engine in QuickJS. It is for one goroutine.
type Twin struct {
	vm *quickjs.VM
	// Read returns a file by the path the engine asks for; false if there is none.
	Read func(path string) ([]byte, bool)
	// Requests are the paths asked for since the engine was opened.
	Requests []string
}

// Answer is what the engine returns for a query.
type Answer struct {
	Query      string   `json:"query"`
	Total      int      `json:"total"`
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

// NewTwin starts a twin. Each call into it ends after timeout.
func NewTwin(script string, timeout time.Duration) (*Twin, error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	t := &Twin{vm: vm}
	vm.SetMemoryLimit(1 << 30)
	err = errors.Join(
		vm.SetEvalTimeout(timeout),
		vm.RegisterHostFunc("readFile", func(args []any) (any, error) {
			path, _ := args[0].(string)
			t.Requests = append(t.Requests, path)
			data, ok := t.Read(path)
			if !ok {
				return nil, nil
			}
			return wide(data), nil
		}),
	)
	if err == nil {
		_, err = vm.Eval(script, quickjs.EvalGlobal)
	}
	if err != nil {
		return nil, errors.Join(err, vm.Close())
	}
	return t, nil
}

// wide writes each byte as a character.
func wide(data []byte) string {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes)
}

// Close frees the twin.
func (t *Twin) Close() error { return t.vm.Close() }

// Open opens an index by its manifest. The error is a [*Failure] if it is the
// engine's.
func (t *Twin) Open(manifest []byte) error {
	t.Requests = nil
	out, err := t.vm.Call("openIndex", wide(manifest))
	if err != nil {
		return err
	}
	_, err = read(out)
	return err
}

// Search answers a query. The error is a [*Failure] if it is the engine's.
func (t *Twin) Search(query string, limit, offset int) (Answer, error) {
	if _, err := t.vm.Call("ask", query, limit, offset); err != nil {
		return Answer{}, err
	}
	for {
		n, err := t.vm.ExecutePendingJobs()
		if err != nil {
			return Answer{}, err
		}
		if n == 0 {
			break
		}
	}
	out, err := t.vm.Call("getAnswer")
	if err != nil {
		return Answer{}, err
	}
	if out == "" {
		return Answer{}, errors.New("search waits for ever")
	}
	return read(out)
}

func read(out any) (Answer, error) {
	text, _ := out.(string)
	if text == "" {
		return Answer{}, nil
	}
	var v struct {
		Result Answer   `json:"result"`
		Error  *Failure `json:"error"`
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return Answer{}, err
	}
	if v.Error != nil {
		return Answer{}, v.Error
	}
	return v.Result, nil
}
