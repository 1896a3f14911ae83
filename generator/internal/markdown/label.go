package markdown

import "fmt"

// englishLabels are the interface's texts where the caller brings none.
var englishLabels = map[string]string{
	"callout.note":      "Note",
	"callout.tip":       "Tip",
	"callout.important": "Important",
	"callout.warning":   "Warning",
	"callout.caution":   "Caution",
	"callout.abstract":  "Summary",
	"callout.info":      "Information",
	"callout.todo":      "To do",
	"callout.success":   "Success",
	"callout.question":  "Question",
	"callout.failure":   "Failure",
	"callout.danger":    "Danger",
	"callout.error":     "Error",
	"callout.bug":       "Bug",
	"callout.example":   "Example",
	"callout.quote":     "Quotation",
	"footnotes":         "Notes",
	"footnote.back":     "Back to reference %d",
	"citation":          "Source %d",
	"table.scroll":      "Table",
	"code.scroll":       "Code",
	"anchor":            "Link to the section “%s”",
	"task.done":         "Done",
	"task.open":         "To do",
}

// englishLabel is what Options.Label stands for when it is nil.
func englishLabel(key string, args ...any) string {
	return fmt.Sprintf(englishLabels[key], args...)
}
