package preview

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// editors are the addresses by which editors open a place of a file, by the name of
// their command. %[1]s is the file's path, escaped, %[2]d the line, %[3]d the column.
var editors = map[string]string{
	"code":          "vscode://file%[1]s:%[2]d:%[3]d",
	"code-insiders": "vscode-insiders://file%[1]s:%[2]d:%[3]d",
	"codium":        "vscodium://file%[1]s:%[2]d:%[3]d",
	"cursor":        "cursor://file%[1]s:%[2]d:%[3]d",
	"windsurf":      "windsurf://file%[1]s:%[2]d:%[3]d",
	"zed":           "zed://file%[1]s:%[2]d:%[3]d",
	"subl":          "subl://open?url=file://%[1]s&line=%[2]d&column=%[3]d",
	"mate":          "txmt://open?url=file://%[1]s&line=%[2]d&column=%[3]d",
	"idea":          "idea://open?file=%[1]s&line=%[2]d&column=%[3]d",
	"goland":        "goland://open?file=%[1]s&line=%[2]d&column=%[3]d",
	"webstorm":      "webstorm://open?file=%[1]s&line=%[2]d&column=%[3]d",
	"obsidian":      "obsidian://open?path=%[1]s",
}

// Editor returns what makes addresses that open a place of a file below root in the
// editor with a command, such as "code --wait"; nil for an editor without addresses.
func Editor(command, root string) func(file string, line, column int) string {
	fields := strings.Fields(command)
	if len(fields) == 0 {
		return nil
	}
	pattern, ok := editors[strings.TrimSuffix(strings.ToLower(path.Base(filepath.ToSlash(fields[0]))), ".exe")]
	if !ok {
		return nil
	}
	return func(file string, line, column int) string {
		full := filepath.ToSlash(filepath.Join(root, filepath.FromSlash(file)))
		if !strings.HasPrefix(full, "/") {
			full = "/" + full // a drive letter
		}
		escaped := (&url.URL{Path: full}).EscapedPath()
		if strings.Contains(pattern, "?") {
			escaped = strings.ReplaceAll(url.QueryEscape(full), "%2F", "/")
		}
		if !strings.Contains(pattern, "%[2]d") {
			return fmt.Sprintf(pattern, escaped)
		}
		return fmt.Sprintf(pattern, escaped, max(line, 1), max(column, 1))
	}
}
