package content

import (
	"io"
	"io/fs"

	"vigie/generator/internal/frontmatter"
)

// textReader reads files one after the other. Its buffer is larger than most of them:
// so one call of the system reads a file, one more sees its end, and none asks for its
// size.
type textReader struct {
	files  fs.FS
	buffer []byte
}

func newTextReader(files fs.FS) *textReader {
	return &textReader{files: files, buffer: make([]byte, 64<<10)}
}

// read returns what a file holds, until the next is read, and its size in bytes. One
// that is larger than [frontmatter.MaxSize] has no text, and is not read to its end.
func (r *textReader) read(name string) (text []byte, size int64, err error) {
	f, err := r.files.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	n := 0
	for {
		if n == len(r.buffer) {
			info, err := f.Stat()
			if err != nil {
				return nil, 0, err
			}
			if size := max(info.Size(), int64(n)); size > frontmatter.MaxSize {
				return nil, size, nil
			}
			r.buffer = append(r.buffer, make([]byte, n)...)
		}
		more, err := f.Read(r.buffer[n:])
		n += more
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, 0, err
		}
	}
	return r.buffer[:n], int64(n), nil
}
