/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db_pg_text.c: the common texts in PostgreSQL's words.
 *
 *   in statements  ?1 → $1; LIMIT ?1 → LIMIT nullif($1, -1), since -1 is no limit in SQLite and a fault here
 *   in scripts     INTEGER → bigint, BLOB → bytea, TEXT → text COLLATE "C" (sorted by bytes, as in SQLite);
 *                  WITHOUT ROWID and STRICT go; BEGIN IMMEDIATE takes the lock of all who write
 *
 * What stands in quotes or in a comment stays as it is.
 */
#include "journal/db_int.h"

typedef struct Scan {
  const char *at;
  Buf *out;
  bool ddl;    /* a script */
  bool limit;  /* the word before was LIMIT */
} Scan;

static bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Quoted text and comments, up to and including their end. */
static void copy_through(Scan *s, const char *end) {
  const char *stop = strstr(s->at + 1, end);
  size_t n = stop ? (size_t)(stop - s->at) + strlen(end) : strlen(s->at);
  buf_add_n(s->out, s->at, n);
  s->at += n;
}

static void drop_behind(Buf *b) {
  while (b->len && (b->ptr[b->len - 1] == ' ' || b->ptr[b->len - 1] == ',')) b->len--;
}

static void script_word(Scan *s, Str word) {
  if (str_eqz(word, "INTEGER")) buf_add(s->out, S("bigint"));
  else if (str_eqz(word, "BLOB")) buf_add(s->out, S("bytea"));
  else if (str_eqz(word, "TEXT")) buf_add(s->out, S("text COLLATE \"C\""));
  else if (str_eqz(word, "IMMEDIATE")) buf_add(s->out, S("; SELECT pg_advisory_xact_lock(" PG_LOCK_TEXT ")"));
  else if (str_eqz(word, "WITHOUT") || str_eqz(word, "ROWID") || str_eqz(word, "STRICT")) drop_behind(s->out);
  else buf_add(s->out, word);
}

static void word_put(Scan *s) {
  Str word = {.ptr = s->at, .len = 0};
  while (word_char(s->at[word.len])) word.len++;
  s->at += word.len;
  if (s->ddl) script_word(s, word);
  else buf_add(s->out, word);
  s->limit = str_eqz(word, "LIMIT");
}

static void param_put(Scan *s) {
  size_t n = strspn(s->at + 1, "0123456789");
  buf_fmt(s->out, s->limit ? "nullif($%.*s, -1)" : "$%.*s", (int)n, s->at + 1);
  s->at += n + 1;
  s->limit = false;
}

static void one_put(Scan *s) {
  if (*s->at == '\'') copy_through(s, "'");
  else if (*s->at == '"') copy_through(s, "\"");
  else if (s->at[0] == '/' && s->at[1] == '*') copy_through(s, "*/");
  else if (*s->at == '?' && !s->ddl) param_put(s);
  else if (word_char(*s->at)) word_put(s);
  else buf_char(s->out, *s->at++);
}

static Str translate(Arena *mem, const char *text, bool ddl) {
  SCOPED(buf_drop) Buf out;
  buf_init(&out, (size_t)1 << 20);
  Scan s = {.at = text, .out = &out, .ddl = ddl};
  while (*s.at) one_put(&s);
  REQUIRE(!out.full);
  return arena_str(mem, buf_str(&out));
}

Str pg__statement(Arena *mem, const char *text) {
  return translate(mem, text, false);
}

Str pg__script(Arena *mem, const char *text) {
  return translate(mem, text, true);
}
