package sitefuzz

// chance makes choices from the bytes of a fuzzer, so that a changed byte changes one
// choice. Where the bytes are used up every choice is the first, which is the plainest:
// what the fuzzer makes shorter is a smaller site.
type chance struct {
	bytes []byte
}

// below returns a number from 0 to n-1.
func (c *chance) below(n int) int {
	if n <= 1 || len(c.bytes) == 0 {
		return 0
	}
	b := c.bytes[0]
	c.bytes = c.bytes[1:]
	return int(b) % n
}

// oneIn reports whether a thing happens that does so once in n times. It does not where
// no bytes are left.
func (c *chance) oneIn(n int) bool { return c.below(n) == n-1 && n > 1 }

// of returns one of several texts.
func (c *chance) of(list ...string) string { return list[c.below(len(list))] }
