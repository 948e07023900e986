/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.c: commands that are decided one after the other and become durable with one commit. When one of them fails while
 * writing, all are undone and each is tried by itself.
 */
#include "journal/journal_int.h"

enum { RETRIES = 6 };

void batch__fault(CommandResult *r, Cx *cx, Code code) {
  if (cx->fault == OK) cx_fail(cx, code == OK ? BROKEN : code, __func__, __LINE__, "存储出错，这次没有办成，请再试一次。");
  *r = (CommandResult){.code = cx->fault, .detail = cx->detail, .field = arena_str(cx->mem, cx->field),
                       .clause = arena_str(cx->mem, cx->clause)};
}

void batch__readonly(Task *tasks) {
  for (Task *t = tasks; t; t = t->next)
    t->result = (CommandResult){.code = READONLY, .detail = S("存储现在只读，暂时不能办理。已提交的都已保存。")};
}

/* True when the whole batch must be undone: this command wrote something and then failed, or its failure took the
 * transaction with it. */
static bool task_execute(Writer *w, Task *t) {
  Cx cx = {.mem = t->mem, .now = t->cmd.now};
  bool wrote = false;
  if (t->refused) return false;
  Code code = writer__execute(&cx, w, &t->cmd, &t->prepared, 0, &t->result, &wrote);
  bool gone = db__state(w->journal) != DB_FINE || db__state(w->views) != DB_FINE;
  if (code == OK && !gone) return false;
  batch__fault(&t->result, &cx, code);
  if (gone) return true;
  if (wrote) log_line(LOG_ERROR, "command %.*s: %.*s (%s:%d)", SFMT(t->cmd.name), SFMT(cx.detail), cx.where, cx.line);
  return wrote;
}

/* First the flag, then the record of it: nobody waits for a disk that may not answer. */
static void stop_writing(Runner *r, Arena *mem, Str why) {
  if (r->w.shared) return; /* a database says for itself when it can be written again */
  pthread_mutex_lock(&r->queue->lock);
  bool before = r->queue->readonly;
  r->queue->readonly = true;
  pthread_mutex_unlock(&r->queue->lock);
  if (!before) reserve__spend(mem, r->o.dir, why);
}

static Code mend(Cx *cx, Runner *r) {
  if (!r->w.missed) return OK;
  (void)mover__bar(r->mover, true);
  Code code = writer__mend(cx, &r->w, &r->o);
  mover__unbar(r->mover);
  return code;
}

/* Pages go on with all that was answered, if the disk lets them. */
static void mend_try(Runner *r) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)16 << 20);
  Cx cx = {.mem = mem};
  if (mend(&cx, r) != OK) log_line(LOG_ERROR, "views: %.*s", SFMT(cx.detail));
  gate__shown(r->w.gate);
}

static void latch(Runner *r, Task *tasks, const Cx *cx) {
  log_line(LOG_ERROR, "store: %.*s", SFMT(cx->detail));
  writer__rollback(&r->w);
  if (cx->fault == READONLY) stop_writing(r, cx->mem, cx->detail);
  if (!r->w.shared) mend_try(r);
  for (Task *t = tasks; t; t = t->next) {
    t->result = (CommandResult){.code = cx->fault, .detail = arena_str(t->mem, cx->detail)};
  }
}

/* The journal has the events, the views do not: the acts stand and are answered so. Writing on would leave a hole
 * in the views for ever; opened anew, they catch up. */
static void views_behind(Runner *r, const Cx *cx) {
  log_line(LOG_ERROR, "views: %.*s", SFMT(cx->detail));
  writer__rollback(&r->w);
  stop_writing(r, cx->mem, cx->detail);
}

void batch__show(Runner *r) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  Cx cx = {.mem = mem};
  if (writer__show(&cx, &r->w) != OK) views_behind(r, &cx);
  gate__shown(r->w.gate);
}

typedef enum Tried {
  TRIED,          /* every task has its result */
  TRIED_SPOILED,  /* undone because of one of them */
  TRIED_LOST      /* undone, or not known: nothing is wrong with the tasks, the database is to be asked again */
} Tried;

/* Only a database of its own can go away, or choose one of two transactions as the victim. */
static bool lost(const Runner *r, Code code) {
  DbState state = db__state(r->w.journal);
  return state == DB_LOST || (state == DB_SPOILED && code == BUSY);
}

/* By that task; by itself it has its fault as its result. */
static Tried spoiled(Runner *r, Arena *mem, Task *tasks, const Task *by) {
  writer__rollback(&r->w);
  if (by->result.code == READONLY) {
    stop_writing(r, mem, by->result.detail);
    batch__readonly(tasks);
    return TRIED;
  }
  return tasks->next ? TRIED_SPOILED : TRIED;
}

static Tried batch_once(Runner *r, Task *tasks, bool *unknown) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)16 << 20);
  Cx cx = {.mem = mem};
  if (mend(&cx, r) != OK) {
    views_behind(r, &cx);
    batch__readonly(tasks);
    return TRIED;
  }
  if (writer__begin(&cx, &r->w) != OK) {
    if (lost(r, cx.fault)) return TRIED_LOST;
    latch(r, tasks, &cx);
    return TRIED;
  }
  for (Task *t = tasks; t; t = t->next)
    if (task_execute(&r->w, t)) {
      if (lost(r, t->result.code)) return TRIED_LOST;
      return spoiled(r, mem, tasks, t);
    }
  if (append__all(&cx, &r->w) != OK) {
    if (lost(r, cx.fault)) return TRIED_LOST;
    Cx own = {.mem = tasks->mem, .fault = cx.fault, .detail = arena_str(tasks->mem, cx.detail)};
    batch__fault(&tasks->result, &own, own.fault);
    return spoiled(r, mem, tasks, tasks);
  }
  int64_t began = clock_steady_us();
  Code code = writer__commit(&cx, &r->w);
  figures__commit(r->figures, clock_steady_us() - began);
  if (code != OK) {
    if (db__state(r->w.journal) == DB_LOST) *unknown = true;
    if (lost(r, cx.fault)) return TRIED_LOST;
    latch(r, tasks, &cx);
  }
  return TRIED;
}

static void lost_results(Task *tasks, bool unknown) {
  for (Task *t = tasks; t; t = t->next)
    t->result = (CommandResult){
        .code = BUSY, .detail = unknown ? S("数据库没有答复，这次办理的结果未知。请过几秒用同一张表单再提交一次，不会重复办理。")
                                        : S("数据库暂时连不上，这次没有办理。请过几秒再提交一次，填写的内容没有丢失。")};
}

/* One transaction over the tasks; false when it had to be undone because of one of them. After a lost connection they
 * are done once more: what was committed without our hearing of it is found under its key and answered. */
static bool batch_try(Runner *r, Task *tasks) {
  bool unknown = false;
  for (int n = 0;; n++) {
    Tried tried = batch_once(r, tasks, &unknown);
    if (tried != TRIED_LOST) return tried == TRIED;
    writer__rollback(&r->w);
    if (n < RETRIES && shared__back(&r->w)) continue;
    lost_results(tasks, unknown);
    return true;
  }
}

void batch__run(Runner *r, Task *tasks) {
  int64_t n = 0;
  for (const Task *t = tasks; t; t = t->next) n++;
  figures__batch(r->figures, n);
  if (batch_try(r, tasks)) return;
  /* One of them failed while writing: each by itself, so that the others are not harmed. */
  for (Task *t = tasks; t; t = t->next) {
    Task *rest = t->next;
    t->next = NULL;
    if (runner_readonly(r)) batch__readonly(t);
    else (void)batch_try(r, t);
    t->next = rest;
  }
}
