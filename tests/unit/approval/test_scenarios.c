/* SPDX-License-Identifier: Apache-2.0 */
/* test_scenarios.c: reads tests/scenarios and runs what it says; what is looked at is in scenario_look.c. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include "scenario.h"

enum { SCRIPTS_MAX = 1000, FILE_BYTES_MAX = 1 << 20, SCENARIOS_LEAST = 40 };
static size_t script_count;

/* ---- words ----------------------------------------------------------------------------------------- */

/* One word: blanks end it, except between quotes and inside [ ] or { }, where quotes stay as they are. */
static size_t word_end(Str line, size_t at, char *out, size_t *n) {
  int depth = 0;
  bool quoted = false;
  *n = 0;
  for (; at < line.len; at++) {
    char c = line.ptr[at];
    if (c == '[' || c == '{') depth++;
    if (c == ']' || c == '}') depth--;
    if (c == '"' && depth == 0) {
      quoted = !quoted;
      continue;
    }
    if (c == ' ' && !quoted && depth == 0) break;
    out[(*n)++] = c;
  }
  return at;
}

static Word word_of(Str text) {
  Word w = {.key = text};
  for (size_t i = 1; i < text.len; i++) {
    char c = text.ptr[i];
    if (c != '=' && c != '~') continue;
    bool not = c == '~' && text.ptr[i - 1] == '!';
    return (Word){.key = str_sub(text, 0, not ? i - 1 : i), .value = str_sub(text, i + 1, SIZE_MAX), .sep = not ? '!' : c};
  }
  return w;
}

size_t scene_words(Arena *mem, Str line, Word *words, size_t max) {
  char *text = arena_array(mem, char, line.len + 1);
  size_t at = 0, count = 0;
  while (at < line.len) {
    size_t n;
    if (line.ptr[at] == ' ') {
      at++;
      continue;
    }
    at = word_end(line, at, text, &n);
    REQUIRE(count < max);
    words[count++] = word_of(arena_str(mem, (Str){.ptr = text, .len = n}));
  }
  return count;
}

/* ---- telling what is wrong ------------------------------------------------------------------------- */

void scene_fault(Scene *s, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  Str text = arena_vfmt(s->t->mem, fmt, ap);
  va_end(ap);
  s->t->bad++;
  fprintf(stderr, "  %.*s:%d: %.*s\n    %.*s\n", SFMT(s->script->path), s->line, SFMT(s->line_text), SFMT(text));
}

void scene_expect(Scene *s, const Word *w, Str got) {
  bool has = str_has(got, w->value);
  if (w->sep == '=' && str_eq(got, w->value)) return;
  if ((w->sep == '~' && has) || (w->sep == '!' && !has)) return;
  const char *how = w->sep == '=' ? "" : w->sep == '~' ? "something with " : "nothing with ";
  scene_fault(s, "%.*s: expected %s\"%.*s\", got \"%.*s\"", SFMT(w->key), how, SFMT(w->value), SFMT(got));
}

/* Before the next step: everything the last `when` did must have been told. */
static void settle(Scene *s) {
  if (!s->pending) return;
  s->pending = false;
  s->line = s->when_line;
  s->line_text = s->when_text;
  if (s->w.code != OK && !s->refusal_told) {
    scene_fault(s, "expected events, got %.*s: %.*s", SFMT(code_text(s->w.code)), SFMT(s->w.detail));
    s->stop = true;
  } else if (s->w.code == OK && s->told < s->w.fresh) {
    Str kind = s->w.events[s->w.count - s->w.fresh + s->told].kind;
    scene_fault(s, "expected nothing more, got %.*s", SFMT(kind));
  }
}

/* ---- steps ----------------------------------------------------------------------------------------- */

static void put_value(Arena *m, Json *obj, Str key, Str value) {
  Cx cx = {.mem = m};
  Json *list = NULL;
  int64_t n = 0;
  bool json = value.len && (value.ptr[0] == '[' || value.ptr[0] == '{');
  if (json && json_parse(&cx, value, &list) == OK) json_put(m, obj, key, list);
  else if (str_to_i64(value, &n)) json_put_int(m, obj, key, n);
  else json_put_str(m, obj, key, value);
}

static int64_t moment(Scene *s, Str day, Str time) {
  int64_t ms = 0;
  Str text = arena_fmt(s->w.mem, "%.*sT%.*s", SFMT(day), SFMT(time));
  if (!time_parse(text, &ms)) scene_fault(s, "\"%.*s\" is not a time", SFMT(text));
  return ms;
}

/* WHO COMMAND key=value … ; form.NAME=value belongs to the form, happened= says when it really happened. */
static void act(Scene *s) {
  Arena *m = s->w.mem;
  Json *args = json_obj(m), *form = NULL;
  if (s->count < 2) {
    scene_fault(s, "expected WHO COMMAND");
    return;
  }
  for (size_t i = 2; i < s->count; i++) {
    const Word *w = &s->words[i];
    Str day, time;
    if (str_starts(w->key, S("form."))) {
      if (!form) form = json_put_obj(m, args, S("form"));
      json_put_str(m, form, str_sub(w->key, 5, SIZE_MAX), w->value);
    } else if (str_eqz(w->key, "happened") && str_cut(w->value, ' ', &day, &time)) {
      s->w.happened = moment(s, day, time);
    } else {
      put_value(m, args, w->key, w->value);
    }
  }
  if (form) args->last->first = form->first;
  world_do(&s->w, s->words[0].key, s->words[1].key, args);
}

static void do_when(Scene *s) {
  act(s);
  s->pending = true;
  s->when_line = s->line;
  s->when_text = s->line_text;
  s->refusal_told = false;
  s->told = 0;
}

static StageStatus status_of(Str text) {
  for (int st = 1; st < STAGE_STATUS__MAX; st++)
    if (str_eq(stage_status_text((StageStatus)st), text)) return (StageStatus)st;
  return STAGE_STATUS_UNSET;
}

/* given register CATEGORY COUNTY | stage N STATUS | pass N ITEM | WHO COMMAND … */
static void do_given(Scene *s) {
  const Word *w = s->words;
  int64_t n = 0;
  bool stage = s->count == 3 && str_eqz(w[0].key, "stage"), pass = s->count == 3 && str_eqz(w[0].key, "pass");
  bool heard = s->count == 2 && str_eqz(w[0].key, "heard");
  if ((stage || pass || heard) && (!str_to_i64(w[1].key, &n) || n < 1 || n > STAGE_MAX)) {
    scene_fault(s, "\"%.*s\" is not a stage", SFMT(w[1].key));
    s->stop = true;
    return;
  }
  bool ok;
  if (s->count == 3 && str_eqz(w[0].key, "register")) {
    world_register(&s->w, w[1].key, w[2].key);
    ok = s->w.code == OK;
  } else if (heard) {
    world_heard(&s->w, (int)n);
    ok = s->w.code == OK;
  } else if (stage) {
    ok = world_upto(&s->w, (int)n, status_of(w[2].key));
  } else if (pass) {
    world_pass(&s->w, (int)n, w[2].key);
    ok = s->w.code == OK;
  } else {
    act(s);
    ok = s->w.code == OK;
  }
  if (ok) return;
  scene_fault(s, "expected this to hold, got %.*s: %.*s", SFMT(code_text(s->w.code)), SFMT(s->w.detail));
  s->stop = true;
}

static void do_on(Scene *s) {
  int64_t to = s->count ? moment(s, s->words[0].key, s->count > 1 ? s->words[1].key : S("09:00")) : 0;
  if (to < s->w.now && s->w.count) scene_fault(s, "time does not go back");
  s->w.now = to;
}

static void do_facts(Scene *s) {
  for (size_t i = 0; i < s->count; i++) json_put_str(s->w.mem, s->w.facts, s->words[i].key, s->words[i].value);
}

/* VERSION limit.CATEGORY.STAGE=DAYS days.ITEM=DAYS without=ITEM: the current package, changed. */
static Policy *policy_changed(Scene *s) {
  Arena *m = s->w.mem;
  const Policy *old = s->w.policies.current;
  Policy *p = arena_new(m, Policy);
  Category *cs = arena_array(m, Category, old->category_count);
  Item *items = arena_array(m, Item, old->item_count);
  *p = *old;
  p->version = s->count ? s->words[0].key : S("");
  memcpy(cs, old->categories, old->category_count * sizeof *cs);
  p->categories = cs;
  p->items = items;
  p->item_count = 0;
  for (size_t k = 0; k < old->item_count; k++) {
    bool gone = false;
    Item item = old->items[k];
    for (size_t i = 1; i < s->count; i++) {
      int64_t n = 0;
      str_to_i64(s->words[i].value, &n);
      if (str_eqz(s->words[i].key, "without") && str_eq(s->words[i].value, item.code)) gone = true;
      if (str_eq(s->words[i].key, arena_fmt(m, "days.%.*s", SFMT(item.code)))) item.days = (int)n;
    }
    if (!gone) items[p->item_count++] = item;
  }
  for (size_t i = 1; i < s->count; i++) {
    const struct { const char *key; int *to; } settings[] = {{"ask_days", &p->ask_days}, {"lack_days", &p->lack_days}, {"lack_count", &p->lack_count}};
    int64_t n = 0;
    for (size_t k = 0; k < COUNT(settings); k++)
      if (str_eqz(s->words[i].key, settings[k].key) && str_to_i64(s->words[i].value, &n)) *settings[k].to = (int)n;
  }
  for (size_t k = 0; k < p->category_count; k++)
    for (int st = 1; st <= STAGE_MAX; st++)
      for (size_t i = 1; i < s->count; i++) {
        int64_t n = 0;
        if (str_eq(s->words[i].key, arena_fmt(m, "limit.%.*s.%d", SFMT(cs[k].code), st)) && str_to_i64(s->words[i].value, &n))
          cs[k].limit[st] = (int)n;
      }
  return p;
}

/* policy …: it holds from now on. */
static void do_policy(Scene *s) {
  world_policy(&s->w, policy_changed(s));
}

/* package …: it may be published. */
static void do_package(Scene *s) {
  Policy *p = policy_changed(s);
  for (size_t i = 1; i < s->count; i++)
    if (str_eqz(s->words[i].key, "from")) p->effective_from = s->words[i].value;
  world_known(&s->w, p);
}

/* days DATE=KIND[:NAME] …: the package's calendar as it stood at another time. */
static void do_days(Scene *s) {
  DayChange *list = arena_array(s->w.mem, DayChange, s->count + 1);
  if (s->w.count) {
    scene_fault(s, "the package's calendar is told before anything happens");
    return;
  }
  for (size_t i = 0; i < s->count; i++) {
    Str kind, name = {0};
    str_cut(s->words[i].value, ':', &kind, &name);
    list[i].name = name;
    if (!day_parse(s->words[i].key, &list[i].day) || !day_kind_parse(kind, &list[i].kind))
      scene_fault(s, "expected DATE=holiday|workday|normal[:NAME]");
  }
  if (!s->t->bad) world_days_were(&s->w, list, s->count);
}

/* ---- beside the case: what the room early would have in its tables ------------------------------------- */

/* plot NO status=… uscc=… NAME=VALUE …: the rest are its conditions */
static void do_plot(Scene *s) {
  Arena *m = s->w.mem;
  int64_t no = 0;
  Json *plot = json_put_obj(m, s->w.beside, S("plot"));
  if (!s->count || !str_to_i64(s->words[0].key, &no)) scene_fault(s, "expected plot NO");
  json_put_int(m, plot, S("no"), no);
  json_put_str(m, plot, S("number"), arena_fmt(m, "CB-%06lld", (long long)no));
  Json *values = json_put_obj(m, plot, S("values"));
  for (size_t i = 1; i < s->count; i++) {
    bool own = str_eqz(s->words[i].key, "status") || str_eqz(s->words[i].key, "uscc");
    json_put_str(m, own ? plot : values, s->words[i].key, s->words[i].value);
  }
}

/* reply NUMBER unit=… uscc=… */
static void do_reply(Scene *s) {
  Arena *m = s->w.mem;
  Json *cites = (Json *)(uintptr_t)json_get(s->w.beside, S("cites"));
  if (!cites) cites = json_put_obj(m, s->w.beside, S("cites"));
  Json *o = json_put_obj(m, cites, s->words[0].key);
  json_put_str(m, o, S("no"), s->words[0].key);
  json_put_str(m, o, S("subject"), S("建筑退线"));
  json_put_str(m, o, S("reply"), S("退道路红线不少于 15 米"));
  json_put_int(m, o, S("consult"), 1);
  for (size_t i = 1; i < s->count; i++) json_put_str(m, o, s->words[i].key, s->words[i].value);
}

/* mandate NUMBER [direct|county=C]: the order under which `agent` acts; without a number it has ended */
static void do_mandate(Scene *s) {
  Arena *m = s->w.mem;
  Str number = s->count ? s->words[0].key : S("");
  Json *kept = json_obj(m);
  for (const Json *v = s->w.beside->first; v; v = v->next)
    if (!str_starts(v->key, S("mandate"))) json_put(m, kept, v->key, v);
  s->w.beside = kept;
  if (!number.len) return;
  json_put_str(m, kept, S("mandate"), number);
  json_put_str(m, kept, S("mandate_owner"), S("葫芦岛示例机械有限公司"));
  json_put_str(m, kept, S("mandate_applicant"), S("owner"));
  if (s->count > 1 && str_eqz(s->words[1].key, "direct")) json_put_bool(m, kept, S("mandate_direct"), true);
  if (s->count > 1 && str_eqz(s->words[1].key, "county")) json_put_str(m, kept, S("mandate_county"), s->words[1].value);
}

/* ---- running --------------------------------------------------------------------------------------- */

static const struct { const char *verb; void (*run)(Scene *s); bool step; bool registered; } verbs[] = {
    {"on", do_on, true, false},         {"facts", do_facts, true, false},     {"policy", do_policy, true, false},
    {"days", do_days, true, false},     {"package", do_package, true, false},
    {"plot", do_plot, true, false},     {"reply", do_reply, true, false},     {"mandate", do_mandate, true, false},
    {"given", do_given, true, false},   {"when", do_when, true, false},       {"then", scene_then, false, false},
    {"refused", scene_refused, false, false}, {"project", scene_project, false, true},
    {"stage", scene_stage, false, true}, {"item", scene_item, false, true},
};

static void line_run(Scene *s, Str line) {
  Word *words = arena_array(s->t->mem, Word, WORDS_MAX);
  size_t n = scene_words(s->t->mem, line, words, WORDS_MAX);
  s->words = words + 1;
  s->count = n - 1;
  for (size_t i = 0; i < COUNT(verbs); i++) {
    if (!str_eqz(words[0].key, verbs[i].verb)) continue;
    int number = s->line;
    if (verbs[i].step) settle(s);
    s->line = number;
    s->line_text = line;
    if (verbs[i].registered && !s->w.pr) {
      scene_fault(s, "nothing is registered");
      s->stop = true;
    } else if (!s->stop) {
      verbs[i].run(s);
    }
    return;
  }
  s->line_text = line;
  scene_fault(s, "expected one of on, facts, policy, days, plot, reply, mandate, given, when, then, refused, project, stage, item");
}

static void scenario_run(Test *t, Cx *cx) {
  Scene s = {.t = t, .script = t->data};
  Str rest = s.script->text, line;
  bool more = true;
  world_open(&s.w, t->mem, huludao(cx));
  int number = s.script->first_line;
  for (; more && !s.stop; number++) {
    more = str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (number == s.script->first_line || !line.len || line.ptr[0] == '#') continue;
    s.line = number;
    line_run(&s, line);
    Str fault = s.w.pr && !s.stop ? world_fault(&s.w) : S("");
    if (fault.len) scene_fault(&s, "a rule that always holds is broken: %.*s", SFMT(fault));
  }
  settle(&s);
  EXPECT(s.w.count > 0 || s.w.code != OK);
  world_close(&s.w);
}

/* ---- reading --------------------------------------------------------------------------------------- */

static void script_add(Arena *mem, Str path, Str title, int line, Str text) {
  Script *script = arena_new(mem, Script);
  *script = (Script){.path = path, .title = title, .text = text, .first_line = line};
  test_register_with(arena_z(mem, title), scenario_run, arena_z(mem, path), script);
  script_count++;
}

static void file_scripts(Arena *mem, Str path, Str text) {
  Str rest = text, line, title = {0};
  const char *from = NULL;
  int number = 0, first = 0;
  bool more = true;
  while (more) {
    more = str_cut(rest, '\n', &line, &rest);
    number++;
    if (!str_starts(line, S("title "))) continue;
    if (from) script_add(mem, path, title, first, (Str){.ptr = from, .len = (size_t)(line.ptr - from)});
    from = line.ptr;
    first = number;
    title = str_trim(str_sub(line, 6, SIZE_MAX));
  }
  if (from) script_add(mem, path, title, first, (Str){.ptr = from, .len = (size_t)(text.ptr + text.len - from)});
}

static int is_script(const struct dirent *d) {
  return str_ends(str_of(d->d_name), S(".txt"));
}

static Arena *kept; /* for the life of the program */
__attribute__((destructor)) static void scenarios_drop(void) {
  arena_close_p(&kept);
}

__attribute__((constructor)) static void scenarios_register(void) {
  Arena *mem = kept = arena_open((size_t)64 << 20);
  Cx cx = {.mem = mem};
  struct dirent **list = NULL;
  Str dir = arena_fmt(mem, "%.*s/tests/scenarios", SFMT(test_root()));
  int n = scandir(arena_z(mem, dir), &list, is_script, alphasort);
  for (int i = 0; i < n; i++) {
    Str text = {0}, path = arena_fmt(mem, "%.*s/%s", SFMT(dir), list[i]->d_name);
    REQUIRE(file_read(&cx, path, FILE_BYTES_MAX, &text) == OK);
    file_scripts(mem, path, text);
    free(list[i]);
  }
  free(list);
}

TEST(the_scenarios_are_there) {
  EXPECT(script_count >= SCENARIOS_LEAST);
  EXPECT(script_count <= SCRIPTS_MAX);
}
