/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot.c: views are written without a call for the disk. What a process wrote is the kernel's, and stays when the process dies; when the
 * machine dies they may be in pieces. So before they are written, the file views.boot beside them says under which boot of the
 * machine that is, and of which file; it goes when all of them is on the disk. Whoever finds it with another boot, or beside another
 * file (a copy that was made by hand meanwhile), makes the views anew. (docs/decisions/0094)
 */
#include "journal/journal_int.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARK_MAX = 200 };

/* Linux gives each boot a UUID; in a container it is the machine's. A service that may not read it there is told by systemd (%b, the same
 * without dashes). */
static const char boot_id[] = "/proc/sys/kernel/random/boot_id";
static const char boot_told[] = "YICHUANG_BOOT_ID";
enum { BOOT_MAX = 64 };

static Str mark_path(Arena *mem, Str dir) {
  return store__path(mem, dir, "views.boot");
}

static Str boot_now(Arena *mem) {
  char text[BOOT_MAX];
  Buf out;
  const char *told = getenv(boot_told);
  ssize_t n = 0;
  int fd = told && *told ? -1 : open(boot_id, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    n = read(fd, text, sizeof text);
    close(fd);
  }
  Str id = fd >= 0 ? (Str){.ptr = text, .len = n > 0 ? (size_t)n : 0} : str_of(told ? told : "");
  buf_init(&out, BOOT_MAX);
  for (size_t i = 0; i < id.len && i < BOOT_MAX; i++)
    if (id.ptr[i] > ' ' && id.ptr[i] != '-') buf_char(&out, id.ptr[i]);
  Str clean = arena_str(mem, buf_str(&out));
  buf_drop(&out);
  return clean;
}

/* What the mark must say for the views that lie there now, in this boot; empty when that cannot be told. */
static Str mark_now(Arena *mem, Str dir) {
  struct stat st;
  Str boot = boot_now(mem);
  if (!boot.len || stat(store__path(mem, dir, "views.db").ptr, &st) != 0) return S("");
  return arena_fmt(mem, "%.*s %llu:%llu\n", SFMT(boot), (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
}

bool boot__torn(Cx *cx, Str dir) {
  Cx own = {.mem = cx->mem};
  Str says;
  if (store_shared(dir) || !file_exists(mark_path(cx->mem, dir))) return false;
  return file_read(&own, mark_path(cx->mem, dir), MARK_MAX, &says) != OK || !says.len || !str_eq(says, mark_now(cx->mem, dir));
}

bool boot__begin(Cx *cx, Str dir) {
  Cx own = {.mem = cx->mem};
  Str says = mark_now(cx->mem, dir);
  if (!says.len) return false;
  if (file_write(&own, mark_path(cx->mem, dir), says, 0600) == OK) return true;
  log_line(LOG_WARN, "views: %.*s", SFMT(own.detail));
  return false;
}

static Code synced(Cx *cx, Str path) {
  return file_exists(path) ? file_sync(cx, path) : OK;
}

Code boot__end(Cx *cx, Str dir) {
  Str views = store__path(cx->mem, dir, "views.db"), mark = mark_path(cx->mem, dir);
  if (!file_exists(mark)) return OK;
  Code code = synced(cx, views);
  if (code == OK) code = synced(cx, arena_fmt(cx->mem, "%.*s-wal", SFMT(views)));
  if (code != OK) views__remove(cx->mem, views); /* the kernel may have let go of pages that it could not write */
  Cx own = {.mem = cx->mem}; /* a mark that stays costs the next start the views, no more */
  if (unlink(mark.ptr) != 0 || dir_sync(&own, dir) != OK) log_line(LOG_WARN, "views: %.*s stays", SFMT(mark));
  return code;
}
