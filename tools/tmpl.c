/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tmpl: compiles page templates to C. The syntax is described in docs/howto/add-a-page.md.
 *
 *   tmpl [-n TABLE] FILE.html …   C on standard output; TABLE (default tmpl_table) names the list at its end
 *   tmpl -t FILE.html …           the literals of {{t …}}, one a line, for the catalogue of translations
 *   tmpl -w FILE.html …           the same, each after "file:line: "
 *
 * The compiler follows the HTML far enough to know where each hole stands: in text, in the value of an
 * attribute, or where no hole may be. There is no way to write unescaped text. A fault ends it with
 * "file:line: what is wrong" and status 1, so that a bad template cannot be built.
 */
#include "tmpl.h"

enum { FILES_MAX = 400, BLOCKS_MAX = 32, DEPTH_MAX = 14, HOLE_MAX = 2000 };

typedef enum Kind { IF, UNLESS, IS, EACH, WITH } Kind;
typedef struct Block {
  Kind kind;
  int line;
  bool has_else;
  bool start_left, space_left; /* as the first of two branches left them */
  State before;
} Block;

typedef struct Use { /* a partial used by a file, and how many scopes were open there */
  int file, depth, line;
} Use;

typedef struct File {
  const char *path;
  char name[WORD_MAX];
  bool part;
  char *text;
  Use uses[64];
  int use_count, depth;
} File;

static File files[FILES_MAX];
static int file_count;
static bool only_msgids, with_place;

/* ---- the file being compiled -------------------------------------------------------------------- */

static File *file;
Source src;
static Block blocks[BLOCKS_MAX];
static int block_count, scope_depth;

void fault(int where, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fprintf(stderr, "%s:%d: ", file->path, where);
  vfprintf(stderr, fmt, ap);
  fputc('\n', stderr);
  va_end(ap);
  exit(1);
}

static void emit(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void emit(const char *fmt, ...) {
  if (only_msgids) return;
  va_list ap;
  va_start(ap, fmt);
  vprintf(fmt, ap);
  va_end(ap);
}

/* A C string literal of n bytes; '?' is escaped because C17 still has trigraphs. */
static void emit_c_string(const char *p, size_t n) {
  if (only_msgids) return;
  putchar('"');
  for (size_t i = 0; i < n; i++) {
    switch (p[i]) {
      case '"': fputs("\\\"", stdout); break;
      case '\\': fputs("\\\\", stdout); break;
      case '?': fputs("\\?", stdout); break;
      case '\n': fputs("\\n", stdout); break;
      case '\t': fputs("\\t", stdout); break;
      default: putchar(p[i]);
    }
  }
  putchar('"');
}

void lit_flush(void) {
  if (!src.lit_len) return;
  emit("  html_lit(h, ");
  emit_c_string(src.lit, src.lit_len);
  emit(");\n");
  src.lit_len = 0;
}

/* ---- holes --------------------------------------------------------------------------------------- */

static const char *name_end(const char *p) { /* NULL when there is no name at p */
  for (;;) {
    if (!isalpha((unsigned char)*p) && *p != '_') return NULL;
    while (isalnum((unsigned char)*p) || *p == '_') p++;
    if (*p != '.') return p;
    p++;
  }
}

static void check_name(const char *s) {
  const char *end = name_end(s);
  if (!end || *end) fault(src.line, "\"%s\" is not a name", s);
}

static void emit_get(const char *name) {
  if (!strcmp(name, "this")) emit("html_this(h)");
  else emit("%s(h, S(\"%s\"))", strchr(name, '.') ? "html_get" : "html_name", name);
}

/* Where a value may be wrapped into an element that names its language. */
static bool in_element(void) {
  static const char *const text_only[] = {"title", "textarea", "option", "script", NULL};
  if (src.st.where != TEXT) return false;
  for (const char *const *e = text_only; *e; e++)
    if (!src.st.closing && !strcmp(src.st.element, *e)) return false;
  return true;
}

static void value_hole(const char *name, const char *in_value, const char *in_text) {
  check_name(name);
  if (src.st.where != TEXT && src.st.where != VALUE)
    fault(src.line, "no {{%s}} here: only in text and in quoted values of attributes", name);
  if (src.st.where == VALUE && is_url_attr(src.st.attr))
    fault(src.line, "write {{url %s}} in %s", name, src.st.attr);
  lit_flush();
  emit("  %s(h, ", in_element() ? in_text : in_value);
  emit_get(name);
  emit(");\n");
  src.st.start = false;
}

static void url_hole(const char *name) {
  check_name(name);
  if (src.st.where != VALUE || !is_url_attr(src.st.attr)) fault(src.line, "{{url %s}} belongs into href, src or action", name);
  lit_flush();
  emit("  %s(h, ", src.st.start ? "html_url_value" : "html_url_part");
  emit_get(name);
  emit(");\n");
  src.st.start = false;
}

static void asset_hole(const char *name) {
  if (src.st.where != VALUE || !is_url_attr(src.st.attr) || !src.st.start)
    fault(src.line, "{{asset %s}} must be the whole of href or src", name);
  lit_flush();
  emit("  html_asset(h, S(");
  emit_c_string(name, strlen(name));
  emit("));\n");
  src.st.start = false;
}

static void text_hole(const char *text) {
  if (src.st.where != TEXT && src.st.where != VALUE) fault(src.line, "no {{t …}} here");
  if (src.st.where == VALUE && is_url_attr(src.st.attr)) fault(src.line, "no {{t …}} in %s", src.st.attr);
  bool fill = false;
  for (const char *p = text; (p = strchr(p, '{')); fill = true) {
    const char *end = name_end(p + 1);
    if (!end || *end != '}') fault(src.line, "a placeholder in {{t …}} is {name}");
    p = end;
  }
  if (only_msgids && with_place) printf("%s:%d: ", file->path, src.line);
  if (only_msgids) printf("%s\n", text);
  lit_flush();
  emit("  %s(h, S(", !fill ? "html_tr" : in_element() ? "html_tr_show" : "html_tr_fill");
  emit_c_string(text, strlen(text));
  emit("));\n");
  src.st.start = false;
}

/* {{cite clause}}, {{cite "D60-2.6.1"}}: the clause as an office writes it. */
static void cite_hole(const char *name) {
  if (src.st.where != TEXT) fault(src.line, "{{cite %s}} stands in text", name);
  size_t n = strlen(name);
  bool literal = n > 2 && name[0] == '"' && name[n - 1] == '"';
  if (!literal) check_name(name);
  lit_flush();
  if (literal) {
    emit("  html_cite_id(h, S(");
    emit_c_string(name + 1, n - 2);
    emit("));\n");
  } else {
    emit("  html_cite(h, ");
    emit_get(name);
    emit(");\n");
  }
  src.st.start = false;
}

static int file_named(const char *name, bool part) {
  for (int i = 0; i < file_count; i++)
    if (files[i].part == part && !strcmp(files[i].name, name)) return i;
  return -1;
}

static void part_hole(const char *name) {
  if (src.st.where != TEXT) fault(src.line, "{{> %s}} may stand only between elements", name);
  int i = file_named(name, true);
  if (i < 0) fault(src.line, "no partial \"%s\": there is no file _%s.html", name, name);
  if (file->use_count == (int)(sizeof file->uses / sizeof *file->uses)) fault(src.line, "too many partials");
  file->uses[file->use_count++] = (Use){.file = i, .depth = scope_depth, .line = src.line};
  lit_flush();
  emit("  part_%s(h);\n", name);
}

/* ---- blocks -------------------------------------------------------------------------------------- */

static const char *const kind_names[] = {"if", "unless", "is", "each", "with"};

static void block_condition(Kind kind, char *rest) {
  char *literal = NULL;
  if (kind == IS) {
    literal = strchr(rest, '"');
    char *end = literal ? strrchr(literal, '"') : NULL;
    if (!literal || end == literal || end[1]) fault(src.line, "write {{#is name \"literal\"}}");
    *end = 0;
    *literal++ = 0;
    for (char *p = literal - 2; p >= rest && *p == ' '; p--) *p = 0;
  }
  check_name(rest);
  emit("  { const Json *x%d = ", block_count);
  emit_get(rest);
  emit(";\n");
  switch (kind) {
    case IF: emit("  if (html_true(x%d)) {\n", block_count); break;
    case UNLESS: emit("  if (!html_true(x%d)) {\n", block_count); break;
    case IS:
      emit("  if (html_is(x%d, S(", block_count);
      emit_c_string(literal, strlen(literal));
      emit("))) {\n");
      break;
    case EACH:
      emit("  for (const Json *i%d = html_first(x%d); i%d; i%d = i%d->next) {\n  html_push(h, i%d);\n",
           block_count, block_count, block_count, block_count, block_count, block_count);
      break;
    case WITH: emit("  if (html_true(x%d)) {\n  html_push(h, x%d);\n", block_count, block_count); break;
  }
}

static void block_open(char *text) {
  size_t n = strcspn(text, " ");
  int kind = 0;
  while (kind < 5 && (strlen(kind_names[kind]) != n || strncmp(text, kind_names[kind], n))) kind++;
  if (kind == 5 || text[n] != ' ') fault(src.line, "no block {{#%s}}: if, unless, is, each, with", text);
  if (src.st.where != TEXT && src.st.where != TAG && src.st.where != VALUE) fault(src.line, "no block may begin here");
  if (block_count == BLOCKS_MAX) fault(src.line, "blocks are nested too deeply");
  lit_flush();
  block_condition((Kind)kind, text + n + 1);
  blocks[block_count++] = (Block){.kind = (Kind)kind, .line = src.line, .before = src.st};
  if (kind == EACH || kind == WITH) scope_depth++;
  if (scope_depth > file->depth) file->depth = scope_depth;
  if (scope_depth > DEPTH_MAX) fault(src.line, "more than %d scopes are open", DEPTH_MAX);
}

static void check_same_place(const Block *b, const char *what) {
  const State *a = &b->before;
  bool same = a->where == src.st.where && a->pre == src.st.pre;
  if (same && a->where != TEXT) same = !strcmp(a->element, src.st.element) && a->closing == src.st.closing;
  if (same && a->where == VALUE) same = !strcmp(a->attr, src.st.attr) && a->quote == src.st.quote;
  if (!same)
    fault(src.line, "{{%s}} stands at another place of the HTML than {{#%s}} on line %d", what,
          kind_names[b->kind], b->line);
}

static void block_else(void) {
  if (!block_count || blocks[block_count - 1].has_else) fault(src.line, "{{else}} without a block");
  Block *b = &blocks[block_count - 1];
  check_same_place(b, "else");
  lit_flush();
  b->has_else = true;
  b->start_left = src.st.start;
  b->space_left = src.st.need_space;
  src.st = b->before;
  if (b->kind == EACH) {
    emit("  html_pop(h); }\n  if (!html_first(x%d)) {\n", block_count - 1);
  } else {
    emit("  %s} else {\n", b->kind == WITH ? "html_pop(h); " : "");
  }
  if (b->kind == EACH || b->kind == WITH) scope_depth--;
}

static void block_close(const char *name) {
  if (!block_count) fault(src.line, "{{/%s}} without {{#%s}}", name, name);
  Block *b = &blocks[--block_count];
  if (strcmp(name, kind_names[b->kind]))
    fault(src.line, "{{/%s}} closes {{#%s}} of line %d", name, kind_names[b->kind], b->line);
  check_same_place(b, name);
  lit_flush();
  bool scoped = (b->kind == EACH || b->kind == WITH) && !b->has_else;
  emit("  %s} }\n", scoped ? "html_pop(h); " : "");
  if (scoped) scope_depth--;
  src.st.need_space |= b->before.need_space || b->space_left;
  src.st.start = b->before.start && (!b->has_else || b->start_left || src.st.start);
}

/* ---- files --------------------------------------------------------------------------------------- */

static void comment_end(const char *end) { /* a comment alone on its line leaves nothing */
  for (const char *c = src.at; c < end; c++) src.line += *c == '\n';
  src.at = end + 2;
  if (*src.at != '\n' || (src.lit_len && src.lit[src.lit_len - 1] != '\n')) return;
  src.at++;
  src.line++;
}

static void take_hole(void) {
  static char text[HOLE_MAX];
  const char *end = strstr(src.at, "}}");
  if (!end) fault(src.line, "\"{{\" without \"}}\"");
  if (src.at[2] == '!') {
    comment_end(end);
    return;
  }
  if (!strncmp(src.at, "{{t ", 4) && end[2] == '}') end++;
  const char *p = src.at + 2;
  const char *e = end;
  while (p < e && isspace((unsigned char)*p)) p++;
  while (e > p && isspace((unsigned char)e[-1])) e--;
  size_t n = (size_t)(e - p);
  if (n >= sizeof text || memchr(p, '\n', n)) fault(src.line, "a hole stands on one line, at most %d bytes", HOLE_MAX);
  memcpy(text, p, n);
  text[n] = 0;
  html_before_hole();
  if (text[0] == '#') block_open(text + 1);
  else if (text[0] == '/') block_close(text + 1);
  else if (text[0] == '>') part_hole(text + 1 + strspn(text + 1, " "));
  else if (!strcmp(text, "else")) block_else();
  else if (!strncmp(text, "t ", 2)) text_hole(text + 2);
  else if (!strncmp(text, "url ", 4)) url_hole(text + 4 + strspn(text + 4, " "));
  else if (!strncmp(text, "cite ", 5)) cite_hole(text + 5 + strspn(text + 5, " "));
  else if (!strncmp(text, "asset ", 6)) asset_hole(text + 6);
  else if (!strncmp(text, "tr ", 3)) value_hole(text + 3 + strspn(text + 3, " "), "html_words", "html_words_show");
  else value_hole(text, "html_value", "html_show");
  src.at = end + 2;
}

static void compile(File *f) {
  file = f;
  src.at = f->text;
  src.line = 1;
  src.st = (State){.where = TEXT};
  block_count = scope_depth = 0;
  if (f->part) emit("\nstatic void part_%s(Html *h) {\n  (void)h;\n", f->name);
  else emit("\nstatic void page_%s(Html *h, const Json *view) {\n  html_push(h, view);\n", f->name);
  while (*src.at) {
    if (src.at[0] == '{' && src.at[1] == '{') {
      if (src.st.where == COMMENT) fault(src.line, "a hole inside <!-- -->: use {{! … }} for comments");
      take_hole();
    } else if (!html_take_space()) {
      if (*src.at == '\n') src.line++;
      html_take();
      src.at++;
    }
  }
  if (block_count)
    fault(blocks[block_count - 1].line, "{{#%s}} is never closed", kind_names[blocks[block_count - 1].kind]);
  if (src.st.where != TEXT) fault(src.line, "the file ends inside <%s>", src.st.element);
  lit_flush();
  emit("%s}\n", f->part ? "" : "  html_pop(h);\n");
}

/* How many scopes f opens at most, with its partials; a partial that uses itself is refused. */
static int depth_of(File *f, int level) {
  int deepest = f->depth;
  for (int i = 0; i < f->use_count; i++) {
    file = f;
    if (level > FILES_MAX) fault(f->uses[i].line, "this partial uses itself");
    int d = f->uses[i].depth + depth_of(&files[f->uses[i].file], level + 1);
    file = f;
    if (d > DEPTH_MAX) fault(f->uses[i].line, "more than %d scopes are open", DEPTH_MAX);
    if (d > deepest) deepest = d;
  }
  return deepest;
}

static void read_file(const char *path) {
  static File none;
  file = &none;
  none.path = path;
  if (file_count == FILES_MAX) fault(0, "more than %d templates", FILES_MAX);
  File *f = &files[file_count];
  const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  f->path = path;
  f->part = base[0] == '_';
  base += f->part;
  size_t n = strcspn(base, ".");
  if (!n || n >= WORD_MAX || strcmp(base + n, ".html")) fault(0, "a template is named name.html or _name.html");
  memcpy(f->name, base, n);
  for (size_t i = 0; i < n; i++)
    if (!isalnum((unsigned char)base[i]) && base[i] != '_') fault(0, "the name may hold a-z, 0-9 and _");
  if (file_named(f->name, f->part) >= 0) fault(0, "two templates are named \"%s\"", f->name);
  FILE *in = fopen(path, "rb");
  if (!in || fseek(in, 0, SEEK_END)) fault(0, "cannot be read");
  long size = ftell(in);
  rewind(in);
  f->text = calloc((size_t)size + 16, 1); /* zeros behind the end: the scanner looks a few bytes ahead */
  if (!f->text || fread(f->text, 1, (size_t)size, in) != (size_t)size) fault(0, "cannot be read");
  if (strlen(f->text) != (size_t)size) fault(1, "a NUL byte");
  fclose(in);
  file_count++;
}

/* Whether anything of the page itself is in the catalogue of translations: else only its frame can be in another language. */
static bool translated(const File *f) {
  return strstr(f->text, "{{t ") || strstr(f->text, "{{tr ");
}

int main(int argc, char **argv) {
  const char *table = "tmpl_table";
  int first = 1;
  if (argc > 1 && (!strcmp(argv[1], "-t") || !strcmp(argv[1], "-w"))) {
    only_msgids = true;
    with_place = argv[1][1] == 'w';
    first = 2;
  } else if (argc > 2 && !strcmp(argv[1], "-n")) {
    table = argv[2];
    first = 3;
  }
  for (int i = first; i < argc; i++) read_file(argv[i]);
  emit("/* Made from the page templates; do not edit. */\n"
       "#include \"web/web.h\"\n#include \"web/web_int.h\"\n\n");
  for (int i = 0; i < file_count; i++)
    if (files[i].part) emit("static void part_%s(Html *h);\n", files[i].name);
  for (int i = 0; i < file_count; i++) compile(&files[i]);
  for (int i = 0; i < file_count; i++) depth_of(&files[i], 0);
  emit("\nextern const TmplEntry %s[];\nconst TmplEntry %s[] = {\n", table, table);
  for (int i = 0; i < file_count; i++)
    if (!files[i].part) emit("  {\"%s\", page_%s, %d},\n", files[i].name, files[i].name, translated(&files[i]));
  emit("  {NULL, NULL, 0}};\n");
  return 0;
}
