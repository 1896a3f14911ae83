// Package days holds the repository's own site against the calendar: what it says moves
// with the clock, and no day to come may find a page that is wrong. It has tests alone.
package days
