/* SPDX-License-Identifier: Apache-2.0 */
/* doors.c: no page links to what its reader may not open. Templates write their links for everybody; this is the one
 * place that knows who reads. It takes what our own templates make: attributes in double quotes, no link within a link. */
#include "web/web_int.h"

static Str attribute(Str tag, Str name) { /* name: " href=\"" */
  for (size_t i = 0; i + name.len <= tag.len; i++) {
    if (memcmp(tag.ptr + i, name.ptr, name.len) != 0) continue;
    const char *value = tag.ptr + i + name.len, *end = memchr(value, '"', tag.len - i - name.len);
    return end ? (Str){.ptr = value, .len = (size_t)(end - value)} : (Str){0};
  }
  return (Str){0};
}

static bool own_page(Str to) {
  return to.len && to.ptr[0] == '/' && !str_starts(to, S("//")) && !str_starts(to, S("/a/")) && !str_starts(to, S("/api/")) && !str_starts(to, S("/en/"));
}

static bool may_open(const Doors *d, Str to) {
  size_t end = 0;
  while (end < to.len && to.ptr[end] != '?' && to.ptr[end] != '#') end++;
  Str params[4];
  uint32_t methods;
  const Route *r = routes_match(d->routes, GET, str_sub(to, 0, end), params, &methods);
  return !r || r->allow & (d->roles | ROLE_PUBLIC);
}

static bool stands_alone(Str tag, Str before) {
  Str class = attribute(tag, S(" class=\""));
  return str_eqz(class, "btn") || str_starts(class, S("btn ")) || str_ends(before, S("<p class=\"back\">")) || str_ends(before, S("<p class=\"back noprint\">"));
}

/* The link that begins at html.ptr[at]; returns where to go on. */
static size_t link_write(Buf *out, const Doors *d, Str html, size_t at) {
  const char *close = memchr(html.ptr + at, '>', html.len - at);
  if (!close) return at;
  Str tag = str_sub(html, at, (size_t)(close - html.ptr) + 1 - at), to = attribute(tag, S(" href=\""));
  if (!own_page(to)) return at;
  if (d->roles && !may_open(d, to)) {
    size_t inner = at + tag.len;
    const char *end = memmem(html.ptr + inner, html.len - inner, "</a>", 4);
    if (!end) return at;
    size_t after = (size_t)(end - html.ptr);
    if (!stands_alone(tag, str_sub(html, 0, at))) buf_fmt(out, "<span>%.*s</span>", (int)(after - inner), html.ptr + inner);
    return after + 4;
  }
  if (!d->prefix.len || attribute(tag, S(" hreflang=\"")).len) return at; /* to the other language */
  buf_add(out, str_sub(html, at, (size_t)(to.ptr - html.ptr) - at));
  buf_add(out, d->prefix);
  return (size_t)(to.ptr - html.ptr);
}

static size_t form_write(Buf *out, const Doors *d, Str html, size_t at) {
  const char *close = memchr(html.ptr + at, '>', html.len - at);
  if (!close || !d->prefix.len) return at;
  Str to = attribute(str_sub(html, at, (size_t)(close - html.ptr) - at), S(" action=\""));
  if (!own_page(to) || str_eqz(to, "/prefs") || str_eqz(to, "/logout")) return at;
  buf_add(out, str_sub(html, at, (size_t)(to.ptr - html.ptr) - at));
  buf_add(out, d->prefix);
  return (size_t)(to.ptr - html.ptr);
}

void doors_write(Buf *out, const Doors *d, Str html) {
  size_t done = 0;
  for (const char *p = html.ptr; (p = memchr(p, '<', html.len - (size_t)(p - html.ptr)));) {
    size_t at = (size_t)(p - html.ptr), next = at;
    Str rest = str_sub(html, at, SIZE_MAX);
    bool link = str_starts(rest, S("<a ")), form = str_starts(rest, S("<form "));
    p++;
    if (!link && !form) continue;
    size_t mark = out->len;
    buf_add(out, str_sub(html, done, at - done));
    next = link ? link_write(out, d, html, at) : form_write(out, d, html, at);
    if (next == at) { /* as it stands */
      out->len = mark;
      continue;
    }
    done = next;
    p = html.ptr + next;
  }
  buf_add(out, str_sub(html, done, SIZE_MAX));
}
