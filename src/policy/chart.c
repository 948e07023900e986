/* SPDX-License-Identifier: Apache-2.0 */
/* chart.c: the only file that includes Graphviz. Its library keeps state of its own, so one at a time. */
#include "policy/policy.h"

#include <graphviz/gvc.h>
#include <pthread.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static Code render(Cx *cx, Str dot, const char *format, Str *out) {
  char *data = NULL;
  unsigned int n = 0;
  GVC_t *gvc = gvContext();
  Agraph_t *g = agmemread(arena_z(cx->mem, dot));
  int rc = g && gvLayout(gvc, g, "dot") == 0 ? gvRenderData(gvc, g, format, &data, &n) : -1;
  if (rc == 0) *out = arena_str(cx->mem, (Str){.ptr = data, .len = n});
  if (data) gvFreeRenderData(data);
  if (g) {
    gvFreeLayout(gvc, g);
    agclose(g);
  }
  gvFreeContext(gvc);
  if (rc != 0) FAIL(BROKEN, "流程图画不出来（格式 %s）。请检查是否装好 Graphviz。", format);
  return OK;
}

Code policy_chart(Cx *cx, Str dot, const char *format, Str *out) {
  if (strcmp(format, "svg") != 0 && strcmp(format, "pdf") != 0) FAIL_AT(INVALID, S("format"), S(""), "格式要是 svg、pdf 或 dot");
  pthread_mutex_lock(&one_at_a_time);
  Code code = render(cx, dot, format, out);
  pthread_mutex_unlock(&one_at_a_time);
  return code;
}
