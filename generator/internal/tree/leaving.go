package tree

import (
	"regexp"
	"slices"
	"strings"
)

// leavingNames are files and folders that systems and tools make, in lower case.
var leavingNames = []string{
	"4913",                                                                                                                               // by which Vim tries whether it may write
	"thumbs.db", "thumbs.db:encryptable", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin", "system volume information", // Windows
	"icon\r", "__macosx", // macOS, and archives made on it
	"node_modules", "__pycache__", // what was installed or compiled, never written
}

// leavingEndings end the names of copies and of files half written, in lower case.
var leavingEndings = []string{
	"~",                                      // Emacs, Kate, gedit, Vim
	".bak", ".orig", ".rej", ".tmp", ".temp", // editors, patch, git
	".swp", ".swo", ".swn", ".swx", // Vim
	".save", ".kate-swp", // nano, Kate
	"___jb_tmp___", "___jb_old___", // JetBrains
	".part", ".crdownload", ".download", // browsers
}

// IsLeaving tells by its name, without folders, that a file or folder is what an editor,
// a desktop or a version control leaves behind: nobody means it for a site.
func IsLeaving(name string) bool {
	folded := strings.ToLower(name)
	if slices.Contains(leavingNames, folded) {
		return true
	}
	if strings.HasPrefix(name, "~$") || strings.HasPrefix(name, ".~lock.") || // office suites' locks
		strings.HasPrefix(name, ".#") || len(name) > 2 && strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") { // Emacs
		return true
	}
	return slices.ContainsFunc(leavingEndings, func(ending string) bool { return strings.HasSuffix(folded, ending) })
}

// IsHidden tells by its name, without folders, that a file or folder is hidden: its name
// starts with a dot. The folder .well-known (RFC 8615) is not.
func IsHidden(name string) bool {
	return strings.HasPrefix(name, ".") && name != "." && name != ".well-known"
}

// conflicts match the names that programs give to the second of two copies of a file
// that were changed at once. They look like other files of their kind.
var conflicts = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\([^()]*(?:conflicted copy|copie en conflit|copia en conflicto|case conflict|in konflikt stehende kopie|sfconflict)[^()]*\)`), // Dropbox, Nextcloud, Seafile
	regexp.MustCompile(`\.sync-conflict-\d{8}-\d{6}`),             // Syncthing
	regexp.MustCompile(`_conflict-\d{8}-\d{6}`),                   // ownCloud
	regexp.MustCompile(`_(?:BACKUP|BASE|LOCAL|REMOTE)_\d+\.\w+$`), // git mergetool
}

// IsConflict tells by its name, without folders, that a file is the second of two copies
// that were changed at once, which a program put aside for its author to look at.
func IsConflict(name string) bool {
	return slices.ContainsFunc(conflicts, func(r *regexp.Regexp) bool { return r.MatchString(Name(name)) })
}
