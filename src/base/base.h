/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base: what every other room stands on. Strings, memory, errors, text, JSON, time, hashing, files.
 *
 * Rules that hold in the whole program:
 *  - Text is `Str`: a borrowed pointer and a length, UTF-8, never NUL-terminated by promise.
 *  - Memory comes from an `Arena`; domain code never frees. What outlives a request is copied into a
 *    longer-lived arena.
 *  - A function that a person can make fail returns `Code` and takes `Cx *cx` first. It says what went
 *    wrong with FAIL; callers forward with TRY. The first fault wins and carries a sentence that may be
 *    shown to the user, and the input field at fault.
 *  - REQUIRE guards contracts between programmers; it aborts.
 *  - There is no clock here but clock_now_ms(), called only by main and by the journal's recorder.
 */
#ifndef BASE_H
#define BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define YICHUANG_VERSION "0.9.0" /* as in debian/changelog */

/* ---- strings --------------------------------------------------------------------------------- */

typedef struct Str {
  const char *ptr;
  size_t len;
} Str;

#define S(lit) ((Str){.ptr = "" lit, .len = sizeof(lit) - 1})
#define SFMT(s) (int)(s).len, (s).ptr /* for "%.*s" */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

Str str_of(const char *z); /* a C string at the border to a library; NULL gives the empty Str */
bool str_eq(Str a, Str b);
/* In long rows of names most differ in their first byte. */
static inline bool str_eqz(Str a, const char *z) {
  if (!a.len || !z) return !a.len && (!z || !*z);
  return *a.ptr == *z && strnlen(z, a.len + 1) == a.len && memcmp(a.ptr, z, a.len) == 0;
}
int str_cmp(Str a, Str b); /* byte order; shorter first when one is a prefix */
bool str_starts(Str s, Str head);
bool str_ends(Str s, Str tail);
ptrdiff_t str_find(Str s, Str needle); /* byte offset, or -1 */
bool str_has(Str s, Str needle);
Str str_trim(Str s);               /* ASCII white space and U+3000 off both ends */
Str str_sub(Str s, size_t from, size_t len); /* clamped */
/* Splits at the first `sep`: *head before it, *tail after it. False, with *head = s, when absent. */
bool str_cut(Str s, char sep, Str *head, Str *tail);
bool str_to_i64(Str s, int64_t *out); /* whole string, optional '-', no overflow */
uint64_t str_hash(Str s);             /* for tables in memory only; never stored */

/* ---- memory ---------------------------------------------------------------------------------- */

/* Zeroed bump allocator with a cap. Never returns NULL: crossing the cap is REQUIRE, so inputs must be
 * limited before they reach it. Blocks are poisoned under ASan. */
typedef struct Arena Arena;

/* At the start of a program with threads: the C library keeps what arenas give back, up to 32 MiB a thread,
 * instead of returning it to the system and asking again with each request. */
void arena_keep_memory(void);
/* What it keeps goes back to the system, of all threads: after much has been freed, before a long quiet. Milliseconds. */
void arena_return_memory(void);
Arena *arena_open(size_t cap); /* cap in bytes, over the whole life until the next reset */
Arena *arena_open_large(size_t cap, size_t first); /* with a first block of so many bytes, which resets keep */
void arena_close(Arena *a);
void arena_close_p(Arena **a); /* for SCOPED */
void arena_reset(Arena *a);    /* keeps the first block */
size_t arena_used(const Arena *a);
void *arena_alloc(Arena *a, size_t n, size_t size, size_t align) __attribute__((returns_nonnull));
#define arena_new(a, T) ((T *)arena_alloc((a), 1, sizeof(T), _Alignof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc((a), (n), sizeof(T), _Alignof(T)))
Str arena_str(Arena *a, Str s);             /* copy (also NUL-terminated behind the end) */
const char *arena_z(Arena *a, Str s);       /* NUL-terminated copy for a library call */
Str arena_fmt(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
Str arena_vfmt(Arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Growing bytes on the heap, born with a maximum. Overflow is sticky: `full` is set and nothing more
 * is added, so a chain of calls is checked once at its end. */
typedef struct Buf {
  char *ptr;
  size_t len, cap, max;
  bool full;
} Buf;

void buf_init(Buf *b, size_t max);
void buf_reserve(Buf *b, size_t n); /* room for n bytes more, or what the maximum leaves, in one step */
void buf_drop(Buf *b); /* frees; safe on a zeroed Buf; usable as SCOPED */
void buf_clear(Buf *b);
void buf_add(Buf *b, Str s);
void buf_add_n(Buf *b, const void *p, size_t n);
void buf_char(Buf *b, char c);
void buf_i64(Buf *b, int64_t v);
void buf_fmt(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
Str buf_str(const Buf *b); /* borrowed until the next change */
/* One cell of a line of CSV (RFC 4180), with the comma or the line end behind it; one that a table program would take for a formula
 * gets an apostrophe. */
void buf_csv(Buf *b, Str s, bool last);

/* ---- errors ---------------------------------------------------------------------------------- */

#define CODE_LIST(X)                                                  \
  X(OK, 200, "ok", "done")                                            \
  X(INVALID, 422, "invalid", "an input breaks a stated rule")         \
  X(MALFORMED, 400, "malformed", "the request itself is not readable") \
  X(UNKNOWN_USER, 401, "login", "nobody is logged in")                \
  X(DENIED, 403, "denied", "this person may not do this")             \
  X(NOT_FOUND, 404, "not-found", "no such thing, or not yours to see") \
  X(CONFLICT, 409, "conflict", "someone changed it first")            \
  X(LIMIT, 413, "limit", "larger than we accept")                     \
  X(THROTTLED, 429, "throttled", "too many attempts; wait")           \
  X(BROKEN, 500, "broken", "our fault; logged with a reference")      \
  X(BUSY, 503, "busy", "the store is busy; try again")                \
  X(READONLY, 507, "readonly", "the store cannot write")

typedef enum Code {
#define X(name, http, text, meaning) name,
  CODE_LIST(X)
#undef X
      CODE__MAX
} Code;

int code_http(Code c);
Str code_text(Code c); /* "not-found": stable, used in JSON */

/* The one thing every fallible function receives first. */
typedef struct Cx {
  Arena *mem;      /* the request's memory */
  int64_t now;     /* the request's clock, milliseconds since 1970 UTC; tests set it */
  Code fault;      /* OK until the first FAIL */
  Str detail;      /* a sentence safe to show: what, and what to do next */
  Str field;       /* the input at fault, or empty */
  Str clause;      /* the rule behind the refusal (clause id or article), or empty */
  const char *where; /* for the log only */
  int line;
} Cx;

void cx_fail(Cx *cx, Code code, const char *where, int line, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void cx_clear(Cx *cx); /* forget a handled fault */
/* For what ran in a context of its own, "own" (a row's memory, a thread's): its code, with its fault told in cx and its texts copied. A
 * bare TRY there would return a code that cx knows nothing of. */
Code cx_pass(Cx *cx, const Cx *own, Code code);

#define SCOPED(drop) __attribute__((cleanup(drop)))
#define TRY(expr)                  \
  do {                             \
    Code try_ = (expr);            \
    if (try_ != OK) return try_;   \
  } while (0)
/* Returns its own checked local, not cx_fail's result: gcc 12's analyzer can then see it is not OK. */
#define FAIL(code, ...)                                   \
  do {                                                    \
    Code fail_ = (code);                                  \
    REQUIRE(fail_ != OK);                                 \
    cx_fail(cx, fail_, __func__, __LINE__, __VA_ARGS__);  \
    return fail_;                                         \
  } while (0)
/* FAIL that names the field (a Str) and the rule (a Str). */
#define FAIL_AT(code, at, rule, ...)                      \
  do {                                                    \
    if (cx->fault == OK) {                                \
      cx->field = (at);                                   \
      cx->clause = (rule);                                \
    }                                                     \
    FAIL(code, __VA_ARGS__);                              \
  } while (0)

_Noreturn void base_require_failed(const char *expr, const char *file, int line);
#define REQUIRE(x) ((x) ? (void)0 : base_require_failed(#x, __FILE__, __LINE__))

/* ---- text ------------------------------------------------------------------------------------ */

bool utf8_valid(Str s);              /* strict: no overlong, no surrogate, no NUL */
size_t utf8_count(Str s);            /* code points; s must be valid */
size_t utf8_next(Str s, size_t at, uint32_t *cp); /* bytes of the code point at `at`; s must be valid */
bool utf8_has_bidi(Str s);           /* bidi controls U+202A–E, U+2066–9, U+200E/F, U+061C */
bool utf8_has_control(Str s);        /* C0 (except tab, LF, CR), DEL, C1, U+FFFE/F */
/* Only characters that nothing need be asked about: printable ASCII, Chinese characters and punctuation, full-width
 * forms. Then the text is valid, in NFC, and without controls. False says nothing. */
bool utf8_plain(Str s);
Str utf8_nfc(Arena *a, Str s);       /* NFC copy; s must be valid */
/* Full-width ASCII (U+FF01–FF5E), U+3000, and U+2010–2015/U+2212 dashes to their ASCII forms: for
 * codes and numbers that were typed with an input method. */
Str utf8_halfwidth(Arena *a, Str s);

/* ---- decimal numbers ------------------------------------------------------------------------- */

/* Areas and amounts are decimals in thousandths, so that 280.5 is exact: 280500. */
typedef struct Milli {
  int64_t v;
} Milli;
bool milli_parse(Str s, Milli *out); /* "280", "280.5", "-3.125"; at most 3 decimals */
Str milli_str(Arena *a, Milli m);    /* shortest form: "280.5" */

/* ---- JSON ------------------------------------------------------------------------------------ */

/* A tree in an arena. There are no floating-point numbers: decimals travel as strings. Also used as
 * the view tree of pages: one tree is rendered as HTML or as JSON. */
typedef enum JsonKind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_STR, JSON_ARR, JSON_OBJ } JsonKind;
typedef struct Json Json;
struct Json {
  JsonKind kind;
  uint32_t count;
  Str key;       /* when member of an object */
  Str str;       /* JSON_STR */
  int64_t num;   /* JSON_INT, JSON_BOOL */
  Json *first, *last, *next; /* children, and the next sibling */
};

/* Strict: valid UTF-8, no duplicate keys, no NaN, depth ≤ 32, integers within ±2^53, no fractions
 * ("write decimals as strings"). The error names the line and column. */
Code json_parse(Cx *cx, Str text, Json **out);
/* The same; texts without escapes are borrowed from `text`, which must live as long as the tree. */
Code json_parse_in(Cx *cx, Str text, Json **out);
/* The same by the slower reader that knows the reasons; json_parse asks it for what it refuses. */
Code json_parse_judged(Cx *cx, Str text, Json **out);
void json_write(Buf *b, const Json *j);           /* canonical: keys in byte order, no white space */
Str json_text(Arena *a, const Json *j);           /* canonical text in the arena */

Json *json_obj(Arena *a);
Json *json_arr(Arena *a);
Json *json_clone(Arena *a, const Json *j);
/* Setting a key that exists replaces its value. Strings are borrowed, not copied. */
void json_put(Arena *a, Json *obj, Str key, const Json *v); /* v is copied shallowly: children shared */
void json_put_str(Arena *a, Json *obj, Str key, Str v);
void json_put_int(Arena *a, Json *obj, Str key, int64_t v);
void json_put_bool(Arena *a, Json *obj, Str key, bool v);
/* For a key that is not there yet: rows of long lists need not be searched for it. */
void json_add_str(Arena *a, Json *obj, Str key, Str v);
void json_add_int(Arena *a, Json *obj, Str key, int64_t v);
Json *json_add_obj(Arena *a, Json *obj, Str key);
Json *json_put_obj(Arena *a, Json *obj, Str key); /* a new empty object under key, returned */
Json *json_put_arr(Arena *a, Json *obj, Str key);
Json *json_push_obj(Arena *a, Json *arr);
Json *json_push_arr(Arena *a, Json *arr);
void json_push(Arena *a, Json *arr, const Json *v);
void json_push_str(Arena *a, Json *arr, Str v);

/* Reading never fails: a missing key or another kind gives the default. */
const Json *json_get(const Json *obj, Str key); /* NULL when absent; obj may be NULL */
Str json_str(const Json *obj, Str key);         /* empty when absent */
int64_t json_int(const Json *obj, Str key, int64_t dflt);
bool json_bool(const Json *obj, Str key);

/* ---- time ------------------------------------------------------------------------------------ */

/* All days are Beijing days (UTC+08:00, no daylight saving after 1991). */
#define BEIJING_MS (8 * 3600 * 1000LL)
#define DAY_MS (24 * 3600 * 1000LL)

typedef struct Day {
  int32_t n; /* days since 1970-01-01 */
} Day;

int64_t clock_now_ms(void);
int64_t clock_steady_us(void);       /* for how long something took: nobody sets this one back */
Day day_of(int64_t ms);              /* the Beijing day that holds the instant */
int64_t day_start(Day d);            /* 00:00:00 Beijing of that day, as an instant */
Day day_ymd(int y, int m, int d);    /* no range check */
void day_split(Day d, int *y, int *m, int *day);
int day_weekday(Day d);              /* 1 Monday … 7 Sunday */
bool day_parse(Str s, Day *out);     /* "2019-06-28", real dates 1900–2199 only */
/* As people write it: 2019-6-28, 2019年6月28日, 2019/06/28, 2019.6.28; spaces around it count nothing, and full-width digits are half-width already. */
bool day_typed(Str s, Day *out);
Str day_str(Arena *a, Day d);        /* "2019-06-28" */
Str day_cn(Arena *a, Day d);         /* "2019年6月28日" */
Str time_str(Arena *a, int64_t ms);  /* "2019-06-28T09:12:00+08:00" */
Str time_cn(Arena *a, int64_t ms);   /* "2019-06-28 09:12" */
/* "2019-06-28T09:12[:SS[.mmm]]" with "+08:00", "Z" or, read as Beijing time, nothing behind it. */
bool time_parse(Str s, int64_t *ms);

/* ---- hashing and randomness ------------------------------------------------------------------ */

typedef struct Hash {
  uint8_t b[32];
} Hash;
typedef enum HashSuite { SUITE_UNSET, SUITE_GM, SUITE_INTL } HashSuite; /* SM3, SHA-256 */

typedef struct Hasher Hasher; /* streaming */
Hasher *hasher_open(HashSuite suite);
void hasher_add(Hasher *h, const void *p, size_t n);
Hash hasher_close(Hasher *h); /* frees */
Hash hasher_next(Hasher *h);  /* of what was added; h begins anew */
Hash hash_bytes(HashSuite suite, Str s);
/* out[i] is the hash of texts[i]; texts about as long as each other take a fraction of the time that they take one by one. */
void hash_many(HashSuite suite, const Str *texts, size_t n, Hash *out);
bool hash_eq(Hash a, Hash b);
Str hash_hex(Arena *a, Hash h);
bool hash_unhex(Str s, Hash *out);
Str hex_str(Arena *a, const void *p, size_t n);
Str base64url(Arena *a, const void *p, size_t n);
void random_bytes(void *p, size_t n); /* the system's generator; aborts if it fails */
Str random_token(Arena *a, size_t bytes); /* base64url */
bool secret_eq(Str a, Str b);         /* constant time in the content */

/* ---- files and log --------------------------------------------------------------------------- */

Code file_read(Cx *cx, Str path, size_t max, Str *out);
bool file_exists(Str path);
Code dir_make(Cx *cx, Str path);   /* with parents, mode 0700 */
Code file_sync(Cx *cx, Str path);  /* fsync a file that somebody else wrote */
Code dir_sync(Cx *cx, Str path);   /* fsync the directory; a failure is READONLY */
/* temp in the same directory, write, fsync, rename, fsync directory */
Code file_write(Cx *cx, Str path, Str content, int mode);

/* An archive of stored files (zip.c), their times all `ms`, in the order given: `mimetype` and its like may be first. Names are paths with / in
 * UTF-8. LIMIT: more than 1000 files, or 256 MiB together. */
typedef struct ZipFile { Str name, bytes; } ZipFile;
Code zip_store(Cx *cx, const ZipFile *files, size_t n, int64_t ms, Str *out);

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;
void log_level(LogLevel least); /* default LOG_INFO */
/* How a line is written: for people, "2026-11-25T09:30:00+08:00 WARN text", or one JSON object a line,
 * {"time","level","text"}. Default LOG_TEXT. */
typedef enum LogFormat { LOG_TEXT, LOG_JSON } LogFormat;
void log_format(LogFormat f);
/* From now on lines, and whatever else goes to stderr, are appended to this file (mode 0640). Called again it opens the
 * path anew, as rotation wants it; until the new file is open the old one is written. READONLY: the old one stays. */
Code log_file(Cx *cx, Str path);
/* One line to stderr. Control characters are shown escaped. */
void log_line(LogLevel level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A line with parts, for machines: "WARN login_failed address=10.0.0.7", {"time","level","event","address"}. Neither values of
 * forms nor names, telephone numbers, mail addresses of persons belong into it. */
typedef struct LogPart { const char *name; Str value; } LogPart;
void log_parts(LogLevel level, const char *event, const LogPart *parts, size_t n);
#define LOG_PARTS(level, event, ...) \
  log_parts((level), (event), (const LogPart[]){__VA_ARGS__}, sizeof((const LogPart[]){__VA_ARGS__}) / sizeof(LogPart))

#endif
