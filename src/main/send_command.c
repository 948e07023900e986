/* SPDX-License-Identifier: Apache-2.0 */
/* send_command.c: one short message by a program of the city's. The only file that starts another program. */
#include "main/courier.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 20000, NEVER_AGAIN = 65, RECEIPT_MAX = 300, STEP_MS = 50 };

typedef struct Child {
  pid_t pid;
  int in, out;
} Child;

static void fd_close(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

/* No shell, no arguments, an environment of one line; the store's files are closed on exec. */
static bool child_start(Arena *mem, Str path, Child *c) {
  int in[2], out[2];
  char *const argv[] = {(char *)(uintptr_t)arena_z(mem, path), NULL}, *const env[] = {(char *)(uintptr_t) "PATH=/usr/bin:/bin", NULL};
  posix_spawn_file_actions_t acts;
  posix_spawnattr_t attr;
  sigset_t none, dfl;
  if (pipe2(in, O_CLOEXEC) != 0) return false;
  if (pipe2(out, O_CLOEXEC) != 0) {
    close(in[0]);
    close(in[1]);
    return false;
  }
  sigemptyset(&none);
  sigemptyset(&dfl);
  sigaddset(&dfl, SIGPIPE);
  posix_spawn_file_actions_init(&acts);
  posix_spawn_file_actions_adddup2(&acts, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&acts, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&acts, 3);
  posix_spawnattr_init(&attr);
  posix_spawnattr_setsigmask(&attr, &none);
  posix_spawnattr_setsigdefault(&attr, &dfl);
  posix_spawnattr_setpgroup(&attr, 0);
  posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  int bad = posix_spawn(&c->pid, argv[0], &acts, &attr, argv, env);
  posix_spawn_file_actions_destroy(&acts);
  posix_spawnattr_destroy(&attr);
  close(in[0]);
  close(out[1]);
  c->in = in[1];
  c->out = out[0];
  if (bad) fd_close(&c->in);
  if (bad) fd_close(&c->out);
  return !bad;
}

/* The text is shorter than a pipe holds, so one write is enough; a program that does not read is its own fault. */
static void child_tell(Child *c, Str text) {
  ssize_t n = write(c->in, text.ptr, text.len);
  (void)n;
  fd_close(&c->in);
}

/* True when it ended by itself in time; *status then. */
static bool child_wait(Child *c, char *heard, size_t max, int *status) {
  size_t n = 0;
  for (int ms = 0; ms < WAIT_MS; ms += STEP_MS) {
    struct pollfd p = {.fd = c->out, .events = POLLIN};
    char some[256];
    struct timespec pause = {.tv_nsec = STEP_MS * 1000000L};
    if (c->out < 0) nanosleep(&pause, NULL);
    else if (poll(&p, 1, STEP_MS) > 0) {
      ssize_t got = read(c->out, some, sizeof some);
      if (got <= 0) fd_close(&c->out);
      for (ssize_t i = 0; i < got && n < max; i++) heard[n++] = some[i];
    }
    if (c->out < 0 && waitpid(c->pid, status, WNOHANG) == c->pid) return true;
  }
  return false;
}

static Str first_line(Arena *mem, const char *heard) {
  Str line, rest, s = str_of(heard);
  str_cut(s, '\n', &line, &rest);
  line = str_trim(line);
  return utf8_valid(line) && !utf8_has_control(line) ? arena_str(mem, line) : S("");
}

SendEnd send_command(Arena *mem, const Options *o, const Letter *l, Str *text) {
  Child c = {.in = -1, .out = -1};
  char heard[RECEIPT_MAX + 1] = "";
  int status = 0;
  if (!child_start(mem, o->sms, &c)) {
    *text = S("不能启动发短信的程序");
    return SEND_RETRY;
  }
  child_tell(&c, arena_fmt(mem, "To: %.*s\nMessage-Id: %.*s\n\n%.*s\n", SFMT(l->to), SFMT(l->id), SFMT(l->text)));
  bool ended = child_wait(&c, heard, RECEIPT_MAX, &status);
  fd_close(&c.out);
  if (!ended) {
    kill(-c.pid, SIGKILL);
    while (waitpid(c.pid, &status, 0) < 0 && errno == EINTR) {}
    *text = arena_fmt(mem, "发短信的程序 %d 秒没有结束", WAIT_MS / 1000);
    return SEND_RETRY;
  }
  *text = first_line(mem, heard);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return SEND_SENT;
  *text = arena_fmt(mem, "发短信的程序退出码 %d：%.*s", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), SFMT(*text));
  return WIFEXITED(status) && WEXITSTATUS(status) == NEVER_AGAIN ? SEND_FAILED : SEND_RETRY;
}
