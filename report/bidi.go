package report

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// verbatim are the elements whose text stays as it is: it is copied, or holds no other element.
var verbatim = []string{"script", "style", "svg", "pre", "title", "option", "textarea"}

// isolated puts words that are written from right to left into elements of their own, so that the numbers behind a name in
// Arabic or Hebrew stay behind it.
func isolated(page []byte) []byte {
	if !bytes.ContainsFunc(page, rightToLeft) {
		return page
	}
	var b bytes.Buffer
	for len(page) > 0 {
		open := bytes.IndexByte(page, '<')
		if open < 0 {
			open = len(page)
		}
		isolateText(&b, page[:open])
		page = page[open:]
		end := tagEnd(page)
		b.Write(page[:end])
		page = page[end:]
	}
	return b.Bytes()
}

// tagEnd is where the tag at the beginning of a page ends, or the whole element where its text stays as it is.
func tagEnd(page []byte) int {
	end := bytes.IndexByte(page, '>') + 1
	if end == 0 {
		return len(page)
	}
	name, _, _ := bytes.Cut(bytes.Trim(page[:end], "<>"), []byte(" "))
	if !slices.Contains(verbatim, string(name)) {
		return end
	}
	if close := bytes.Index(page, []byte("</"+string(name)+">")); close >= 0 {
		return close
	}
	return end
}

// isolateText writes a text with its runs from right to left in elements of their own; what stands between two words of a run
// belongs to it.
func isolateText(b *bytes.Buffer, text []byte) {
	for len(text) > 0 {
		from := bytes.IndexFunc(text, rightToLeft)
		if from < 0 {
			b.Write(text)
			return
		}
		to := from
		for at := from; at < len(text); {
			r, n := utf8.DecodeRune(text[at:])
			at += n
			if rightToLeft(r) || unicode.Is(unicode.Mn, r) {
				to = at
			} else if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '&' || r == ':' {
				break
			}
		}
		b.Write(text[:from])
		b.WriteString("<bdi>")
		b.Write(text[from:to])
		b.WriteString("</bdi>")
		text = text[to:]
	}
}

// rightToLeft says whether a letter is written from right to left.
func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko)
}
