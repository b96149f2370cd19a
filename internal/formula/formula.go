// Package formula reads numbers that depend on x as a study writes what theory says: 4*x*(1-x)^2.
package formula

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Formula is a number for each x; NaN or infinite where it is not defined.
type Formula func(x float64) float64

// Mistake is what is wrong with a text, and where in it.
type Mistake struct {
	At   int // bytes before it
	Text string
}

func (m *Mistake) Error() string { return m.Text }

// functions are those that a formula can name.
var functions = map[string]func(float64) float64{"sqrt": math.Sqrt, "exp": math.Exp, "log": math.Log}

// deepest is how many brackets and signs can enclose each other.
const deepest = 100

// Parse reads numbers, x, + - * / ^, brackets, and sqrt, exp and log. Its error is a *Mistake.
func Parse(text string) (f Formula, err error) {
	p := parser{text: text}
	f = p.sum()
	if p.space(); p.mistake == nil && p.at < len(text) {
		p.fail("%q follows a formula that ends before it", text[p.at:])
	}
	if p.mistake != nil {
		return nil, p.mistake
	}
	return f, nil
}

// parser reads a text from its beginning, and stops at the first mistake.
type parser struct {
	text    string
	at      int
	depth   int
	mistake *Mistake
}

func (p *parser) fail(format string, words ...any) Formula {
	if p.mistake == nil {
		p.mistake = &Mistake{p.at, fmt.Sprintf(format, words...)}
	}
	return func(float64) float64 { return math.NaN() }
}

func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

// takes reads one of some signs; 0 where the next is none of them.
func (p *parser) takes(signs string) byte {
	p.space()
	if p.mistake == nil && p.at < len(p.text) && strings.IndexByte(signs, p.text[p.at]) >= 0 {
		p.at++
		return p.text[p.at-1]
	}
	return 0
}

func (p *parser) sum() Formula {
	f := p.product()
	for sign := p.takes("+-"); sign != 0; sign = p.takes("+-") {
		a, b := f, p.product()
		f = func(x float64) float64 { return a(x) + b(x) }
		if sign == '-' {
			f = func(x float64) float64 { return a(x) - b(x) }
		}
	}
	return f
}

func (p *parser) product() Formula {
	f := p.signed()
	for sign := p.takes("*/"); sign != 0; sign = p.takes("*/") {
		a, b := f, p.signed()
		f = func(x float64) float64 { return a(x) * b(x) }
		if sign == '/' {
			f = func(x float64) float64 { return a(x) / b(x) }
		}
	}
	return f
}

// signed reads a power with or without a minus, which binds less: -x^2 is -(x^2).
func (p *parser) signed() Formula {
	if p.depth++; p.depth > deepest {
		return p.fail("the formula has too many brackets and signs in each other")
	}
	defer func() { p.depth-- }()
	if p.takes("-") != 0 {
		a := p.signed()
		return func(x float64) float64 { return -a(x) }
	}
	a := p.primary()
	if p.takes("^") == 0 {
		return a
	}
	b := p.signed()
	return func(x float64) float64 { return math.Pow(a(x), b(x)) }
}

// primary reads a number, x, a function of a formula, or a formula in brackets.
func (p *parser) primary() Formula {
	p.space()
	from := p.at
	if p.takes("(") != 0 {
		return p.closed(p.sum())
	}
	word := p.word()
	if v, err := strconv.ParseFloat(word, 64); err == nil && word[0] <= '9' {
		return func(float64) float64 { return v }
	}
	if word == "x" {
		return func(x float64) float64 { return x }
	}
	if of, ok := functions[word]; ok && p.takes("(") != 0 {
		a := p.closed(p.sum())
		return func(x float64) float64 { return of(a(x)) }
	}
	if p.at = from; word == "" {
		return p.fail("a number, x or a bracket is missing in the formula")
	}
	return p.fail("a formula has numbers, x, + - * / ^, brackets, sqrt(), exp() and log(); found %q", word)
}

func (p *parser) closed(inside Formula) Formula {
	if p.takes(")") == 0 {
		return p.fail("a closing bracket is missing in the formula")
	}
	return inside
}

// word reads letters, digits and dots, and the sign of an exponent.
func (p *parser) word() string {
	from := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		digit := c >= '0' && c <= '9' || c == '.'
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || c == '_'
		sign := (c == '-' || c == '+') && p.at > from && strings.IndexByte("eE", p.text[p.at-1]) >= 0 && p.text[from] <= '9'
		if !digit && !letter && !sign {
			break
		}
		p.at++
	}
	return p.text[from:p.at]
}
