/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the HTML of a template character by character. It knows no more of HTML than is needed to tell
 * text from attributes, and refuses what the security policy of the pages forbids. */
#include "tmpl.h"

static void lit_char(char c) {
  src.lit[src.lit_len++] = c;
  if (src.lit_len == sizeof src.lit - 1) lit_flush();
}

static bool is_one_of(const char *s, const char *const *list) {
  for (; *list; list++)
    if (!strcmp(s, *list)) return true;
  return false;
}

bool is_url_attr(const char *name) {
  static const char *const list[] = {"href", "src", "action", "formaction", "poster", "xlink:href",
                                     "data-suggest", "data-autosave", NULL};
  return is_one_of(name, list);
}

static void grow_name(char *name, char c) {
  size_t n = strlen(name);
  if (n + 1 >= WORD_MAX) fault(src.line, "the name \"%s…\" is too long", name);
  name[n] = (char)tolower((unsigned char)c);
  name[n + 1] = 0;
}

static void check_attr(void) {
  static const char *const never[] = {"style", "srcdoc", "srcset", "http-equiv", NULL};
  const char *name = src.st.attr;
  if (!strncmp(name, "on", 2)) fault(src.line, "no %s: behaviour belongs into static/a.js", name);
  if (is_one_of(name, never)) fault(src.line, "no %s attribute: the security policy forbids it", name);
}

static void end_tag(void) {
  static const char *const pre[] = {"pre", "textarea", NULL};
  static const char *const never[] = {"style", "iframe", "object", "embed", "base", NULL};
  if (is_one_of(src.st.element, never)) fault(src.line, "<%s> is not allowed in a template", src.st.element);
  if (is_one_of(src.st.element, pre)) src.st.pre = !src.st.closing;
  src.st.where = !strcmp(src.st.element, "script") && !src.st.closing ? SCRIPT : TEXT;
  src.st.attr[0] = 0;
}

static void to_tag(void) {
  src.st.where = TAG;
  src.st.need_space = false;
}

static void in_text(char c) {
  if (c != '<') return;
  if (!strncmp(src.at, "<!--", 4)) {
    src.st.where = COMMENT;
  } else if (src.at[1] == '!') {
    src.st.where = DOCTYPE;
  } else if (src.at[1] == '/' || isalpha((unsigned char)src.at[1])) {
    src.st.where = TAG_NAME;
    src.st.closing = src.at[1] == '/';
    src.st.element[0] = 0;
  } else {
    fault(src.line, "a lone \"<\": write &lt;");
  }
}

static void in_tag_name(char c) {
  if (c == '/' && src.st.closing && !src.st.element[0]) return;
  if (c == '>') end_tag();
  else if (isspace((unsigned char)c) || c == '/') to_tag();
  else if (isalnum((unsigned char)c) || c == '-') grow_name(src.st.element, c);
  else fault(src.line, "\"%c\" in the name of an element", c);
}

static void in_tag(char c) {
  if (c == '>') {
    end_tag();
  } else if (isalpha((unsigned char)c)) {
    if (src.st.need_space) fault(src.line, "white space is missing before an attribute of <%s>", src.st.element);
    src.st.where = ATTR_NAME;
    src.st.attr[0] = 0;
    grow_name(src.st.attr, c);
  } else if (!isspace((unsigned char)c) && c != '/') {
    fault(src.line, "\"%c\" inside the tag <%s>", c, src.st.element);
  }
}

static void in_attr_name(char c) {
  if (isalnum((unsigned char)c) || c == '-' || c == ':' || c == '_') {
    grow_name(src.st.attr, c);
    return;
  }
  check_attr();
  if (c == '=') src.st.where = ATTR_EQ;
  else if (c == '>') end_tag();
  else if (isspace((unsigned char)c) || c == '/') to_tag();
  else fault(src.line, "\"%c\" in the name of an attribute", c);
}

static void in_value(char c) {
  if (c == src.st.quote) {
    src.st.where = TAG;
    src.st.need_space = true;
    return;
  }
  if (src.st.start && is_url_attr(src.st.attr)) {
    static const char *const heads[] = {"/", "?", "#", "tel:", "mailto:", "https://", "data:image/svg", NULL};
    const char *const *p = heads;
    while (*p && strncmp(src.at, *p, strlen(*p))) p++;
    if (!*p) fault(src.line, "%s must begin with /, ?, #, tel:, mailto: or https://", src.st.attr);
  }
  src.st.start = false;
}

/* First the state, then the output: comments are dropped. */
void html_take(void) {
  State *st = &src.st;
  Where was = st->where;
  char c = *src.at;
  switch (st->where) {
    case TEXT: in_text(c); break;
    case TAG_NAME: in_tag_name(c); break;
    case TAG: in_tag(c); break;
    case ATTR_NAME: in_attr_name(c); break;
    case ATTR_EQ:
      if (c != '"' && c != '\'') fault(src.line, "the value of %s needs quotes", st->attr);
      st->where = VALUE;
      st->quote = c;
      st->start = true;
      break;
    case VALUE: in_value(c); break;
    case SCRIPT:
      if (!strncmp(src.at, "</script", 8)) in_text(c);
      else if (!isspace((unsigned char)c)) fault(src.line, "no script in a template: it belongs into static/a.js");
      break;
    case COMMENT:
      if (c == '>' && src.at[-1] == '-' && src.at[-2] == '-') st->where = TEXT;
      break;
    case DOCTYPE:
      if (c == '>') st->where = TEXT;
      break;
  }
  if (was == COMMENT || st->where == COMMENT) return;
  lit_char(c);
  /* A browser drops the first line end of a text area; this one is for it. */
  if (was != TEXT && st->where == TEXT && !st->closing && !strcmp(st->element, "textarea")) lit_char('\n');
}

/* A run with a line end becomes one line end, and nothing between two Chinese characters, where a browser
 * would show a gap. */
bool html_take_space(void) {
  if (src.st.pre || !isspace((unsigned char)*src.at)) return false;
  if (src.st.where != TEXT && src.st.where != TAG) return false;
  bool nl = false;
  for (; isspace((unsigned char)*src.at); src.at++) {
    if (*src.at != '\n') continue;
    nl = true;
    src.line++;
  }
  bool wide = nl && src.lit_len && (src.lit[src.lit_len - 1] & 0x80) && (*src.at & 0x80);
  if (src.st.where == TAG) lit_char(' ');
  else if (!wide) lit_char(nl ? '\n' : ' ');
  src.st.need_space = false;
  return true;
}

void html_before_hole(void) {
  State *st = &src.st;
  if (st->where == ATTR_NAME) check_attr();
  if (st->where == ATTR_NAME || (st->where == TAG_NAME && st->element[0])) {
    st->where = TAG;
    st->need_space = true;
  }
}
