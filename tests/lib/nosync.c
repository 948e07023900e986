/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nosync: loaded before the C library (LD_PRELOAD), it stands between a program and its disk.
 *
 * NOSYNC names an fsync that is swallowed. The rig of the power cuts must find what is lost then, or it proves nothing:
 *   log      fsync and fdatasync of SQLite's logs: what PRAGMA synchronous=NORMAL does
 *   files    fsync of uploaded files
 *   folders  fsync of directories: a name that was given is not kept
 *   copies   fsync of what a backup holds
 * SYNC_WAITS names a file: while it is there, each fdatasync waits, as on a disk that has stalled.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int swallowed(int fd) {
  const char *what = getenv("NOSYNC");
  char link[64], path[4096];
  struct stat st;
  if (!what || !*what || fstat(fd, &st) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  if (!strcmp(what, "log")) return n > 4 && !strcmp(path + n - 4, "-wal");
  if (!strcmp(what, "folders")) return S_ISDIR(st.st_mode);
  if (!strcmp(what, "copies")) return strstr(path, ".unfinished") != NULL;
  return S_ISREG(st.st_mode) && strstr(path, "/blobs/tmp/") != NULL;
}

int fsync(int fd);
int fdatasync(int fd);
int fsync(int fd) {
  return swallowed(fd) ? 0 : (int)syscall(SYS_fsync, fd);
}
int fdatasync(int fd) {
  const char *gate = getenv("SYNC_WAITS");
  while (gate && access(gate, F_OK) == 0) usleep(2000);
  return swallowed(fd) ? 0 : (int)syscall(SYS_fdatasync, fd);
}
