package dataset

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// order is a random order of examples, stratified by their classes. Rows of
// one group stand together, and the groups are stratified by the class that
// most of their rows have.
func (c *corpus) order(index []int32, r *rand.Rand) []int32 {
	if c.groups == nil {
		return stratified(index, c.train.labels, r)
	}
	members := map[int32][]int32{}
	var groups []int32 // in the order of their first rows
	for _, i := range index {
		g := c.groups[i]
		if members[g] == nil {
			groups = append(groups, g)
		}
		members[g] = append(members[g], i)
	}
	all := make([]int32, len(groups))
	var labels []int32 // of the groups
	for k, g := range groups {
		all[k] = int32(k)
		r.Shuffle(len(members[g]), func(i, j int) { members[g][i], members[g][j] = members[g][j], members[g][i] })
		if c.train.labels != nil {
			labels = append(labels, mostFrequent(c.train.labels, members[g]))
		}
	}
	order := make([]int32, 0, len(index))
	for _, k := range stratified(all, labels, r) {
		order = append(order, members[groups[k]]...)
	}
	return order
}

// mostFrequent is the label that most of the examples have, the smallest of several.
func mostFrequent(labels []int32, index []int32) int32 {
	times := map[int32]int{}
	for _, i := range index {
		times[labels[i]]++
	}
	best := labels[index[0]]
	for label, n := range times {
		if n > times[best] || n == times[best] && label < best {
			best = label
		}
	}
	return best
}

// afterGroup is an order from position n on, without the rest of the group that
// position n is in the middle of: that is in no split.
func (c *corpus) afterGroup(order []int32, n int) []int32 {
	if c.groups != nil {
		for g := c.groups[order[n-1]]; n < len(order) && c.groups[order[n]] == g; {
			n++
		}
	}
	return order[n:]
}

// separate takes care that no group is in both the training and the validation
// split: where one is, the end of the training split is given up if it is all
// the rest, and refused if so many examples were asked for.
func (c *corpus) separate(p *parts, rest bool) error {
	if c.groups == nil || len(p.valid.index) == 0 {
		return nil
	}
	shared := c.groups[p.valid.index[0]]
	n := len(p.train.index)
	for n > 0 && c.groups[p.train.index[n-1]] == shared {
		n--
	}
	if n < len(p.train.index) && !rest || n == 0 {
		return fmt.Errorf("%d training and %d validation examples need a group in both: ask for fewer, or for train: 0, which "+
			"is what the groups leave",
			len(p.train.index), len(p.valid.index))
	}
	p.train.index = slices.Clip(p.train.index[:n])
	return nil
}

// width is the number of outputs: of classes or of targets.
func (c *corpus) width() int {
	if c.regression {
		return c.train.out()
	}
	return len(c.classes)
}
