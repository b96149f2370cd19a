package report

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/store"
)

//go:embed pageindex.html
var indexText string

//go:embed indexlive.js
var indexLiveScript string

var indexTemplate = template.Must(template.New("index").Parse(indexText))

// Lesson is a study of the lecture with the numbers of its topics.
type Lesson struct {
	Study  string
	Topics []int
}

// studyCard is a study on the index: what it asks, how its claims came out, and the first of its figures.
type studyCard struct {
	Study, Question, Link, Topics, When string
	Verdicts                            []cardVerdict
	Figure                              template.HTML
}

type cardVerdict struct{ Class, Sign, Words string }

// WriteIndex writes index.html into a folder of reports: a card for each study of the database, those of the lecture in its
// order. What a card shows of results it takes from the page that it leads to.
func WriteIndex(ctx context.Context, db *store.DB, dir string, lecture []Lesson) error {
	studies, err := db.Studies(ctx)
	if err != nil {
		return err
	}
	page, err := index(studies, lecture, func(s store.Study) (studyCard, error) { return newCard(s, dir) }, indexData{})
	if err != nil {
		return err
	}
	return file.Replace(filepath.Join(dir, "index.html"), page)
}

// LiveIndex is the page that leads to the live pages of studies, which lie in folders of their names. Page gives that of a
// study as far as it is made; note is put above. The page looks for what is new by itself.
func LiveIndex(studies []store.Study, lecture []Lesson, page func(study string) []byte, note string) ([]byte, error) {
	return index(studies, lecture, func(s store.Study) (studyCard, error) {
		card := cardOf(s, url.PathEscape(s.Study)+"/")
		card.show(page(s.Study))
		return card, nil
	}, indexData{Note: note, Script: template.JS(indexLiveScript)})
}

// indexData is what pageindex.html shows.
type indexData struct {
	Policy          string
	Style           template.CSS
	Script          template.JS // of a page that is live
	Note            string      // why there may be nothing yet
	Lecture, Others []studyCard
}

// index makes the page of some studies.
func index(studies []store.Study, lecture []Lesson, newCard func(store.Study) (studyCard, error), d indexData) ([]byte, error) {
	d.Policy, d.Style = policy(pageStyle, nil), template.CSS(pageStyle)
	if d.Script != "" {
		d.Policy = policy(pageStyle, []template.JS{d.Script}) + liveRules
	}
	for _, l := range lecture {
		if at := slices.IndexFunc(studies, func(s store.Study) bool { return s.Study == l.Study }); at >= 0 {
			card, err := newCard(studies[at])
			if err != nil {
				return nil, err
			}
			card.Topics = topicWords(l.Topics)
			d.Lecture = append(d.Lecture, card)
		}
	}
	for _, s := range studies {
		if !slices.ContainsFunc(lecture, func(l Lesson) bool { return l.Study == s.Study }) {
			card, err := newCard(s)
			if err != nil {
				return nil, err
			}
			d.Others = append(d.Others, card)
		}
	}
	var b bytes.Buffer
	if err := indexTemplate.Execute(&b, d); err != nil {
		return nil, err
	}
	return isolated(b.Bytes()), nil
}

func topicWords(topics []int) string {
	var numbers []string
	for _, n := range topics {
		numbers = append(numbers, strconv.Itoa(n))
	}
	if len(numbers) == 1 {
		return "topic " + numbers[0]
	}
	return "topics " + strings.Join(numbers, ", ")
}

// newCard reads the page of a study in the folder dir; one that has none yet says so.
func newCard(s store.Study, dir string) (studyCard, error) {
	card := cardOf(s, s.Study+"/index.html")
	path := filepath.Join(dir, s.Study, "index.html")
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return card, nil // a pipe or a device is written to only
	}
	page, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		card.When += "; no page yet: nightshift report " + s.Study
		return card, nil
	}
	if err != nil {
		return card, err
	}
	card.show(page)
	return card, nil
}

func cardOf(s store.Study, link string) studyCard {
	return studyCard{Study: s.Study, Question: headingOf(cmp.Or(s.Question, s.Study)), Link: link,
		When: "planned last on " + s.At.UTC().Format(time.DateOnly)}
}

// show takes verdicts and a figure from the page of the study.
func (card *studyCard) show(page []byte) {
	for _, o := range outcomeSigns {
		if n := bytes.Count(page, []byte(`<span class="verdict `+o.class+`">`)); n > 0 {
			card.Verdicts = append(card.Verdicts, cardVerdict{o.class, o.sign, fmt.Sprintf("%d %s", n, o.outcome)})
		}
	}
	card.Figure = firstFigure(page)
}

// mostOfCard is how large the drawing on a card may be.
const mostOfCard = 100_000

var drawing = regexp.MustCompile(`(?s)<svg [^>]*class="panel".*?</svg>`)

// firstFigure is the first drawing of a page that is made for a narrow column and is not too large.
func firstFigure(page []byte) template.HTML {
	for _, figure := range bytes.Split(page, []byte("<figure "))[1:] {
		if _, phone, ok := bytes.Cut(figure, []byte(`<div class="phone">`)); ok {
			figure = phone
		}
		if svg := drawing.Find(figure); svg != nil && len(svg) <= mostOfCard {
			return template.HTML(bytes.Replace(svg, []byte(` tabindex="0"`), nil, 1))
		}
	}
	return ""
}
