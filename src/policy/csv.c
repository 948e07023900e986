/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.c: long lists beside a YAML file. units.csv adds its rows to those of units.yaml; its head names the same
 * keys. RFC 4180 with a quote around what holds a comma; an empty cell is a key that is not written; "|" parts the
 * entries of a list. The rows become the same tree as the YAML's, so all checks and places hold.
 */
#include "policy/policy_int.h"

enum { COLUMNS_MAX = 64, ROWS_MAX = 20000 };

typedef struct Sheet {
  Loader *l;
  Str file, text;
  size_t at;
  int line, column;      /* of text[at], from 1; columns count characters */
} Sheet;

static char next(Sheet *s) {
  char c = s->text.ptr[s->at++];
  if (c == '\n') s->line++, s->column = 1;
  else if (((unsigned char)c & 0xC0) != 0x80) s->column++;
  return c;
}

static Node *node_at(Sheet *s, NodeKind kind) {
  Node *n = arena_new(s->l->mem, Node);
  *n = (Node){.kind = kind, .file = s->file, .line = s->line, .column = s->column};
  return n;
}

static void link_node(Node *parent, Node *kid) {
  if (parent->last) parent->last->next = kid;
  else parent->first = kid;
  parent->last = kid;
}

/* One cell, its end (comma, line end, end of text) not taken. False after saying what is wrong. */
static bool cell_read(Sheet *s, Node *cell) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, (size_t)1 << 20);
  bool quoted = s->at < s->text.len && s->text.ptr[s->at] == '"', closed = !quoted;
  if (quoted) next(s);
  while (s->at < s->text.len) {
    char c = s->text.ptr[s->at];
    if (!quoted && (c == ',' || c == '\n' || c == '\r')) break;
    next(s);
    if (quoted && c == '"') {
      if (s->at < s->text.len && s->text.ptr[s->at] == '"') next(s);
      else {
        closed = true;
        break;
      }
    }
    buf_char(&b, c);
  }
  bool ends = s->at >= s->text.len || s->text.ptr[s->at] == ',' || s->text.ptr[s->at] == '\n' || s->text.ptr[s->at] == '\r';
  if (!closed || !ends || b.full) {
    mistake_node(s->l, cell, "这一格的引号没有成对，请检查；格子里有引号的写两个");
    return false;
  }
  cell->text = arena_str(s->l->mem, str_trim(buf_str(&b)));
  cell->quoted = quoted;
  return true;
}

/* "甲|乙" as a list. */
static void split(Sheet *s, Node *cell) {
  Str rest = cell->text, part;
  if (!str_has(rest, S("|"))) return;
  cell->kind = NODE_LIST;
  for (bool more = true; more;) {
    more = str_cut(rest, '|', &part, &rest);
    Node *n = arena_new(s->l->mem, Node);
    *n = (Node){.kind = NODE_SCALAR, .file = cell->file, .line = cell->line, .column = cell->column, .text = str_trim(part), .quoted = true};
    link_node(cell, n);
  }
}

static void line_end(Sheet *s) {
  if (s->at < s->text.len && s->text.ptr[s->at] == '\r') next(s);
  if (s->at < s->text.len && s->text.ptr[s->at] == '\n') next(s);
}

static bool head_read(Sheet *s, Node *keys, size_t *count) {
  for (*count = 0; *count < COLUMNS_MAX; (*count)++) {
    keys[*count] = *node_at(s, NODE_SCALAR);
    if (!cell_read(s, &keys[*count])) return false;
    for (size_t i = 0; i < *count; i++)
      if (str_eq(keys[i].text, keys[*count].text)) {
        mistake_node(s->l, &keys[*count], "表头里“%.*s”写了两次，请删去一列", SFMT(keys[i].text));
        return false;
      }
    if (s->at >= s->text.len || s->text.ptr[s->at] != ',') {
      (*count)++;
      line_end(s);
      return true;
    }
    next(s);
  }
  mistake_node(s->l, &keys[0], "表头超过 %d 列，请删减", COLUMNS_MAX);
  return false;
}

static bool row_into(Sheet *s, Node *map, const Node *keys, size_t count) {
  for (size_t i = 0;; i++) {
    Node *cell = node_at(s, NODE_SCALAR);
    if (!cell_read(s, cell)) return false;
    if (i >= count && cell->text.len) {
      mistake_node(s->l, cell, "这一行比表头多出一列，请删去多余的逗号");
      return false;
    }
    if (i < count && cell->text.len) {
      cell->key = keys[i].text;
      cell->key_line = cell->line;
      cell->key_column = cell->column;
      split(s, cell);
      link_node(map, cell);
    }
    if (s->at >= s->text.len || s->text.ptr[s->at] != ',') break;
    next(s);
  }
  line_end(s);
  return true;
}

bool csv_append(Loader *l, Str file, Str text, Node *list) {
  Sheet s = {.l = l, .file = file, .text = text, .line = 1, .column = 1};
  Node keys[COLUMNS_MAX];
  size_t count, rows = 0;
  if (str_starts(text, S("\xEF\xBB\xBF"))) s.at = 3;
  if (!utf8_valid(text)) {
    mistake_node(l, node_at(&s, NODE_SCALAR), "不是 UTF-8 文字，请另存为 UTF-8");
    return false;
  }
  if (!head_read(&s, keys, &count)) return false;
  while (s.at < text.len) {
    Node *map = node_at(&s, NODE_MAP);
    if (!row_into(&s, map, keys, count)) return false;
    if (++rows > ROWS_MAX) {
      mistake_node(l, map, "超过 %d 行，请删减", ROWS_MAX);
      return false;
    }
    if (map->first) link_node(list, map);
  }
  return true;
}
