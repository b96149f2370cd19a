package cli

import (
	"strings"
	"testing"

	"nightshift/internal/store"
)

func TestCondition(t *testing.T) {
	for text, want := range map[string]string{
		"lr > 0.01 and status = 'done'":       `"lr" > 0.01 AND "status" = 'done'`,
		"test_error<5%":                       `nullif("test_error", 'NaN')<(5 / 100.0)`,
		"Test_Error <= 1e-3 %":                `nullif("test_error", 'NaN') <= (1e-3 / 100.0)`,
		`label like "it's"`:                   `"label" LIKE 'it''s'`,
		"label = 'a''b' or not (lr IN (1,2))": `"label" = 'a''b' OR NOT ("lr" IN (1,2))`,
		"optimizer.momentum is null":          `"optimizer.momentum" IS NULL`,
		"lr*2-1 != -.5":                       `"lr"*2-1 != -.5`,
	} {
		c := columns{list: append(store.RunColumns(), store.ConfigColumn("lr"), store.ConfigColumn("optimizer.momentum"))}
		if got, err := c.condition(text); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", text, got, err, want)
		}
	}
}

// What could be anything but a condition does not pass.
func TestConditionRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"lr > 1; drop table run":         `";" means nothing`,
		"lr > 1 -- all":                  `"-" means nothing`,
		"lr /* */ > 1":                   `"/" means nothing`,
		"1) union select 1 from run (":   "a bracket is closed that was not opened",
		"lr in (select key from run)":    `no column "select"`,
		"test_error > '5'":               "test_error is a number, and '5' a text",
		"status = done":                  "a text stands in quotes, as in status = 'done'",
		"status = 'done' and nosuch > 3": `no column "nosuch"`,
		"load_extension('x')":            `no column "load_extension"`,
		"label = 'open":                  "means nothing",
		"(lr > 1":                        "a bracket is not closed",
		"tset_error > 1":                 `did you mean "test_error"`,
		"lr > ?1":                        `"?" means nothing`,
		"label = `id` or [lr] = 1":       "means nothing",
		"ä > 1":                          `"ä"`,
		"lr > 1 and 'x' || 'y' = 'xy'":   `"|" means nothing`,
		"lr > 1 collate nocase":          `no column "collate"`,
		"exists (lr)":                    `no column "exists"`,
		"lr > 1 returning id":            `no column "returning"`,
		"pragma_table_info.name = 'lr'":  "no column",
		"case when lr > 1 then 1 else 0": `no column "case"`,
	} {
		c := columns{list: append(store.RunColumns(), store.ConfigColumn("lr"))}
		if got, err := c.condition(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v, want %s", text, got, err, want)
		}
	}
}
