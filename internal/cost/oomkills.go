package cost

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// OOMKills are the processes that Linux has ended because memory ran out: those of the whole machine since it was started, and
// those of the control group that this process is in. Other people's processes are among the former.
type OOMKills struct {
	machine int64
	group   string // the file with its number; "" where none can be seen
	groupID uint64 // tells the group from a later one of its name
	inGroup int64
}

// CountOOMKills counts them; ok is false where that cannot be found out.
func CountOOMKills(machine fs.FS) (k OOMKills, ok bool) {
	k.machine, ok = field(read(machine, "proc/vmstat"), "oom_kill")
	for g, dir := range groupDirs(machine) {
		file := path.Join(dir, g.kills)
		if n, ok := field(read(machine, file), "oom_kill"); ok {
			k.group, k.groupID, k.inGroup = file, directoryID(machine, dir), n
		}
	}
	return k, ok
}

// More says whether there have been more since. The control group says it, as long as it is there, and otherwise the machine.
func (k OOMKills) More(machine fs.FS) bool {
	if k.group != "" && directoryID(machine, path.Dir(k.group)) == k.groupID {
		if n, ok := field(read(machine, k.group), "oom_kill"); ok {
			return n > k.inGroup
		}
	}
	n, _ := field(read(machine, "proc/vmstat"), "oom_kill")
	return n > k.machine
}

// String writes the counts as ParseOOMKills reads them, without blanks.
func (k OOMKills) String() string {
	return fmt.Sprintf("%d,%d,%d,%s", k.machine, k.inGroup, k.groupID, url.PathEscape(k.group))
}

// ParseOOMKills reads what String has written.
func ParseOOMKills(text string) (k OOMKills, err error) {
	parts := strings.SplitN(text, ",", 4)
	if len(parts) < 4 {
		return OOMKills{}, fmt.Errorf("%q is not a count of processes that were ended because memory ran out", text)
	}
	if k.machine, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
		return OOMKills{}, err
	}
	if k.inGroup, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return OOMKills{}, err
	}
	if k.groupID, err = strconv.ParseUint(parts[2], 10, 64); err != nil {
		return OOMKills{}, err
	}
	k.group, err = url.PathUnescape(parts[3])
	return k, err
}
