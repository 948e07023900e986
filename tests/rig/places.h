/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places: one process does a few acts; something is taken from it at one exact place; at the next run, at the place
 * after that, until there is no place left.
 *
 *   kill      SIGKILL at the entry of every system call of the acts and of closing, in whatever thread (ptrace)
 *   io        EIO, or ENOSPC, from every fsync, fdatasync, write, pwrite64, ftruncate and rename, opening included (strace)
 *   memory    every allocation fails once; the process may abort
 *
 * The process keeps its account in a shared mapping, which survives it and needs no system call.
 */
#ifndef PLACES_H
#define PLACES_H
#include "journal/journal.h"

enum { ACTS_MAX = 8 };

typedef struct Account {
  char state[ACTS_MAX];    /* 0 not sent, S sent, A acknowledged, R refused, E a fault: unknown */
  int64_t pos[ACTS_MAX];
  bool readonly[ACTS_MAX]; /* what the store said of itself after the act */
  bool started, ended;
  int64_t allocs;
} Account;

typedef struct Rig Rig;
struct Rig {
  Str work, base, dir;     /* `dir` is what the acts work on: a fresh copy of `base` each time */
  int acts;                /* how many of them are done */
  int (*child)(Rig *g);    /* the process: opens, rig_mark, acts, rig_unmark, closes; its exit code */
  void (*check)(Rig *g);   /* afterwards: says rig_wrong when something is */
  const char *which;       /* which acts: handed to the child */
  Account *account;
  int *counts;             /* passed, failed, and one for the rig: shared with a process in a world of its own */
  int wrong, bitten;       /* of this place; places where the fault was felt */
};

/* Makes the shared mappings of a working directory. */
void rig_fill(Rig *g, Arena *mem, Str work, int acts);
/* A fresh working directory, in memory where there is such a place: these faults are not about what a disk keeps. */
Str rig_work(Arena *mem);
void rig_end(Rig *g);      /* removes it, unless something failed; prints the totals */
void rig_mark(Rig *g);     /* from here on places are counted */
void rig_unmark(Rig *g);
void rig_wrong(Rig *g, const char *what, const char *detail);
void rig_fresh(Rig *g);    /* the store as it was at first, nothing in the account */
void rig_check(Rig *g, const char *what); /* one place is over */
void rig_report(Rig *g, const char *what, int places, int step, int sound);
int rig_forked(Rig *g, int64_t alloc_fails); /* the process without a tracer; its status */
/* The main of the traced process: after rig_fill, as `PROGRAM --child WORK ACTS WHICH`. */
int rig_child(Rig *g);
int rig_run(const char *const argv[]);
Str rig_shared(Rig *g, const char *name); /* a path in the working directory; lives as long as the program */

/* How many places at most (0: all), evenly, from `shift` on: over the runs, all of them. */
typedef struct Share { int max, shift; } Share;
void rig_kills(Rig *g, const char *name, Share share);
void rig_io(Rig *g, const char *name, bool nospace, Share share);
void rig_memory(Rig *g, const char *name, Share share);

#endif
