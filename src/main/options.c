/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: the one table of options. */
#include "main/main_int.h"

#include <stdio.h>
#include <stdlib.h>

typedef enum Kind { KIND_STR, KIND_INT, KIND_FLAG } Kind;
typedef struct Row {
  const char *name;
  Kind kind;
  size_t at;
  int64_t min, max;
  const char *value, *help;
} Row;

#define AT(field) offsetof(Options, field)
static const Row rows[] = {
    {"store", KIND_STR, AT(store), 0, 0, "目录|地址", "存储所在目录，默认 var；或 PostgreSQL 的地址 postgresql:///库名?host=…"},
    {"files", KIND_STR, AT(files), 0, 0, "目录", "存储在 PostgreSQL 时：放 vault.key 和文件副本的本机目录，默认 var"},
    {"policy", KIND_STR, AT(policy), 0, 0, "目录", "政策包目录，默认 policies/huludao"},
    {"draft", KIND_STR, AT(draft), 0, 0, "目录", "草案的政策包目录"},
    {"listen", KIND_STR, AT(listen), 0, 0, "地址", "监听地址，默认 127.0.0.1"},
    {"listen-anywhere", KIND_FLAG, AT(listen_anywhere), 0, 0, "", "允许监听本机以外可达的地址"},
    {"behind-tls", KIND_FLAG, AT(behind_tls), 0, 0, "", "前面有 TLS：Cookie 只经加密连接发送"},
    {"port", KIND_INT, AT(port), 0, 65535, "端口", "默认 8080；0 由系统挑选"},
    {"threads", KIND_INT, AT(threads), 1, 64, "数目", "事件循环的线程数，默认 2"},
    {"queue", KIND_INT, AT(queue), 1, 65536, "数目", "最多几件办理在排队，默认 4096；再来的当时回答“请过几秒再试”"},
    {"clock", KIND_STR, AT(clock), 0, 0, "时刻", "仅演示存储：把时钟拨到此刻，如 2026-11-24T09:00"},
    {"day", KIND_STR, AT(day), 0, 0, "日期", "演示数据截至的日期，默认今天"},
    {"seed", KIND_INT, AT(seed), 1, INT64_MAX, "数", "演示数据的种子，默认 60"},
    {"projects", KIND_INT, AT(projects), 0, 1000000, "数目", "演示项目数，默认 120"},
    {"months", KIND_INT, AT(months), 1, 60, "数目", "演示项目分布在最近几个月，默认 12"},
    {"suite", KIND_STR, AT(suite), 0, 0, "gm|intl", "散列算法：gm（SM3，默认）或 intl（SHA-256）"},
    {"format", KIND_STR, AT(format), 0, 0, "svg|pdf|dot", "流程图的格式，默认 svg"},
    {"facts", KIND_STR, AT(facts), 0, 0, "文件", "项目的事实：一个 JSON 对象，键是栏目名称"},
    {"stage", KIND_INT, AT(stage), 1, STAGE_MAX, "阶段", "1 到 4；默认最近受理的阶段"},
    {"item", KIND_STR, AT(item), 0, 0, "事项", "事项代码；不写就是阶段的时钟"},
    {"json", KIND_FLAG, AT(json), 0, 0, "", "写成 JSON"},
    {"qr", KIND_FLAG, AT(qr), 0, 0, "", "写成二维码的文字，一行一个"},
    {"csv", KIND_FLAG, AT(csv), 0, 0, "", "写成 CSV"},
    {"id", KIND_STR, AT(id), 0, 0, "账号", "账号，小写字母开头"},
    {"name", KIND_STR, AT(name), 0, 0, "姓名", "姓名"},
    {"role", KIND_STR, AT(roles), 0, 0, "角色", "一个或几个角色，用逗号分开"},
    {"unit", KIND_STR, AT(unit), 0, 0, "单位", "政策包里的单位代码"},
    {"org", KIND_STR, AT(org_name), 0, 0, "名称", "申请人所在企业的名称"},
    {"uscc", KIND_STR, AT(org_uscc), 0, 0, "代码", "该企业的统一社会信用代码"},
    {"key", KIND_STR, AT(key), 0, 0, "文件", "密钥文件；签名用私钥文件，核对用公钥文件（.pub）"},
    {"seal-key", KIND_STR, AT(seal_key), 0, 0, "文件", "文书签名的密钥文件（yichuang key seal 做的）；不写就不签"},
    {"keep", KIND_STR, AT(keep), 0, 0, "文件", "留存检查点的文件，放在另一台机器上"},
    {"with-key", KIND_FLAG, AT(with_key), 0, 0, "", "备份连同个人信息的密钥；这样的备份要像密钥一样保管"},
    {"without-personal", KIND_FLAG, AT(without_personal), 0, 0, "", "不带（加密的）个人信息"},
    {"ground", KIND_STR, AT(ground), 0, 0, "情形", "清除个人信息的情形：政策包 personal.yaml 里的代码"},
    {"reason", KIND_STR, AT(reason), 0, 0, "说明", "为什么清除，写进日志"},
    {"erased", KIND_STR, AT(erased), 0, 0, "文件", "清除名单：备份以后清除过的，恢复时再清除一次"},
    {"smtp", KIND_STR, AT(smtp), 0, 0, "地址", "发邮件的服务器，smtp://主机:25（须有 STARTTLS）或 smtps://主机:465；不写就不发邮件"},
    {"smtp-user", KIND_STR, AT(smtp_user), 0, 0, "账号", "邮件服务器的账号"},
    {"smtp-password", KIND_STR, AT(smtp_password), 0, 0, "文件", "邮件服务器的口令所在的文件"},
    {"smtp-ca", KIND_STR, AT(smtp_ca), 0, 0, "文件", "签发邮件服务器证书的机构（PEM）；不写用系统认识的"},
    {"mail-from", KIND_STR, AT(mail_from), 0, 0, "邮箱", "发件的邮箱"},
    {"sms", KIND_STR, AT(sms), 0, 0, "程序", "发短信的程序，绝对路径；号码和内容从标准输入给它；不写就不发短信"},
    {"site", KIND_STR, AT(site), 0, 0, "地址", "本网站的地址，写进邮件和短信，如 https://gcjs.hld.gov.cn"},
    {"marks", KIND_STR, AT(marks), 0, 0, "文件", "页脚的网站标识（主办、承办、网站标识码、备案号……），一行一个 名称 = 值；没有写的显示〔待填〕"},
    {"proxy", KIND_STR, AT(proxy), 0, 0, "地址", "前面的代理的地址，几个用逗号分开，unix 是本机的套接字；只信它们写的 X-Forwarded-For"},
    {"metrics-token", KIND_STR, AT(metrics_token), 0, 0, "文件", "令牌所在的文件：持有它的可以从别的机器读 /metrics；不写只给本机"},
    {"exchange", KIND_STR, AT(exchange), 0, 0, "文件", "数据交换的对接方（国家、省、县的平台），一行一个 名称 = 值，见 docs/exchange.md；不写就不交换"},
    {"log", KIND_STR, AT(log), 0, 0, "文件", "日志写到文件；不写就写到标准错误"},
    {"log-format", KIND_STR, AT(log_format), 0, 0, "text|json", "日志的写法，默认 text；json 是一行一个对象"},
    {"backups", KIND_STR, AT(backups), 0, 0, "目录", "备份所在的目录，一份一个子目录"},
    {"config", KIND_STR, AT(config), 0, 0, "文件", "配置文件；不写 --config 和 --store 时用 /etc/yichuang/yichuang.conf（如果有）"},
    {"as", KIND_STR, AT(as), 0, 0, "man|conf|bash", "写成手册页、配置文件的手册页或 bash 的补全"},
    {"version", KIND_FLAG, AT(version), 0, 0, "", "显示版本"},
    {"quiet", KIND_FLAG, AT(quiet), 0, 0, "", "不显示进度"},
    {"help", KIND_FLAG, AT(help), 0, 0, "", "显示该命令的说明"},
};

_Static_assert(COUNT(rows) <= 64, "Options.given has one bit for each row");

static bool name_listed(const char *names, const char *name) {
  Str rest = str_of(names), one;
  bool more = true;
  while (more) {
    more = str_cut(rest, ' ', &one, &rest);
    if (str_eqz(one, name)) return true;
  }
  return false;
}

/* What a file of settings may say: how the server and its store are set up, not what one call does. */
static const char in_file[] = "store files policy listen listen-anywhere behind-tls proxy port threads queue key seal-key keep erased backups smtp "
                              "smtp-user smtp-password smtp-ca mail-from sms site marks metrics-token exchange log log-format";

void options_each(OptionsEach *each, const void *arg) {
  for (size_t i = 0; i < COUNT(rows); i++)
    each(arg, &(OptionRow){rows[i].name, rows[i].value, rows[i].help, rows[i].kind == KIND_FLAG, name_listed(in_file, rows[i].name)});
}

void options_help(const char *names) {
  for (size_t i = 0; i < COUNT(rows); i++)
    if (!names || name_listed(names, rows[i].name))
      printf("  --%s%s%s\n        %s\n", rows[i].name, *rows[i].value ? " " : "", rows[i].value,
             rows[i].help);
}

bool options_fit(const Options *o, const Verb *v) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    if (!(o->given >> i & 1) || name_listed("store files policy quiet help config", rows[i].name)) continue;
    if (name_listed(v->options, rows[i].name)) continue;
    fprintf(stderr, "错误：%s 没有选项 --%s。用 yichuang %s --help 查看它的选项。\n", v->name, rows[i].name,
            v->name);
    return false;
  }
  return true;
}

static const Row *row_find(Str name) {
  for (size_t i = 0; i < COUNT(rows); i++)
    if (str_eqz(name, rows[i].name)) return &rows[i];
  return NULL;
}

bool option_exists(Str name) {
  return row_find(name) != NULL;
}

static bool row_set(const Row *r, Options *o, Str value) {
  char *field = (char *)o + r->at;
  int64_t n = 0;
  switch (r->kind) {
    case KIND_STR: *(Str *)(void *)field = value; return value.len > 0;
    case KIND_FLAG: *(bool *)field = true; return true;
    case KIND_INT:
      if (!str_to_i64(value, &n) || n < r->min || n > r->max) {
        fprintf(stderr, "错误：--%s 要一个 %lld 到 %lld 的整数，收到“%.*s”\n", r->name,
                (long long)r->min, (long long)r->max, SFMT(value));
        return false;
      }
      *(int64_t *)(void *)field = n;
      return true;
  }
  return false;
}

static bool option_read(int argc, char **argv, int *i, Options *o) {
  Str word = str_sub(str_of(argv[*i]), 2, SIZE_MAX), name, value = {0};
  bool inlined = str_cut(word, '=', &name, &value);
  const Row *r = row_find(name);
  if (!r) {
    Suggest s = {0};
    for (size_t k = 0; k < COUNT(rows); k++) suggest_look(&s, name, str_of(rows[k].name));
    fprintf(stderr, "错误：没有选项 --%.*s", SFMT(name));
    if (s.word.len) fprintf(stderr, "。是不是 --%.*s？\n", SFMT(s.word));
    else fprintf(stderr, "。用 yichuang help 查看全部选项。\n");
    return false;
  }
  if (r->kind != KIND_FLAG && !inlined) {
    if (*i + 1 >= argc) {
      fprintf(stderr, "错误：--%s 后面要写%s\n", r->name, r->value);
      return false;
    }
    value = str_of(argv[++*i]);
  }
  if (r->kind == KIND_FLAG && inlined) {
    fprintf(stderr, "错误：--%s 后面不写值\n", r->name);
    return false;
  }
  o->given |= UINT64_C(1) << (r - rows);
  if (row_set(r, o, value)) return true;
  if (r->kind == KIND_STR) fprintf(stderr, "错误：--%s 的值是空的\n", r->name);
  return false;
}

/* ---- the file of settings ------------------------------------------------------------------------- */

/* One "name = value" that the command line did not say. */
static bool line_set(Options *o, Str name, Str value, Str path, int line) {
  const Row *r = row_find(name);
  if (!r || !name_listed(in_file, r->name)) {
    Suggest s = {0};
    for (size_t k = 0; k < COUNT(rows); k++)
      if (name_listed(in_file, rows[k].name)) suggest_look(&s, name, str_of(rows[k].name));
    fprintf(stderr, "错误：%.*s 第 %d 行：%s“%.*s”", SFMT(path), line, r ? "不能写在配置文件里的" : "没有设置", SFMT(name));
    if (s.word.len) fprintf(stderr, "。是不是 %.*s？\n", SFMT(s.word));
    else fprintf(stderr, "。见 man yichuang.conf\n");
    return false;
  }
  bool yes = str_eq(value, S("yes")), no = str_eq(value, S("no"));
  if (r->kind == KIND_FLAG && !yes && !no) {
    fprintf(stderr, "错误：%.*s 第 %d 行：%s 要写 yes 或 no，收到“%.*s”\n", SFMT(path), line, r->name, SFMT(value));
    return false;
  }
  if (o->given >> (r - rows) & 1 || no) return true;
  if (row_set(r, o, value)) return true;
  fprintf(stderr, "  在 %.*s 第 %d 行：%s%s\n", SFMT(path), line, r->name, value.len ? "" : " 的值是空的；不要的设置整行删去或在前面写 #");
  return false;
}

static bool file_apply(Cx *cx, Options *o, Str path) {
  Str rest, line, name, value;
  if (file_read(cx, path, 1 << 20, &rest) != OK) {
    fprintf(stderr, "错误：%.*s\n", SFMT(cx->detail));
    return false;
  }
  bool more = true;
  for (int n = 1; more; n++) {
    more = str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (!line.len || line.ptr[0] == '#') continue;
    if (!str_cut(line, '=', &name, &value)) {
      fprintf(stderr, "错误：%.*s 第 %d 行：要写成 名称 = 值，收到“%.*s”\n", SFMT(path), n, SFMT(line));
      return false;
    }
    if (!line_set(o, str_trim(name), str_trim(value), path, n)) return false;
  }
  return true;
}

/* The usual file serves those who name neither a file nor a store. */
static Str usual_file(const Options *o) {
  const char *named = getenv("YICHUANG_CONFIG");
  Str path = named ? str_of(named) : S("/etc/yichuang/yichuang.conf");
  return !options_given(o, "store") && path.len && file_exists(path) ? path : S("");
}

bool options_given(const Options *o, const char *name) {
  return o->given >> (row_find(str_of(name)) - rows) & 1;
}

/* From here on one text names the store. */
static bool files_place(Cx *cx, Options *o) {
  if (!str_eq(o->files, S("var")) && !store_shared(o->store)) {
    fprintf(stderr, "错误：--files 只在 --store 是 postgresql://… 时使用；存储在目录里时文件就在其中\n");
    return false;
  }
  if (str_has(o->store, S("#")) || (store_shared(o->store) && str_has(o->files, S("#")))) {
    fprintf(stderr, "错误：--store 和 --files 里不能有 #\n");
    return false;
  }
  o->store = store_address(cx->mem, o->store, o->files);
  return true;
}

bool options_parse(int argc, char **argv, Options *o) {
  *o = (Options){.store = S("var"), .files = S("var"), .policy = S("policies/huludao"), .listen = S("127.0.0.1"),
                 .port = 8080, .seed = 60, .projects = 120, .threads = 2, .queue = 4096, .months = 12,
                 .suite = S("gm"), .format = S("svg"), .log_format = S("text"), .argc = argc, .argv = argv};
  for (int i = 1; i < argc; i++) {
    Str word = str_of(argv[i]);
    if (str_eq(word, S("-h"))) {
      o->help = true;
    } else if (str_starts(word, S("--"))) {
      if (!option_read(argc, argv, &i, o)) return false;
    } else if (word.len > 1 && word.ptr[0] == '-') {
      fprintf(stderr, "错误：没有选项 %s。选项写成 --名称，用 yichuang help 查看。\n", argv[i]);
      return false;
    } else if (o->word_count < COUNT(o->words)) {
      o->words[o->word_count++] = word;
    } else {
      fprintf(stderr, "错误：多余的词“%s”\n", argv[i]);
      return false;
    }
  }
  return true;
}

bool options_finish(Cx *cx, const Verb *v, Options *o) {
  if (!o->config.len && name_listed(v->options, "store")) o->config = usual_file(o);
  if (o->config.len && !file_apply(cx, o, o->config)) return false;
  if (!str_eq(o->log_format, S("text")) && !str_eq(o->log_format, S("json"))) {
    fprintf(stderr, "错误：--log-format 是 text 或 json，收到“%.*s”\n", SFMT(o->log_format));
    return false;
  }
  return files_place(cx, o);
}
