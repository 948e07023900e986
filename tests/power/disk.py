# SPDX-License-Identifier: Apache-2.0
"""A disk whose power can be cut: ext4 in a file in memory. The cut is the file system's own shutdown: from then on
nothing more is written, and what had not been made durable is gone when it is mounted again."""
import fcntl
import os
import pathlib
import struct
import subprocess

SHUTDOWN = 0x8004587D  # _IOR('X', 125, uint32_t)
NOLOGFLUSH = 2         # not even the file system's own journal goes out
SIZE = 512 << 20


def quiet(*args):
    r = subprocess.run(args, capture_output=True)
    return r.returncode == 0, r.stderr.decode().strip()


class Disk:
    """`why` says why this machine cannot have one; empty when it can."""

    def __init__(self, folder):
        self.file, self.point = f"{folder}/disk", f"{folder}/mounted"
        self.why = ""
        pathlib.Path(self.point).mkdir()
        with open(self.file, "wb") as f:
            f.truncate(SIZE)
        for step in (self.make, self.mount):
            if not self.why:
                step()
        if not self.why:
            try:
                self.cut()
            except OSError as e:
                self.why = f"no shutdown ioctl: {e}"
            self.unmount()
            self.make()

    def make(self):
        try:
            ok, why = quiet("mkfs.ext4", "-q", "-F", self.file)
        except FileNotFoundError:
            ok, why = False, "no mkfs.ext4"
        self.why = "" if ok else why

    def mount(self):
        ok, why = quiet("mount", "-o", "loop", self.file, self.point)
        self.why = "" if ok else why

    def unmount(self):
        ok, why = quiet("umount", self.point)
        if not ok:
            raise RuntimeError(why)

    def cut(self):
        fd = os.open(self.point, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", NOLOGFLUSH))
        finally:
            os.close(fd)
