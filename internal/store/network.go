package store

// networks names file systems of other machines by the magic number that statfs
// gives (linux/magic.h, and the sources of those that are not in it). FUSE is
// not among them as a whole: most of what it shows is local (NTFS, exFAT,
// encrypted folders), and it does not say what is behind it but in the mount table.
var networks = map[uint32]string{
	0x6969:     "NFS",
	0x517b:     "SMB",
	0xff534d42: "CIFS",
	0xfe534d42: "SMB2",
	0x01021997: "9P",
	0x0bd00bd0: "Lustre",
	0x47504653: "GPFS",
	0x19830326: "BeeGFS",
	0x00c36400: "Ceph",
	0x5346414f: "AFS",
	0x6b414653: "AFS",
}

// networkFUSE names what FUSE shows of other machines, as in the type of a
// mount ("fuse.sshfs").
var networkFUSE = map[string]bool{
	"fuse.sshfs": true, "fuse.glusterfs": true, "fuse.s3fs": true, "fuse.rclone": true, "fuse.gcsfuse": true, "fuse.juicefs": true,
}

const magicFUSE = 0x65735546

// Network names the file system of another machine that a folder is on, as far as that is known; "" for none.
func Network(dir string) string { return networkOf(dir) }
