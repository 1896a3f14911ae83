package days

import (
	"testing"

	"vigie/generator/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }
