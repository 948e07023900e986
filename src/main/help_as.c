/* SPDX-License-Identifier: Apache-2.0 */
/* help_as.c: the tables of verbs and options once more, as the other places want them: manual pages, completion of a shell. What is
 * installed is made by these, so it cannot say anything else than --help. */
#include "main/main_int.h"

#include <stdio.h>

#define MAN_DATE "2026-11-26"

/* ---- roff ------------------------------------------------------------------------------------------------ */

/* Without spaces a line breaks where it is told that it may: behind a full-width letter, but not before closing signs. */
static size_t letter(const char *p) {
  static const char *const closing[] = {"，", "。", "；", "：", "、", "）", "”", "？"}, *const opening[] = {"（", "“"};
  size_t n = (unsigned char)*p < 0xE0 ? 1 : 3;
  bool may = n == 3;
  fwrite(p, 1, n, stdout);
  for (size_t i = 0; i < COUNT(closing); i++) may = may && strncmp(p + n, closing[i], 3) != 0;
  for (size_t i = 0; i < COUNT(opening); i++) may = may && strncmp(p, opening[i], 3) != 0;
  if (may && p[n] && p[n] != '\n') fputs("\\:", stdout);
  return n;
}

/* Text with requests in it. */
static void say(const char *text) {
  while (*text) text += letter(text);
}

/* Lines of a text; none begins a request by its first character. */
static void roff(const char *text) {
  bool start = true;
  for (const char *p = text; *p;) {
    char c = *p;
    if (start && (c == '.' || c == '\'')) fputs("\\&", stdout);
    if (c == '\\') p++, fputs("\\e", stdout);
    else if (c == '-') p++, fputs("\\-", stdout);
    else p += letter(p);
    start = c == '\n';
  }
}

static void section(const char *name) {
  printf(".SH %s\n", name);
}

static void option_man(const void *arg, const OptionRow *row) {
  (void)arg;
  printf(".TP\n\\fB\\-\\-");
  roff(row->name);
  printf("\\fR%s", *row->value ? " \\fI" : "");
  roff(row->value);
  printf("%s\n", *row->value ? "\\fR" : "");
  roff(row->help);
  putchar('\n');
}

static void verb_man(const Verb *v) {
  printf(".SS ");
  roff(v->name);
  putchar(*v->usage ? ' ' : '\n');
  if (*v->usage) roff(v->usage), putchar('\n');
  roff(v->summary);
  putchar('\n');
  if (*v->help) printf(".PP\n"), roff(v->help), putchar('\n');
  if (*v->options) {
    Str rest = str_of(v->options), one;
    printf(".PP\n选项：");
    for (bool more = true, first = true; more; first = false) {
      more = str_cut(rest, ' ', &one, &rest);
      printf("%s\\-\\-%.*s", first ? "" : "，", SFMT(one));
    }
    putchar('\n');
  }
  printf(".PP\n.nf\n");
  roff(v->example);
  printf("\n.fi\n");
}

static void see_also(const char *pages) {
  section("参见");
  printf("%s\n", pages);
}

static void man_program(void) {
  printf(".TH YICHUANG 1 " MAN_DATE " \"yichuang " YICHUANG_VERSION "\" \"用户命令\"\n.ad l\n");
  section("名称");
  say("yichuang \\- 工程建设项目审批管理系统\n");
  section("概要");
  say(".B yichuang\n.I 命令\n.RI [ 选项 ]\n");
  section("说明");
  say("一个程序、一个存储。\n.B yichuang serve\n提供网页和接口，其余命令建立、核对、备份、说明存储里的内容。\n"
         "每个命令的说明也可以用\n.B yichuang\n.I 命令\n.B \\-\\-help\n查看。\n");
  section("命令");
  for (const Verb *v = verbs; v->name; v++) verb_man(v);
  section("选项");
  options_each(option_man, NULL);
  section("退出状态");
  roff(exit_codes);
  say(".PP\n.B yichuang doctor\n另有约定：0 没有发现问题，1 有值得看的，2 有要处理的。\n");
  section("环境");
  say(".TP\n.B YICHUANG_BOOT_ID\n机器这次启动的编号，/proc/sys/kernel/random/boot_id 读不到时用；编号变了，没有写完的视图由日志重建。\n"
      ".TP\n.B YICHUANG_CONFIG\n代替 /etc/yichuang/yichuang.conf 的文件；空的就不读。\n"
         ".TP\n.B NO_COLOR\n不为空时，输出不带颜色和粗体。\n"
         ".TP\n.BR LISTEN_FDS \", \" LISTEN_PID \", \" NOTIFY_SOCKET \", \" WATCHDOG_USEC\n由 systemd 设置，见 sd_listen_fds(3)、sd_notify(3)。\n");
  section("信号");
  say(".TP\n.B SIGTERM\n停止：办完排队的事，新来的答复 503。\n.TP\n.B SIGHUP\n重读配置文件、签名密钥和投递的设置，重新打开日志文件。\n"
         ".TP\n.B SIGUSR1\n重新打开日志文件。\n");
  section("文件");
  say(".TP\n.I /etc/yichuang/yichuang.conf\n设置，见 yichuang.conf(5)。\n.TP\n.I /var/lib/yichuang/store\n软件包安装的存储。\n");
  see_also(".BR yichuang.conf (5),\n.BR yichuang\\-verify (1)");
}

static void setting_man(const void *arg, const OptionRow *row) {
  (void)arg;
  if (!row->in_file) return;
  say(".TP\n\\fB");
  roff(row->name);
  say("\\fR = \\fI");
  roff(row->flag ? "yes|no" : row->value);
  say("\\fR\n");
  roff(row->help);
  putchar('\n');
}

static void man_conf(void) {
  printf(".TH YICHUANG.CONF 5 " MAN_DATE " \"yichuang " YICHUANG_VERSION "\" \"文件格式\"\n.ad l\n");
  section("名称");
  say("yichuang.conf \\- 工程建设项目审批管理系统的设置\n");
  section("说明");
  say("一行一个设置，写成\n.IR \"名称 = 值\" 。\n空行和 # 开头的行不算。名称就是\n.BR yichuang (1)\n的选项，命令行上写了的以命令行为准。\n"
         "写错的名称、不能写在文件里的名称都会指出行号，程序不启动。\n"
         ".PP\n命令行上没有写\n.B \\-\\-config\n和\n.B \\-\\-store\n时读 /etc/yichuang/yichuang.conf（如果有），所以\n.B yichuang doctor\n等命令不用再写存储在哪里。\n"
         ".PP\n改了以后\n.B systemctl reload yichuang\n使 seal\\-key、smtp、smtp\\-user、smtp\\-password、smtp\\-ca、mail\\-from、sms、site、log、log\\-format 生效；其他的要重新启动。\n");
  section("设置");
  options_each(setting_man, NULL);
  section("示例");
  say(".nf\nstore = /var/lib/yichuang/store\npolicy = /usr/share/yichuang/policies/huludao\nbehind\\-tls = yes\nproxy = 127.0.0.1\n.fi\n");
  see_also(".BR yichuang (1)");
}

/* ---- bash ------------------------------------------------------------------------------------------------ */

static void option_bash(const void *arg, const OptionRow *row) {
  const char *kind = arg;
  Str v = str_of(row->value);
  bool file = str_has(v, S("文件")) || str_has(v, S("程序")), folder = str_has(v, S("目录"));
  bool choice = str_has(v, S("|")) && !folder && !file;
  if (kind[0] == 'f' && file) printf("--%s|", row->name);
  if (kind[0] == 'd' && folder) printf("--%s|", row->name);
  if (kind[0] == 'v' && !row->flag && !file && !folder && !choice) printf("--%s|", row->name);
  if (kind[0] == 'c' && choice) {
    printf("    --%s) COMPREPLY=($(compgen -W '", row->name);
    for (size_t i = 0; i < v.len; i++) putchar(v.ptr[i] == '|' ? ' ' : v.ptr[i]);
    printf("' -- \"$cur\")); return ;;\n");
  }
}

static void options_bash(const Verb *v) {
  Str rest = str_of(v->options), one;
  for (bool more = rest.len > 0; more;) {
    more = str_cut(rest, ' ', &one, &rest);
    printf("--%.*s ", SFMT(one));
  }
  printf("--config --help");
}

static void bash(void) {
  printf("# yichuang(1) 的补全，由 yichuang help --as bash 生成\n_yichuang() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= options=\n  COMPREPLY=()\n  case $prev in\n    ");
  options_each(option_bash, "file");
  printf("--) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n    ");
  options_each(option_bash, "directory");
  printf("--) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n    ");
  options_each(option_bash, "value");
  printf("--) return ;;\n");
  options_each(option_bash, "choice");
  printf("  esac\n  case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n");
  for (const Verb *v = verbs; v->name; v++)
    if (str_has(str_of(v->name), S(" "))) printf("    '%s') verb='%s' options='", v->name, v->name), options_bash(v), printf("' ;;\n");
  printf("  esac\n  [ -n \"$verb\" ] || case ${COMP_WORDS[1]} in\n");
  for (const Verb *v = verbs; v->name; v++)
    if (!str_has(str_of(v->name), S(" "))) printf("    %s) verb=%s options='", v->name, v->name), options_bash(v), printf("' ;;\n");
  printf("  esac\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '");
  Str before = S("");
  for (const Verb *v = verbs; v->name; v++) {
    Str first, rest;
    (void)str_cut(str_of(v->name), ' ', &first, &rest);
    if (!str_eq(first, before)) printf("%.*s ", SFMT(first));
    before = first;
  }
  printf("--help --version' -- \"$cur\"))\n    return\n  fi\n  if [ \"$COMP_CWORD\" -eq 2 ]; then\n    case ${COMP_WORDS[1]} in\n");
  for (const Verb *v = verbs; v->name; v++) {
    Str first, rest;
    if (!str_cut(str_of(v->name), ' ', &first, &rest)) continue;
    printf("      %.*s) COMPREPLY+=($(compgen -W '%.*s' -- \"$cur\")) ;;\n", SFMT(first), SFMT(rest));
  }
  printf("    esac\n    [ ${#COMPREPLY[@]} -eq 0 ] || return\n  fi\n  case $cur in\n    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n  esac\n}\ncomplete -o filenames -F _yichuang yichuang\n");
}

int help_as(const Options *o) {
  if (str_eq(o->as, S("man"))) man_program();
  else if (str_eq(o->as, S("conf"))) man_conf();
  else if (str_eq(o->as, S("bash"))) bash();
  else {
    fprintf(stderr, "错误：--as 是 man、conf 或 bash，收到“%.*s”\n", SFMT(o->as));
    return EXIT_CALL;
  }
  return EXIT_DONE;
}
