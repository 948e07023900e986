/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aborts: whether a function breaks a contract. It runs in a child process, whose words about the
 * broken contract go nowhere.
 */
#ifndef ABORTS_H
#define ABORTS_H
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static inline bool aborts(void (*run)(void)) {
  pid_t child = fork();
  if (child == 0) {
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    run();
    _exit(0);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
         WTERMSIG(status) == SIGABRT;
}
#endif
