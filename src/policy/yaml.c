/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.c: a strict tree over libyaml's events; the only file that includes yaml.h. What an input method
 * types in place of ASCII punctuation is found before the parser sees it, since the parser would complain
 * about another line.
 */
#include "policy/policy_int.h"

#include <yaml.h>

/* The package of a city has some 1500 nodes in its largest file. The bounds keep a hostile file from filling
 * the arena or making the search for equal keys slow. */
enum { DEPTH_MAX = 16, NODES_MAX = 50000, KEYS_MAX = 200 };

__attribute__((format(printf, 5, 0)))
static void vmistake(Loader *l, Str file, int line, int column, const char *fmt, va_list ap) {
  if (l->count == COUNT(l->list)) return;
  l->list[l->count++] = (Mistake){.file = file, .line = line, .column = column, .text = arena_vfmt(l->mem, fmt, ap)};
}

void mistake_at(Loader *l, Str file, int line, int column, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  vmistake(l, file, line, column, fmt, ap);
  va_end(ap);
}

void mistake_node(Loader *l, const Node *n, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  vmistake(l, n->file, n->line, n->column, fmt, ap);
  va_end(ap);
}

const Node *node_get(const Node *map, const char *key) {
  for (const Node *n = map && map->kind == NODE_MAP ? map->first : NULL; n; n = n->next)
    if (str_eqz(n->key, key)) return n;
  return NULL;
}

/* ---- what an input method types ----------------------------------------------------------------- */

static size_t word_length(Str s) {
  size_t n = 0;
  while (n < s.len && ((s.ptr[n] >= 'a' && s.ptr[n] <= 'z') || (s.ptr[n] >= '0' && s.ptr[n] <= '9') || s.ptr[n] == '_'))
    n++;
  return n;
}

/* Marks of an input method inside {…} and […]: before a key, after a key, or in place of a bracket. */
static void flow_check(Loader *l, Str file, int line, Str text) {
  static const struct { const char *typed, *say; } marks[] = {
      {"：", "这里用了全角冒号“：”，请改成半角冒号加空格“: ”"},
      {"，", "这里用了全角逗号“，”，请改成半角逗号加空格“, ”"},
      {"｛", "这里用了全角括号，请改成半角 {"}, {"｝", "这里用了全角括号，请改成半角 }"},
      {"［", "这里用了全角括号，请改成半角 ["}, {"］", "这里用了全角括号，请改成半角 ]"},
      {"【", "这里用了全角括号，请改成半角 ["}, {"】", "这里用了全角括号，请改成半角 ]"}};
  char quote = 0;
  for (size_t at = 0; at < text.len; at++) {
    char c = text.ptr[at];
    if (quote) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '#' && (!at || text.ptr[at - 1] == ' ')) return;
    if (c == '"') quote = c;
    if ((unsigned char)c < 0xE3) continue; /* all marks begin with E3 or EF */
    Str rest = str_sub(text, at, SIZE_MAX);
    for (size_t i = 0; i < COUNT(marks); i++) {
      if (!str_starts(rest, str_of(marks[i].typed))) continue;
      Str after = str_trim(str_sub(rest, 3, SIZE_MAX));
      size_t word = word_length(after), before = at;
      while (before && word_length(str_sub(text, before - 1, 1))) before--;
      bool first = before && (text.ptr[before - 1] == '{' || (before > 1 && str_eq(str_sub(text, before - 2, 2), S(", "))));
      bool key = i == 0 ? before < at && first
                 : i == 1 ? word && str_starts(str_sub(after, word, SIZE_MAX), S(": "))
                          : at >= 2 && str_starts(str_sub(text, at - 2, 2), S(": "));
      if (!key) continue;
      mistake_at(l, file, line, (int)utf8_count(str_sub(text, 0, at)) + 1, "%s", marks[i].say);
      return;
    }
  }
}

static bool line_check(Loader *l, Str file, int line, Str text) {
  size_t at = 0;
  size_t before = l->count;
  while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '-')) at++;
  if (at < text.len && text.ptr[at] == '\t') {
    mistake_at(l, file, line, (int)at + 1, "这里用了制表符（Tab）缩进，请改用空格");
  } else if (str_starts(str_sub(text, at, SIZE_MAX), S("　"))) {
    mistake_at(l, file, line, (int)at + 1, "这里用了全角空格缩进，请改用半角空格");
  } else {
    size_t n = word_length(str_sub(text, at, SIZE_MAX));
    Str rest = str_sub(text, at + n, SIZE_MAX);
    if (n && str_starts(rest, S("：")))
      mistake_at(l, file, line, (int)(at + n) + 1, "这里用了全角冒号“：”，请改成半角冒号加空格“: ”");
    else if (n && (str_starts(rest, S(": “")) || str_starts(rest, S(": ”"))))
      mistake_at(l, file, line, (int)(at + n) + 3, "这里用了全角引号，请改成半角引号 \"");
    else if (n && str_starts(rest, S(":")) && rest.len > 1 && !strchr(" \r/", rest.ptr[1]))
      mistake_at(l, file, line, (int)(at + n) + 2, "冒号后面要空一格");
    else
      flow_check(l, file, line, text);
  }
  return l->count == before;
}

/* The column of the first character that is no UTF-8, a control or a direction mark. */
static void bad_character(Str line, int *column) {
  *column = 1;
  for (size_t at = 0, n; at < line.len; at += n, (*column)++) {
    for (n = 1; n <= 4 && !utf8_valid(str_sub(line, at, n)); n++) continue;
    Str one = str_sub(line, at, n);
    if (n > 4 || utf8_has_control(one) || utf8_has_bidi(one)) return;
  }
}

static bool text_check(Loader *l, Str file, Str text) {
  Str rest = text, line;
  bool good = true;
  for (int n = 1; rest.len; n++) {
    str_cut(rest, '\n', &line, &rest);
    int column = 1;
    if (!utf8_valid(line)) {
      bad_character(line, &column);
      mistake_at(l, file, n, column, "这里不是合法的 UTF-8，请用 UTF-8 编码保存文件");
      return false;
    }
    if (utf8_has_control(line) || utf8_has_bidi(line)) {
      bad_character(line, &column);
      mistake_at(l, file, n, column, "这里有看不见的控制字符，请删去");
      return false;
    }
    good &= line_check(l, file, n, line);
  }
  return good;
}

/* ---- events to nodes ---------------------------------------------------------------------------- */

typedef struct Build {
  Loader *l;
  Str file;
  yaml_parser_t parser;
  size_t nodes;
  bool bad;
} Build;

static void bad_at(Build *b, const yaml_mark_t *mark, const char *text) {
  if (!b->bad) mistake_at(b->l, b->file, (int)mark->line + 1, (int)mark->column + 1, "%s", text);
  b->bad = true;
}

static bool next_event(Build *b, yaml_event_t *e) {
  if (yaml_parser_parse(&b->parser, e)) return true;
  const yaml_mark_t *mark = &b->parser.problem_mark, *since = &b->parser.context_mark;
  if (!b->bad && b->parser.context && since->line < mark->line) /* an open bracket or quote is noticed late */
    mistake_at(b->l, b->file, (int)mark->line + 1, (int)mark->column + 1,
               "写法不对，请检查缩进、冒号、引号和括号，从第 %d 行看起", (int)since->line + 1);
  else bad_at(b, mark, "写法不对，请检查缩进、冒号、引号和括号");
  b->bad = true;
  return false;
}

static Node *node_make(Build *b, const yaml_event_t *e, NodeKind kind) {
  Node *n = arena_new(b->l->mem, Node);
  if (++b->nodes > NODES_MAX) bad_at(b, &e->start_mark, "文件内容太多，请拆分或删减");
  *n = (Node){.kind = kind, .file = b->file, .line = (int)e->start_mark.line + 1, .column = (int)e->start_mark.column + 1};
  return n;
}

static void node_link(Node *parent, Node *kid) {
  if (parent->last) parent->last->next = kid;
  else parent->first = kid;
  parent->last = kid;
}

static Node *build_node(Build *b, yaml_event_t *e, int depth);

static Node *build_list(Build *b, const yaml_event_t *start, int depth) {
  Node *list = node_make(b, start, NODE_LIST);
  for (;;) {
    yaml_event_t e;
    if (!next_event(b, &e)) return NULL;
    if (e.type == YAML_SEQUENCE_END_EVENT) {
      yaml_event_delete(&e);
      return list;
    }
    Node *kid = build_node(b, &e, depth + 1);
    if (!kid) return NULL;
    node_link(list, kid);
  }
}

static bool map_key(Build *b, yaml_event_t *e, const Node *map, Node *key) {
  if (e->type != YAML_SCALAR_EVENT) {
    bad_at(b, &e->start_mark, "这里应是键名");
    yaml_event_delete(e);
    return false;
  }
  key->key = arena_str(b->l->mem, (Str){.ptr = (const char *)e->data.scalar.value, .len = e->data.scalar.length});
  key->key_line = (int)e->start_mark.line + 1;
  key->key_column = (int)e->start_mark.column + 1;
  size_t count = 0;
  for (const Node *n = map->first; n; n = n->next, count++)
    if (str_eq(n->key, key->key)) bad_at(b, &e->start_mark, "同一个键写了两次，请删去一个");
  if (count == KEYS_MAX) bad_at(b, &e->start_mark, "一组里的键太多");
  yaml_event_delete(e);
  return !b->bad;
}

static Node *build_map(Build *b, const yaml_event_t *start, int depth) {
  Node *map = node_make(b, start, NODE_MAP);
  for (;;) {
    yaml_event_t e;
    Node key = {0};
    if (!next_event(b, &e)) return NULL;
    if (e.type == YAML_MAPPING_END_EVENT) {
      yaml_event_delete(&e);
      return map;
    }
    if (!map_key(b, &e, map, &key) || !next_event(b, &e)) return NULL;
    Node *kid = build_node(b, &e, depth + 1);
    if (!kid) return NULL;
    kid->key = key.key;
    kid->key_line = key.key_line;
    kid->key_column = key.key_column;
    node_link(map, kid);
  }
}

static Node *build_scalar(Build *b, const yaml_event_t *e) {
  Node *n = node_make(b, e, NODE_SCALAR);
  Str text = {.ptr = (const char *)e->data.scalar.value, .len = e->data.scalar.length};
  n->text = utf8_nfc(b->l->mem, text);
  n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
  if (e->data.scalar.anchor) bad_at(b, &e->start_mark, "不用锚点（&），请直接写内容");
  if (e->data.scalar.tag) bad_at(b, &e->start_mark, "不用标签（!），请直接写内容");
  return b->bad ? NULL : n;
}

static Node *build_node(Build *b, yaml_event_t *e, int depth) {
  Node *n = NULL;
  bool marked = (e->type == YAML_MAPPING_START_EVENT && (e->data.mapping_start.anchor || e->data.mapping_start.tag)) ||
                (e->type == YAML_SEQUENCE_START_EVENT && (e->data.sequence_start.anchor || e->data.sequence_start.tag));
  if (b->bad) n = NULL;
  else if (depth > DEPTH_MAX) bad_at(b, &e->start_mark, "嵌套太深，请少缩进几层");
  else if (marked) bad_at(b, &e->start_mark, "不用锚点（&）和标签（!），请直接写内容");
  else if (e->type == YAML_ALIAS_EVENT) bad_at(b, &e->start_mark, "不用别名（*），请直接写内容");
  else if (e->type == YAML_SCALAR_EVENT) n = build_scalar(b, e);
  else if (e->type == YAML_SEQUENCE_START_EVENT) n = build_list(b, e, depth);
  else if (e->type == YAML_MAPPING_START_EVENT) n = build_map(b, e, depth);
  yaml_event_delete(e);
  return b->bad ? NULL : n;
}

static Node *build_document(Build *b) {
  Node *root = NULL;
  for (bool more = true; more && !b->bad;) {
    yaml_event_t e;
    if (!next_event(b, &e)) return NULL;
    yaml_event_type_t type = e.type;
    if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT || type == YAML_DOCUMENT_END_EVENT ||
        type == YAML_STREAM_END_EVENT) {
      if (type == YAML_DOCUMENT_START_EVENT && root) bad_at(b, &e.start_mark, "一个文件只能有一份内容（不要写 ---）");
      yaml_event_delete(&e);
      more = type != YAML_STREAM_END_EVENT;
    } else {
      root = build_node(b, &e, 1);
      if (!root) return NULL;
    }
  }
  return b->bad ? NULL : root;
}

Node *yaml_read(Loader *l, Str file, Str text) {
  Build b = {.l = l, .file = file};
  if (!text_check(l, file, text)) return NULL;
  REQUIRE(yaml_parser_initialize(&b.parser) == 1);
  yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&b.parser, (const unsigned char *)text.ptr, text.len);
  Node *root = build_document(&b);
  yaml_parser_delete(&b.parser);
  if (!root && !b.bad) mistake_at(l, file, 1, 1, "文件是空的，请写上内容");
  if (root && root->kind != NODE_MAP) {
    mistake_node(l, root, "文件的最外层应是“键: 值”");
    return NULL;
  }
  return root;
}
