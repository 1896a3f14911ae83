package asset_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"

	"vigie/generator/internal/asset"
)

// TestPrivate looks for what nobody sees in the published forms of images: what their
// authors' programs wrote down, what was commented out.
func TestPrivate(t *testing.T) {
	drawing := `<?xml version="1.0"?>
<!-- SECRET one -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" viewBox="0 0 4 4"
   inkscape:export-filename="/home/SECRET/plan.png" sodipodi:docname='SECRET.svg' width="4">
<sodipodi:namedview inkscape:window-width="9"><inkscape:page label="SECRET"/></sodipodi:namedview>
<metadata><rdf:RDF xmlns:rdf="x"><!-- SECRET --><creator>SECRET</creator></rdf:RDF></metadata>
<title>Shown</title><!-- SECRET --><g inkscape:label="SECRET" id="a"><!----><path d="M0 0h4"/></g>
</svg>
<!-- SECRET -->
`
	want := `<?xml version="1.0"?>

<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" viewBox="0 0 4 4" width="4">


<title>Shown</title><g id="a"><path d="M0 0h4"/></g>
</svg>

`
	p, err := asset.Process("plan.svg", []byte(drawing), asset.ImageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.Files[0].Data); got != want {
		t.Errorf("got %s", got)
	}

	var b bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	at := strings.Index(whole, "!\xf9") // before the first picture's control block
	for _, secret := range []string{"!\xfe\x06SECRET\x00", "!\xff\x0bXMP DataXMP\x06SECRET\x00"} {
		p, err := asset.Process("x.gif", []byte(whole[:at]+secret+whole[at:]), asset.ImageOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(p.Files[0].Data); got != whole {
			t.Errorf("%q is published with a difference", secret)
		}
	}
	if !strings.Contains(whole, "NETSCAPE2.0") {
		t.Error("the animation lacks its loop: nothing shows that it is kept")
	}
}
