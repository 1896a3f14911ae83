package markdown

import "bytes"

// Limits on what one line may ask of the parser: it follows nesting line by line
// and level by level, and recurses into it. No text written by people comes near.
const (
	maxMarkers = 100 // container markers at the start of one line
	maxIndent  = 400 // columns before the last of them
)

// checkNesting reports the first line that opens more containers than
// maxMarkers, or opens one further right than maxIndent. It reports whether
// parsing is safe.
func (s *survey) checkNesting() bool {
	for start := 0; start < len(s.d.text); {
		line := s.d.text[start:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		if n, end := containerMarkers(line); n > maxMarkers || n > 0 && columns(line[:end]) > maxIndent {
			s.errorf(start, end, "deep-nesting", "lists and quotations nested deeper than %d", maxMarkers).
				suggest("flatten them")
			return false
		}
		start += len(line)
	}
	return true
}

// containerMarkers counts the markers of quotations, list items and definitions
// that line starts with, and returns where the last ends.
func containerMarkers(line []byte) (n, end int) {
	blank := func(i int) bool { return i < len(line) && (line[i] == ' ' || line[i] == '\t') }
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			i++
			continue
		case c == '>':
			i++
		case bytes.IndexByte([]byte("-+*:"), c) >= 0 && blank(i+1):
			i += 2
		case '0' <= c && c <= '9':
			for i < len(line) && '0' <= line[i] && line[i] <= '9' {
				i++
			}
			if i >= len(line) || line[i] != '.' && line[i] != ')' || !blank(i+1) {
				return n, end
			}
			i += 2
		default:
			return n, end
		}
		n, end = n+1, i
	}
	return n, end
}

// columns returns how many columns text covers, its tabs reaching the next multiple of 4.
func columns(text []byte) int {
	n := 0
	for _, c := range text {
		if c == '\t' {
			n += 4 - n%4
		} else {
			n++
		}
	}
	return n
}
