/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reserve.c: room kept for the day when the disk is full. When the store stops writing, the reserve goes and the
 * reason is written down in readonly.log beside the journal, where the next person looks. The reserve is of bytes
 * that were written, not of a hole: only those are surely there.
 */
#include "journal/journal_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESERVE = 256 * 1024 };

/* Without room the store still opens: its log says so, and the first act that does not fit is refused. */
void reserve__keep(Cx *cx, Str dir) {
  struct stat st;
  Str path = store__path(cx->mem, dir, "reserve");
  if (stat(path.ptr, &st) == 0 && st.st_size == RESERVE) return;
  char *bytes = arena_array(cx->mem, char, RESERVE);
  memset(bytes, 'y', RESERVE); /* no zeroes: some file systems would leave a hole */
  if (file_write(cx, path, (Str){.ptr = bytes, .len = RESERVE}, 0600) == OK) return;
  log_line(LOG_WARN, "磁盘上连 %d KB 的备用空间也没有：%.*s", RESERVE / 1024, SFMT(cx->detail));
  cx_clear(cx);
}

/* Freed before it is written: a line needs a block, perhaps one of the directory too. */
void reserve__spend(Arena *mem, Str dir, Str why) {
  Str path = store__path(mem, dir, "readonly.log");
  (void)unlink(store__path(mem, dir, "reserve").ptr);
  Str line = arena_fmt(mem, "%.*s 已转为只读：%.*s\n", SFMT(time_str(mem, clock_now_ms())), SFMT(why));
  int fd = open(path.ptr, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, line.ptr, line.len) != (ssize_t)line.len || fsync(fd) != 0)
    log_line(LOG_ERROR, "readonly.log: %s", strerror(errno));
  if (fd >= 0) close(fd);
}
