// Package conformance proves that the browser's engine answers as Go's does: it runs
// the TypeScript of search/browser over the files of search/shard, in QuickJS
// ([Twin]) and in Chromium ([Tab]), and compares hits, order, scores and facets with
// those of search/engine, whose scores are bleve's. It is for tests only.
package conformance

import (
	"encoding/json"
	"errors"
	"time"

	"modernc.org/quickjs"
)

// inQuickJS is the driver of the twin. Files cross as strings of one character for
// each byte.
const inQuickJS = `
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
	let engine, answer;
	globalThis.openIndex = (manifest) => {
		try {
			engine = Engine.open(bytes(manifest), load);
			return "{}";
		} catch (e) {
			return JSON.stringify({ error: failure(e) });
		}
	};
	globalThis.ask = (query, limit, offset) => {
		answer = "";
		reply(engine.search(query, { limit, offset })).then((r) => (answer = JSON.stringify(r)));
	};
	globalThis.getAnswer = () => answer;
`

// Script returns the engine and the twin's driver, bundled from the folder of the
// sources.
func Script(folder string) (string, error) { return script(folder, inQuickJS) }

// Twin is the browser's engine in QuickJS. It is for one goroutine.
type Twin struct {
	vm *quickjs.VM
	// Read returns a file by the path the engine asks for; false if there is none.
	Read func(path string) ([]byte, bool)
	// Requests are the paths asked for since the engine was opened.
	Requests []string
}

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
	var r Reply
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return Answer{}, err
	}
	return r.Answer, r.Err
}
