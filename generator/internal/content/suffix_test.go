package content

import "testing"

func TestLanguageOf(t *testing.T) {
	for suffix, want := range map[string]string{
		"en": "en", "EN": "en", "de": "de", "es": "es", "it": "it", "nl": "nl", "pt": "pt", "ja": "ja", "zh": "zh", "ar": "ar", "br": "br",
		"pt-BR": "pt-br", "pt_BR": "pt-br", "zh-Hant": "zh-hant", "fr-CA": "fr-ca", "De": "de", "ca": "ca", "sv": "sv", "pl-PL": "pl-pl",
		"js": "", "net": "", "io": "", "py": "", "go": "", "ts": "", "rs": "", "sh": "", "tf": "", "vb": "",
		"com": "", "md": "", "org": "", "ai": "", "v2": "", "2": "", "min": "", "tar": "", "bak": "", "draft": "", "rb": "", "c": "", "h": "", "": "", "xx": "", "en-": "",
		"dev": "", "app": "", "eu": "eu", "us": "", "uk": "uk",
	} {
		if got, ok := languageOf(suffix); got != want || ok != (want != "") {
			t.Errorf("languageOf(%q) = %q, %v, want %q", suffix, got, ok, want)
		}
	}
}
