/* SPDX-License-Identifier: Apache-2.0 */
/* marks.c: what the foot and the head of every page of a government site must say of the site itself, and only its
 * owner knows: one "name = value" a line. What is not given is shown as 〔待填〕, never invented. */
#include "web/web_int.h"

typedef struct Mark {
  const char *name, *label, *dflt;
  bool foot; /* shown to people; the others are for programs */
} Mark;
static const Mark marks[] = {
    {"organiser", N_("主办"), N_("葫芦岛市人民政府办公室"), true}, /* who issued 葫政办发〔2019〕60号 */
    {"operator", N_("承办"), "", true},
    {"contact", N_("联系方式"), "", true},
    {"site-code", N_("网站标识码"), "", true}, /* ten digits, the first six 211400 */
    {"icp", N_("ICP备案"), "", true},
    {"police", N_("公安备案"), "", true},
    {"party-mark", N_("党政机关标识"), "", true},
    {"domain", N_("域名"), "", false},
};

static const Mark *mark_named(Str name) {
  for (size_t i = 0; i < COUNT(marks); i++)
    if (str_eqz(name, marks[i].name)) return &marks[i];
  return NULL;
}

static Code line_read(Cx *cx, Json *out, Str path, Str line, int n) {
  Str name, value;
  if (!line.len || line.ptr[0] == '#') return OK;
  if (!str_cut(line, '=', &name, &value)) FAIL(INVALID, "%.*s 第 %d 行：要写成 名称 = 值，收到“%.*s”。", SFMT(path), n, SFMT(line));
  const Mark *m = mark_named(str_trim(name));
  if (!m) FAIL(INVALID, "%.*s 第 %d 行：没有标识“%.*s”，有 organiser operator contact site-code icp police party-mark domain。", SFMT(path), n, SFMT(str_trim(name)));
  json_put_str(cx->mem, out, str_of(m->name), str_trim(value));
  return OK;
}

Code marks_read(Cx *cx, Str path, const Json **out) {
  Str rest, line;
  Json *found = json_obj(cx->mem);
  TRY(file_read(cx, path, 64 << 10, &rest));
  bool more = true;
  for (int n = 1; more; n++) {
    more = str_cut(rest, '\n', &line, &rest);
    TRY(line_read(cx, found, path, str_trim(line), n));
  }
  *out = found;
  return OK;
}

static Str value_of(const Json *given, const Mark *m) {
  Str said = json_str(given, str_of(m->name));
  return said.len ? said : str_of(m->dflt);
}

void marks_view(Arena *mem, Str lang, const Json *given, Json *sh) {
  Json *foot = json_put_arr(mem, sh, S("marks"));
  for (size_t i = 0; i < COUNT(marks); i++) {
    Str value = value_of(given, &marks[i]);
    if (!marks[i].foot) continue;
    Json *one = json_push_obj(mem, foot);
    json_put_str(mem, one, S("label"), tr(lang, str_of(marks[i].label)));
    json_put_str(mem, one, S("value"), tr(lang, value.len ? value : S("〔待填〕")));
    json_put_bool(mem, one, S("given"), value.len > 0);
  }
  Str code = value_of(given, mark_named(S("site-code"))), domain = value_of(given, mark_named(S("domain")));
  json_put_str(mem, sh, S("site_code"), code.len ? code : tr(lang, S("〔待填〕")));
  json_put_str(mem, sh, S("site_domain"), domain.len ? domain : tr(lang, S("〔待填〕")));
}
