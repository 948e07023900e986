/* SPDX-License-Identifier: Apache-2.0 */
/* The template compiler, fed with bad templates: each is refused with file, line and the reason. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Tool {
  char dir[64], err[80], out[80];
} Tool;

static void tool_open(Tool *w) {
  snprintf(w->dir, sizeof w->dir, "/tmp/yichuang-tmpl-XXXXXX");
  REQUIRE(mkdtemp(w->dir) != NULL);
  snprintf(w->err, sizeof w->err, "%s/err", w->dir);
  snprintf(w->out, sizeof w->out, "%s/out", w->dir);
}

static void put(const char *path, const char *text) {
  FILE *f = fopen(path, "wb");
  REQUIRE(f != NULL);
  fputs(text, f);
  fclose(f);
}

/* Compiles t.html with _p.html beside it; the exit status. *said: what stands on standard error. */
static int compile(Tool *w, Arena *mem, const char *flag, const char *page, const char *part, Str *said, Str *made) {
  char a[100], b[100];
  const char *tools = getenv("TEST_TOOLS");
  snprintf(a, sizeof a, "%s/t.html", w->dir);
  snprintf(b, sizeof b, "%s/_p.html", w->dir);
  put(a, page);
  put(b, part ? part : "<b>part</b>");
  Str program = arena_fmt(mem, "%s/tmpl", tools ? tools : "build/dev/tools");
  pid_t pid = fork();
  if (pid == 0) {
    if (!freopen(w->err, "wb", stderr) || !freopen(w->out, "wb", stdout)) _exit(99);
    if (flag) execl(program.ptr, "tmpl", flag, a, b, (char *)NULL);
    else execl(program.ptr, "tmpl", a, b, (char *)NULL);
    _exit(98);
  }
  int status = 0;
  REQUIRE(pid > 0 && waitpid(pid, &status, 0) == pid);
  Cx cx = {.mem = mem};
  REQUIRE(file_read(&cx, str_of(w->err), 1 << 16, said) == OK);
  REQUIRE(file_read(&cx, str_of(w->out), 1 << 20, made) == OK);
  unlink(a);
  unlink(b);
  unlink(w->err);
  unlink(w->out);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

typedef struct Bad {
  const char *page, *part;
  int line;
  const char *why;
} Bad;

static const Bad bad[] = {
    {"<p>\n{{name", NULL, 2, "\"{{\" without \"}}\""},
    {"<p>{{1name}}</p>", NULL, 1, "is not a name"},
    {"<p>{{a b}}</p>", NULL, 1, "is not a name"},
    {"<p {{name}}>x</p>", NULL, 1, "only in text and in quoted values"},
    {"<{{name}}>x", NULL, 1, "a lone \"<\""},
    {"\n<a href=\"{{to}}\">x</a>", NULL, 2, "write {{url to}} in href"},
    {"<img src='{{to}}'>", NULL, 1, "write {{url to}} in src"},
    {"<form action=\"{{to}}\">", NULL, 1, "write {{url to}} in action"},
    {"<p>{{url to}}</p>", NULL, 1, "belongs into href, src or action"},
    {"<p title=\"{{url to}}\">x</p>", NULL, 1, "belongs into href, src or action"},
    {"<p>{{asset s.css}}</p>", NULL, 1, "must be the whole of href or src"},
    {"<link href=\"/x{{asset s.css}}\">", NULL, 1, "must be the whole"},
    {"<a href=\"{{t 甲}}\">x</a>", NULL, 1, "no {{t …}} in href"},
    {"<p {{t 甲}}>x</p>", NULL, 1, "no {{t …}} here"},
    {"<p>{{t 甲 {1} 乙}}</p>", NULL, 1, "a placeholder in {{t …}} is {name}"},
    {"<p>{{> q}}</p>", NULL, 1, "no partial \"q\""},
    {"<p title=\"{{> p}}\">x</p>", NULL, 1, "may stand only between elements"},
    {"{{> p}}", "\n{{> p}}", 2, "this partial uses itself"},
    {"{{#when x}}a{{/when}}", NULL, 1, "no block {{#when x}}"},
    {"{{#if}}a{{/if}}", NULL, 1, "no block"},
    {"{{#is x}}a{{/is}}", NULL, 1, "write {{#is name \"literal\"}}"},
    {"{{#if x}}\na", NULL, 1, "{{#if}} is never closed"},
    {"a\n{{/if}}", NULL, 2, "{{/if}} without {{#if}}"},
    {"{{#if x}}\n{{/each}}", NULL, 2, "{{/each}} closes {{#if}} of line 1"},
    {"{{else}}", NULL, 1, "{{else}} without a block"},
    {"{{#if x}}{{else}}\n{{else}}{{/if}}", NULL, 2, "{{else}} without a block"},
    {"{{#if x}}<p title=\"{{/if}}\">", NULL, 1, "stands at another place of the HTML"},
    {"{{#if x}}<p>{{else}}<p title=\"{{/if}}\">", NULL, 1, "stands at another place of the HTML"},
    {"<p>\n<!-- {{name}} -->", NULL, 2, "a hole inside <!-- -->"},
    {"<p onclick=\"x()\">", NULL, 1, "no onclick: behaviour belongs into static/a.js"},
    {"<p ONLOAD='x()'>", NULL, 1, "no onload"},
    {"<p style=\"color:red\">", NULL, 1, "no style attribute"},
    {"<iframe srcdoc=\"x\">", NULL, 1, "no srcdoc attribute"},
    {"<meta http-equiv=\"refresh\">", NULL, 1, "no http-equiv attribute"},
    {"<style>p{}</style>", NULL, 1, "<style> is not allowed"},
    {"<iframe></iframe>", NULL, 1, "<iframe> is not allowed"},
    {"<base>", NULL, 1, "<base> is not allowed"},
    {"<object>", NULL, 1, "<object> is not allowed"},
    {"<script>\nalert(1)</script>", NULL, 2, "no script in a template"},
    {"<a href=\"javascript:x\">", NULL, 1, "must begin with /, ?, #, tel:, mailto: or https://"},
    {"<a href=\"http://x\">", NULL, 1, "must begin with"},
    {"<a href=x>", NULL, 1, "the value of href needs quotes"},
    {"<p class=>", NULL, 1, "needs quotes"},
    {"<p class=\"a\"id=\"b\">", NULL, 1, "white space is missing before an attribute"},
    {"1 < 2", NULL, 1, "a lone \"<\""},
    {"<p\n\"x\">", NULL, 2, "inside the tag <p>"},
    {"<p cl$ss=\"x\">", NULL, 1, "in the name of an attribute"},
    {"<p$>", NULL, 1, "in the name of an element"},
    {"<p>x</p>\n<p", NULL, 2, "the file ends inside <p>"},
    {"<p>{{#each a}}{{#each a}}{{#each a}}{{#each a}}{{#each a}}{{#each a}}{{#each a}}{{#each a}}{{#each a}}{{#each a}}"
     "{{#each a}}{{#each a}}{{#each a}}{{#each a}}{{#each a}}x",
     NULL, 1, "more than 14 scopes are open"},
};

TEST(each_bad_template_is_refused_with_file_line_and_reason) {
  Tool w;
  tool_open(&w);
  for (size_t i = 0; i < COUNT(bad); i++) {
    Str said, made;
    int status = compile(&w, t->mem, NULL, bad[i].page, bad[i].part, &said, &made);
    Str place = arena_fmt(t->mem, "%s/%s.html:%d: ", w.dir, bad[i].part ? "_p" : "t", bad[i].line);
    bool good = status == 1 && str_starts(said, place) && str_has(said, str_of(bad[i].why));
    EXPECT(good);
    if (!good) fprintf(stderr, "  %s → %d %.*s", bad[i].page, status, SFMT(said));
  }
  rmdir(w.dir);
}

TEST(a_good_template_becomes_functions_that_escape) {
  Tool w;
  tool_open(&w);
  Str said, made;
  int status = compile(&w, t->mem, NULL,
                       "<a href=\"/x/{{url id}}\" title=\"{{name}}\">{{t 甲 {name}}}</a>{{#each list}}<b>{{this}}</b>{{else}}none{{/each}}"
                       "{{! a note }}<!-- gone -->{{> p}}",
                       NULL, &said, &made);
  EXPECT_INT(status, 0);
  EXPECT_STR(said, S(""));
  static const char *const want[] = {"html_url_part(h, html_name(h, S(\"id\")))", "html_value(h, html_name(h, S(\"name\")))",
                                     "甲 {name}", "html_this(h)", "part_p(h)",
                                     "{\"t\", page_t, 1}"};
  for (size_t i = 0; i < COUNT(want); i++) EXPECT(str_has(made, str_of(want[i])));
  EXPECT(!str_has(made, S("a note")) && !str_has(made, S("gone")));
  rmdir(w.dir);
}

TEST(a_url_that_begins_with_a_hole_is_judged_as_a_whole) {
  Tool w;
  tool_open(&w);
  Str said, made;
  EXPECT_INT(compile(&w, t->mem, NULL, "<a href=\"{{url to}}\">x</a>", NULL, &said, &made), 0);
  EXPECT(str_has(made, S("html_url_value(h, html_name(h, S(\"to\")))")));
  rmdir(w.dir);
}

TEST(the_messages_of_a_template_are_listed) {
  Tool w;
  tool_open(&w);
  Str said, made;
  EXPECT_INT(compile(&w, t->mem, "-t", "<p>{{t 甲}}</p><p title=\"{{t 乙 {n}}}\">x</p>", NULL, &said, &made), 0);
  EXPECT_STR(made, S("甲\n乙 {n}\n"));
  rmdir(w.dir);
}
