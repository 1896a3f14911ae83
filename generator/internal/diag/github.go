package diag

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// writeGitHub writes a diagnostic as a workflow command of GitHub Actions, which shows
// it at its line of a pull request:
//
//	::warning file=content/x.md,line=12,col=5,title=orphan-page::page is …
//
// The form is that of actions/toolkit, packages/core/src/command.ts. base is put before
// the file's name.
func writeGitHub(b *bytes.Buffer, d Diagnostic, base string) {
	b.WriteString("::" + d.Severity.String())
	separator := " "
	property := func(name, value string) {
		b.WriteString(separator + name + "=" + escapeProperty(harmless(value)))
		separator = ","
	}
	file := func(name string) string { return path.Join(base, name) }
	if d.File != "" {
		property("file", file(d.File))
	}
	if d.Line > 0 {
		property("line", fmt.Sprint(d.Line))
	}
	if d.Line > 0 && d.Col > 0 {
		property("col", fmt.Sprint(d.Col))
		if d.Length > 0 {
			property("endColumn", fmt.Sprint(d.Col+d.Length))
		}
	}
	if d.Rule != "" {
		property("title", d.Rule)
	}
	message := harmless(d.Message)
	if d.Suggestion != "" {
		message += " (" + harmless(d.Suggestion) + ")"
	}
	for _, n := range d.Notes {
		n.File = file(n.File)
		message += "\n" + harmless(n.Position.String()) + ": note: " + harmless(n.Message)
	}
	b.WriteString("::" + escapeData(message) + "\n")
}

// escapeData escapes what would end a command.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// escapeProperty escapes what would end a command's property.
func escapeProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
