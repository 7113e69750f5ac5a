"""Files in, files out: everything that touches a disk, a clock or a random source."""
