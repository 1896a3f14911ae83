package record

import (
	"time"

	"vigie/generator/internal/diag"
)

// UnknownPolicy says what becomes of a key that the destination does not know.
type UnknownPolicy int

// The answers to an unknown key.
const (
	UnknownError UnknownPolicy = iota
	UnknownWarn
	UnknownIgnore
)

// DecodeOptions adjust decoding. The zero value is the strictest.
type DecodeOptions struct {
	Unknown UnknownPolicy
	// Noun names a key in messages, such as "front matter key"; "key" when empty.
	Noun string
	// Location is where dates without a zone are read into a time.Time; nil for UTC.
	Location *time.Location
}

// Unmarshaler is a type that reads itself from a value. Its error becomes a
// diagnostic that covers the value, or its own diagnostics where it is an [*Error].
type Unmarshaler interface {
	UnmarshalRecord(v Value) error
}

// Error carries diagnostics, with their own places, out of an [Unmarshaler].
type Error struct{ List diag.List }

// NewError returns list as an error, nil when it is empty.
func NewError(list diag.List) error {
	if len(list) == 0 {
		return nil
	}
	return &Error{list}
}

// Error returns the first diagnostic's message.
func (e *Error) Error() string { return e.List[0].Message }

// Field is a decoded value that remembers where it stood.
type Field[T any] struct {
	Value T
	Key   Span // of the key
	Span  Span // of the value
	Set   bool // whether the key was there
}
