/* SPDX-License-Identifier: Apache-2.0 */
/* policy_int: what the files of room policy share: the tree of a file, the loader, compiled conditions. */
#ifndef POLICY_INT_H
#define POLICY_INT_H

#include "policy/policy.h"

/* ---- the tree of a YAML file (yaml.c) ----------------------------------------------------------- */

typedef enum NodeKind { NODE_SCALAR, NODE_MAP, NODE_LIST } NodeKind;
typedef struct Node Node;
struct Node {
  NodeKind kind;
  Str file, text;          /* text of a scalar */
  int line, column;        /* 1-based */
  bool quoted;
  Str key;                 /* when member of a map; its own place: */
  int key_line, key_column;
  Node *first, *last, *next;
};

typedef struct Loader {
  Cx *cx;
  Arena *mem;
  Policy *p;
  Mistake list[100];
  size_t count;
  struct Pending { const Node *node; const Expr **slot; } *pending; /* conditions to compile */
  size_t pending_count, pending_cap;
  struct Origin { const void *what; const Node *node; } *origins; /* where a row was written */
  size_t origin_count, origin_cap;
} Loader;

void mistake_at(Loader *l, Str file, int line, int column, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void mistake_node(Loader *l, const Node *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* NULL after adding mistakes. Refuses aliases, anchors, tags, duplicate keys, several documents. */
Node *yaml_read(Loader *l, Str file, Str text);
/* Rows of a CSV of this name added to a list as maps; false after saying what is wrong. */
bool csv_append(Loader *l, Str file, Str text, Node *list);
const Node *node_get(const Node *map, const char *key);
/* Doubles an array in the arena when it is full. */
void *grown(Arena *mem, void *list, size_t count, size_t *cap, size_t size);
void origin_add(Loader *l, const void *what, const Node *node);
const Node *origin_of(const Loader *l, const void *what); /* the node a row came from */

/* ---- rows by description (load.c) --------------------------------------------------------------- */

typedef enum CellKind {
  CELL_STR, CELL_INT, CELL_BOOL, CELL_STRS, CELL_EXPR, CELL_SOURCE, CELL_LIMITS, CELL_CHOICES, CELL_FOUR,
  CELL_TYPE, CELL_HOLDER, CELL_MILLI
} CellKind;
typedef struct Cell {
  const char *key;
  CellKind kind;
  bool required;
  size_t at, count_at;     /* offsets in the row */
} Cell;
#define AT(type, field) offsetof(type, field)
#define CELL(type, kind, field, need) {#field, kind, need, AT(type, field), 0}
#define LIST(type, kind, field, counter) {#field, kind, false, AT(type, field), AT(type, counter)}
#define SOURCE(type, prefix, field) {prefix, CELL_SOURCE, false, AT(type, field), 0}
/* cells.c */
extern const Cell policy__body_cells[9];
extern const Cell policy__rule_cells[4];
extern const Cell policy__grade_cells[4];
extern const Cell policy__dimension_cells[3];
extern const Cell policy__indicator_cells[9];
extern const Cell policy__condition_cells[8];
extern const Cell policy__contradiction_cells[6]; /* answers.c */
extern const Cell policy__permit_cells[12];
extern const Cell policy__notice_cells[7];
extern const Cell policy__survey_cells[8];
extern const Cell policy__saying_cells[2];
extern const Cell policy__sphere_cells[2];
extern const Cell policy__errand_cells[2];
extern const Cell policy__layer_cells[10];
extern const Cell policy__act_cells[8];
extern const Cell policy__spgl_table_cells[6];
extern const Cell policy__spgl_column_cells[9];
extern const Cell policy__spgl_code_cells[5];
extern const Cell policy__spgl_act_cells[4];
/* Reads a map into a row; unknown and missing keys are mistakes. */
void row_read(Loader *l, const Node *map, const Cell *cells, size_t n, void *row);
/* Reads a list of maps into an array of rows of `size` bytes. */
void *rows_read(Loader *l, const Node *list, const Cell *cells, size_t n, size_t size, size_t *count);

/* Other keys than these are mistakes of a file, and so is one that is not there. */
void policy__keys(Loader *l, const Node *root, const char *const *allowed, size_t n);

/* All tables of a package, as they are compared (diff.c). */
typedef struct TableInfo {
  const char *title;
  const Cell *cells;
  size_t cell_count, size;
  CellKind key_kind;       /* CELL_STR or CELL_INT */
  size_t key_at, name_at;  /* offsets in the row */
  int form;                /* 1..4: that stage's form; −1 otherwise */
  size_t rows_at, count_at; /* offsets in Policy: of a pointer to rows; count_at 0: the row or rows themselves */
  size_t fixed;            /* their number then */
} TableInfo;
const TableInfo *policy__tables(size_t *count);
const TableInfo *policy__ledger_tables(size_t *count); /* more of them */
Str policy__label(const Cell *c); /* 牵头单位 for "lead"; the key itself when it has no name */
const char *policy__rows(const TableInfo *t, const Policy *p, size_t *count);

void policy__load_tables(Loader *l, Str dir); /* tables.c: each file into its place */
/* A file of the package, into its hash; and one that a package may lack, as a tree. False: it cannot be read, which is said; *root NULL: it is
 * not there. */
bool policy__file_text(Loader *l, Str dir, const char *name, Hasher *h, Str *text);
bool policy__optional(Loader *l, Str dir, const char *name, Hasher *h, Node **root);
bool policy__gazette(Loader *l, Str dir, Hasher *h); /* gazette.c */
void policy__check(Loader *l);                /* check.c: across files */

/* ---- the linter (lint*.c) -------------------------------------------------------------------------- */

typedef struct Lint {
  Loader *l;
  const Policy *p;
  struct Finding *list;
  size_t count, cap;
  bool *seen;              /* notes that a detector met */
} Lint;
void lint_error(Lint *t, const char *rule, const void *row, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* A contradiction of `kind` in a clause: recorded, or an error. */
void lint_contradiction(Lint *t, const char *kind, const Clause *c, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void lint_texts(Lint *t);      /* lint_text.c: clauses against the data and each other */
void lint_rows(Lint *t);       /* lint_row.c: rows that nobody needs or nobody can work on */
void lint_conditions(Lint *t); /* lint_cond.c: conditions tried out */
Loader *policy__load(Cx *cx, Str dir);
bool item__waits_for_itself(Arena *mem, const Policy *p, const Item *item); /* 互为前置 */

/* ---- conditions (expr.c) ------------------------------------------------------------------------ */

typedef enum ExprOp { EXPR_FACT, EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE, EXPR_IN, EXPR_AND, EXPR_OR, EXPR_NOT } ExprOp;
struct Expr {
  ExprOp op;
  const Expr *left, *right;
  Str fact;                /* name */
  const Str *values;       /* literals compared with; one, or several for IN */
  size_t value_count;
  Str text;                /* the whole condition as written, at the root */
};
/* Names that are always known besides the declared facts. */
bool expr_builtin(Str name);
Str policy__said(Arena *mem, const Policy *p, const Field *f, Str fact, Str value); /* a value as the form calls it (explain.c) */
const Field *fact_find(const Policy *p, Str name_or_label);

#endif
