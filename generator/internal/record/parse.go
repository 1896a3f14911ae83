package record

import "vigie/generator/internal/diag"

func ParseTOML(src *diag.Source, from, to int) (*Table, diag.List) { return nil, nil }
func ParseYAML(src *diag.Source, from, to int) (*Table, diag.List) { return nil, nil }
func decode(v Value, dst any, opts DecodeOptions) diag.List { return nil }
