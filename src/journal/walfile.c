/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walfile.c: how the two writing connections put their write-ahead logs into files.
 *   - SQLite writes each page of a commit with two calls, its head and itself: a command took 20 of them. Here they are put together
 *     until the last page of the commit, which its head tells (SQLite's file format, 4.1: the size of the database is not 0), and go out in one.
 *     The index of the log names a page only after that, so nobody looks for one that is not there. What cannot be written is
 *     said with that last page, and the commit fails.
 *   - A commit at the end of a growing file waits for the file system, which must write down the new length first: twice as long as
 *     one that goes over bytes that were written before. walfile__extend writes zeros behind the end, beside the commits. SQLite's
 *     log ends where a page's checksum is wrong, and zeros have none.
 */
#include "journal/db_int.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* SQLite's own writes at most 128 KB - 1 with one call, and nothing of 128 KB. */
enum { TOGETHER = 120 << 10, HEAD = 24, ZEROS = 512 << 10, ROOM_TIMES = 64 };

typedef struct WalFile {
  sqlite3_file file;     /* what SQLite sees */
  pthread_mutex_t lock;  /* of the end of the file: commits, and zeros behind them */
  char *bytes;           /* `len` of them wait for their place at `at` */
  int64_t at;
  size_t len;
  bool last;             /* the next page is the last of its commit */
} WalFile;

static sqlite3_file *real(sqlite3_file *f) {
  return (sqlite3_file *)((WalFile *)f + 1);
}

static int flush(WalFile *w) {
  if (!w->len) return SQLITE_OK;
  sqlite3_file *r = real(&w->file);
  pthread_mutex_lock(&w->lock);
  int rc = r->pMethods->xWrite(r, w->bytes, (int)w->len, w->at);
  pthread_mutex_unlock(&w->lock);
  w->len = 0;
  w->last = false;
  return rc;
}

static int wal_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at) {
  WalFile *w = (WalFile *)f;
  bool over = w->last && n != HEAD; /* asked first: flush forgets it, and its head may have filled the room */
  int rc = SQLITE_OK;
  if (w->len && (at != w->at + (int64_t)w->len || w->len + (size_t)n > TOGETHER)) rc = flush(w);
  if (rc != SQLITE_OK) return rc;
  REQUIRE(n >= 0 && n <= TOGETHER); /* pages have at most 64 KB */
  if (!w->len) w->at = at;
  memcpy(w->bytes + w->len, bytes, (size_t)n);
  w->len += (size_t)n;
  static const uint8_t more[4];
  w->last = n == HEAD && memcmp((const uint8_t *)bytes + 4, more, sizeof more) != 0;
  return over ? flush(w) : SQLITE_OK;
}

static int wal_read(sqlite3_file *f, void *bytes, int n, sqlite3_int64 at) {
  int rc = flush((WalFile *)f);
  return rc == SQLITE_OK ? real(f)->pMethods->xRead(real(f), bytes, n, at) : rc;
}

static int wal_truncate(sqlite3_file *f, sqlite3_int64 size) {
  int rc = flush((WalFile *)f);
  return rc == SQLITE_OK ? real(f)->pMethods->xTruncate(real(f), size) : rc;
}

static int wal_sync(sqlite3_file *f, int flags) {
  int rc = flush((WalFile *)f);
  return rc == SQLITE_OK ? real(f)->pMethods->xSync(real(f), flags) : rc;
}

static int wal_size(sqlite3_file *f, sqlite3_int64 *size) {
  int rc = flush((WalFile *)f);
  return rc == SQLITE_OK ? real(f)->pMethods->xFileSize(real(f), size) : rc;
}

static int wal_close(sqlite3_file *f) {
  WalFile *w = (WalFile *)f;
  int rc = flush(w), closed = real(f)->pMethods->xClose(real(f));
  pthread_mutex_destroy(&w->lock);
  free(w->bytes);
  return rc != SQLITE_OK ? rc : closed;
}

static int wal_lock(sqlite3_file *f, int level) { return real(f)->pMethods->xLock(real(f), level); }
static int wal_unlock(sqlite3_file *f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
static int wal_reserved(sqlite3_file *f, int *out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
static int wal_control(sqlite3_file *f, int op, void *arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
static int wal_sector(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int wal_traits(sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }

static const sqlite3_io_methods wal_methods = {
    .iVersion = 1, .xClose = wal_close, .xRead = wal_read, .xWrite = wal_write, .xTruncate = wal_truncate, .xSync = wal_sync, .xFileSize = wal_size,
    .xLock = wal_lock, .xUnlock = wal_unlock, .xCheckReservedLock = wal_reserved, .xFileControl = wal_control, .xSectorSize = wal_sector,
    .xDeviceCharacteristics = wal_traits};

/* ---- opening ------------------------------------------------------------------------------------- */

/* The file itself, and all that is no log, is the business of SQLite's own. */
static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *out) {
  sqlite3_vfs *own = vfs->pAppData;
  if (!(flags & SQLITE_OPEN_WAL)) return own->xOpen(own, name, f, flags, out);
  WalFile *w = (WalFile *)f;
  *w = (WalFile){.bytes = malloc(TOGETHER)};
  if (!w->bytes) return SQLITE_NOMEM;
  int rc = own->xOpen(own, name, real(f), flags, out);
  if (rc != SQLITE_OK) {
    free(w->bytes);
    return rc;
  }
  pthread_mutex_init(&w->lock, NULL);
  w->file.pMethods = &wal_methods;
  return SQLITE_OK;
}

void walfile__register(void) {
  sqlite3_vfs *own = sqlite3_vfs_find(NULL), *vfs = malloc(sizeof *vfs);
  REQUIRE(own != NULL && vfs != NULL);
  *vfs = *own; /* its other functions take no file, and look at no size */
  vfs->zName = WALFILE_VFS;
  vfs->szOsFile = own->szOsFile + (int)sizeof(WalFile);
  vfs->xOpen = vfs_open;
  vfs->pAppData = own;
  vfs->pNext = NULL;
  REQUIRE(sqlite3_vfs_register(vfs, 0) == SQLITE_OK);
}

/* ---- zeros --------------------------------------------------------------------------------------- */

static bool room(int fd, int64_t size) {
  struct statvfs s;
  return fstatvfs(fd, &s) == 0 && (uint64_t)s.f_bavail * s.f_frsize / ROOM_TIMES > (uint64_t)size;
}

/* The end is asked for under the lock: a commit may have gone beyond what was written before. */
static int64_t zeros_add(WalFile *w, int fd, const char *zeros) {
  struct stat st;
  pthread_mutex_lock(&w->lock);
  bool done = fstat(fd, &st) == 0 && pwrite(fd, zeros, ZEROS, st.st_size) == ZEROS;
  pthread_mutex_unlock(&w->lock);
  return done && fdatasync(fd) == 0 ? (int64_t)st.st_size + ZEROS : -1;
}

bool walfile__extend(sqlite3_file *f, const char *path, int64_t size, const _Atomic bool *stop) {
  if (!f || f->pMethods != &wal_methods) return true;
  struct stat st;
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool fits = fstat(fd, &st) == 0 && (st.st_size >= size || room(fd, size));
  char *zeros = fits && st.st_size < size ? calloc(1, ZEROS) : NULL;
  for (int64_t at = zeros ? st.st_size : size; fits && at < size && !atomic_load(stop);) {
    at = zeros_add((WalFile *)f, fd, zeros);
    fits = at >= 0;
  }
  free(zeros);
  close(fd);
  return fits;
}
