// Package vigie embeds the default theme: the layouts and static files that a site
// uses where it has none of its own.
package vigie

import "embed"

// Theme holds layouts/ and static/.
//
//go:embed layouts static
var Theme embed.FS
