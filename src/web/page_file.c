/* SPDX-License-Identifier: Apache-2.0 */
/* page_file.c: one file of a project, to those who may see where it stands: what was handed in to its owner, the agent and the staff;
 * what only a draft has to the owner and the agent, since nobody else may read a draft. */
#include "web/page_form.h"

static const FileRef *ref_of(const FileRef *files, size_t n, Str blob) {
  for (size_t i = 0; i < n; i++)
    if (files[i].blob.len && str_eq(files[i].blob, blob)) return &files[i];
  return NULL;
}

static Code file_send(Cx *cx, Request *rq, const Project *pr, bool drafts, Reply *rp) {
  Str blob = rq->params[1];
  for (size_t i = 0; i < pr->library_count; i++) { /* every version */
    if (!str_eq(pr->library[i].blob, blob)) continue;
    rp->blob = pr->library[i].blob;
    rp->filename = pr->library[i].name;
    return OK;
  }
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &pr->stages[n];
    const FileRef *file = ref_of(s->files, s->file_count, blob);
    if (!file && drafts) file = ref_of(s->draft_files, s->draft_file_count, blob);
    if (!file) continue;
    rp->blob = file->blob;
    rp->filename = file->name;
    return OK;
  }
  FAIL(NOT_FOUND, "这个项目没有这份文件。");
}

Code page_file(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  return file_send(cx, rq, pr, true, rp);
}

Code page_work_file(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(project_of_staff(cx, rq, &pr));
  return file_send(cx, rq, pr, false, rp);
}
