package store

import (
	"strings"
	"testing"
)

// The numbers are those of the manual page statfs(2) and of the file systems' sources.
func TestNetworkFileSystems(t *testing.T) {
	const mounts = `22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:50 / /mnt/far rw - fuse.sshfs me@far:/ rw
24 23 8:2 / /mnt/far/near rw shared:1 - fuseblk /dev/sdb1 rw
25 22 0:51 / /mnt/with\040blank rw - fuse.glusterfs g:/v rw
`
	for _, c := range []struct {
		magic uint32
		dir   string
		says  string // "" for a disk of this machine
	}{
		{0x6969, "/a", "NFS"}, {0x517b, "/a", "SMB"}, {0xff534d42, "/a", "CIFS"}, {0xfe534d42, "/a", "SMB2"}, {0x01021997, "/a", "9P"},
		{0x0bd00bd0, "/a", "Lustre"}, {0x47504653, "/a", "GPFS"}, {0x19830326, "/a", "BeeGFS"}, {0x00c36400, "/a", "Ceph"},
		{0x5346414f, "/a", "AFS"}, {0x6b414653, "/a", "AFS"},
		{0xef53, "/a", ""}, {0x9123683e, "/a", ""}, {0x58465342, "/a", ""}, {0x01021994, "/a", ""},
		{0x794c7630, "/a", ""}, // ext4, btrfs, XFS, tmpfs, overlay
		{0x65735546, "/mnt/far", "sshfs"}, {0x65735546, "/mnt/far/deep", "sshfs"}, {0x65735546, "/mnt/farther", ""},
		{0x65735546, "/mnt/far/near/x", ""}, {0x65735546, "/mnt/with blank/x", "glusterfs"}, {0x65735546, "/home", ""},
	} {
		if name := networkBy(c.magic, c.dir, mounts); (name == "") != (c.says == "") || !strings.Contains(name, c.says) {
			t.Errorf("%#x, %s: %q, want %q", c.magic, c.dir, name, c.says)
		}
	}
	if name := networkOf(t.TempDir()); name != "" {
		t.Errorf("a temporary folder is on %s", name)
	}
}
