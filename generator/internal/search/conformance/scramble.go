package conformance

import (
	"encoding/json"
	"fmt"
	"testing"
)

// scrambling is the part of a tab's driver that changes files behind their checksums
// (see FORMAT.md in search/shard), so that decoders meet bytes that no writer made.
const scrambling = `
	const table = Uint32Array.from({ length: 256 }, (_, n) => {
		for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
		return n;
	});
	const crc = (bytes) => ~bytes.reduce((sum, b) => table[(sum ^ b) & 255] ^ (sum >>> 8), ~0) >>> 0;
	const isText = (name) => name.endsWith(".txt");
	const seal = (data, name) => {
		if (!isText(name)) return new DataView(data.buffer).setUint32(0, crc(data.subarray(4)));
		data.set(new TextEncoder().encode(crc(data.subarray(8)).toString(16).padStart(8, "0")));
	};
	const files = new Map();
	let manifestName;
	globalThis.keepFiles = async (manifest, queries) => {
		const base = new URL(manifest, location.href);
		manifestName = base.pathname.split("/").pop();
		files.set(manifestName, await fetchBytes(base));
		const needs = { [manifestName]: queries.slice(0, 2) };
		for (const query of queries) {
			const engine = Engine.open(files.get(manifestName), async (path) => {
				if (!files.has(path)) files.set(path, await fetchBytes(new URL(path, base)));
				const list = (needs[path] ??= []);
				if (list.length < 2 && !list.includes(query)) list.push(query);
				return files.get(path).slice();
			});
			await engine.search(query, { limit: 3 });
		}
		return needs;
	};
	globalThis.scramble = async ({ file, queries, at, patch, cut, places }) => {
		const faults = [];
		const healthy = files.get(file);
		const header = isText(file) ? 8 : 16;
		for (let place = 0; place < places; place++) {
			let data = healthy.slice();
			const from = header + ((at + place) % (data.length - header));
			data.set(patch.slice(0, data.length - from), from);
			data = data.slice(0, Math.max(header, data.length - cut));
			seal(data, file);
			const read = (path) => (path === file ? data : files.get(path)?.slice());
			try {
				const engine = Engine.open(read(manifestName), async (path) => {
					const found = read(path);
					if (!found) throw new Error("status 404");
					return found;
				});
				for (const query of queries) await engine.search(query, { limit: 3 });
			} catch (e) {
				if (!(e instanceof IndexError)) faults.push(file + ", [" + patch + "] at " + from + ", cut by " + cut + ": " + e + " " + e.stack);
			}
		}
		return faults;
	};
`

// Scrambled is how a file is changed.
type Scrambled struct {
	File    string   `json:"file"`
	Queries []string `json:"queries"` // that need the file
	At      uint32   `json:"at"`      // where the patch is put, after the header; beyond the end counts from the start
	Patch   []int    `json:"patch"`   // bytes
	Cut     uint16   `json:"cut"`     // bytes off the end
	Places  int      `json:"places"`  // successive places to try the patch at
}

// Keep loads the files that the queries need, and returns up to two queries for each
// file, the manifest among them.
func (tab *Tab) Keep(t testing.TB, manifest string, queries []string) (needs map[string][]string) {
	t.Helper()
	list, err := json.Marshal(queries)
	if err != nil {
		t.Fatal(err)
	}
	tab.page.Eval(t, fmt.Sprintf("keepFiles(%q, %s)", manifest, list), &needs)
	return needs
}

// Scramble asks the queries of a file that is changed in the ways of s, one after the
// other, and returns what fails with anything but an error of the index. The files
// are those of [Tab.Keep].
func (tab *Tab) Scramble(t testing.TB, s Scrambled) (faults []string) {
	t.Helper()
	change, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	tab.page.Eval(t, fmt.Sprintf("scramble(%s)", change), &faults)
	return faults
}
