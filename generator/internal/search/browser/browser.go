// Package browser owns search as it runs in a browser: TypeScript that reads the
// index's shards, and the interface over it.
//
// [Source] holds three entry points, for asset.Bundle. [Main] is the small script
// of every page, which opens the search field, and fetches the others then: [App],
// the box that shows answers, and [Worker], the engine with all that is fetched,
// checked and decoded for it, in a thread of its own. Where a browser makes no
// worker of it, the box imports the same file as a module, and the engine works in
// the page. The interface touches the page; the engine, worker.ts and what it
// imports, never does. They share types alone.
//
// What the scripts need to know stands in the page, in the <template
// id="search-template"> of the theme's partials/search-dialog.html: addresses,
// texts and the dialog's elements. They make no markup of data, set no style, and
// work under "default-src 'none'; script-src 'self'; style-src 'self';
// connect-src 'self'".
//
// The package holds the sources only. It bundles, serves and searches nothing.
package browser

import (
	"embed"
	"io/fs"
)

//go:embed src/*.ts
var files embed.FS

// Source is the folder of the scripts: its files are those of src/.
var Source fs.FS = source()

// Entry points in [Source].
const (
	Main   = "main.ts"
	App    = "app.ts"
	Worker = "worker.ts"
)

func source() fs.FS {
	sub, err := fs.Sub(files, "src")
	if err != nil {
		panic(err) // "src" is a valid path
	}
	return sub
}
