/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: finds the verb and runs it. */
#include "main/main_int.h"

#include <stdio.h>

const Verb verbs[] = {
    {"serve", "[--store 目录] [--policy 目录] [--port 端口]", "启动服务",
     "打开存储并提供网页和接口。默认只监听 127.0.0.1；要让别的机器访问，须加\n"
     "--listen-anywhere 并用 --listen 写明地址。按 Ctrl-C 停止：先办完排队的事。",
     verb_serve},
    {"init", "[--store 目录] [--suite gm|intl]", "建立一个空的存储",
     "只建库，不带任何账号和口令。随后用 user add 建第一个系统管理员。", verb_init},
    {"demo", "[--store 目录] [--day 日期] [--seed 数] [--projects 数目]", "建立演示存储",
     "经由办理引擎，从一个种子生成各类别、各状态的示例项目和演示账号。\n"
     "只用于试用和培训：每一页都会注明是演示数据。",
     verb_demo},
    {"verify", "[--store 目录]", "核对日志与视图",
     "逐条核对日志的顺序和散列，再把日志重放成视图，与现有视图逐行比较。\n"
     "服务运行时也可以核对。有出入时退出码为 1，并指出位置和日期。",
     verb_verify},
    {"rebuild", "[--store 目录]", "由日志重建视图", "服务须先停止。", verb_rebuild},
    {"policy check", "[目录]", "检查政策包",
     "列出全部错误，逐条写明文件、行、列和改法。没有错误时退出码为 0。", verb_policy_check},
    {"clock answer", "[--policy 目录]", "逐行回答时限问题",
     "从标准输入读 JSON，一行一问；同一对象加上 answer 写到标准输出，写错的行加上 error。\n"
     "type 是 item、stage、month 或 deemed，各栏见 docs/clock-answer.md。例：\n"
     "  echo '{\"type\":\"item\",\"start\":\"2019-06-28\",\"limit\":5,\"now\":\"2019-07-01\"}' | yichuang clock answer",
     verb_clock_answer},
    {"user add", "--id 账号 --name 姓名 --role 角色 [--unit 单位] [--org 名称 --uscc 代码]", "建账号",
     "口令从终端或标准输入读取，不写在命令行上。服务须先停止。", verb_user_add},
    {"user list", "[--store 目录]", "列出账号", "", verb_user_list},
    {"user password", "--id 账号", "重设口令", "口令从终端或标准输入读取。", verb_user_password},
    {"user disable", "--id 账号", "停用账号", "", verb_user_disable},
    {"user enable", "--id 账号", "恢复账号", "", verb_user_enable},
    {"user token", "--id 账号 --name 名称", "发接口令牌",
     "令牌只在此显示一次；库里只存它的散列。", verb_user_token},
    {"help", "[命令]", "显示说明", "", verb_help},
    {NULL, NULL, NULL, NULL, NULL},
};

static const Verb *verb_find(const Options *o, size_t *words) {
  for (const Verb *v = verbs; v->name; v++) {
    Str first, rest = {0};
    bool two = str_cut(str_of(v->name), ' ', &first, &rest);
    if (!o->word_count || !str_eq(o->words[0], first)) continue;
    if (two && (o->word_count < 2 || !str_eq(o->words[1], rest))) continue;
    *words = two ? 2 : 1;
    return v;
  }
  return NULL;
}

static void verb_show(const Verb *v) {
  printf("用法：yichuang %s %s\n\n%s\n", v->name, v->usage, v->summary);
  if (*v->help) printf("\n%s\n", v->help);
}

int verb_help(Cx *cx, const Options *o) {
  (void)cx;
  if (o->word_count) {
    size_t words;
    const Verb *v = verb_find(o, &words);
    if (!v) {
      fprintf(stderr, "错误：没有命令“%.*s”\n", SFMT(o->words[0]));
      return EXIT_CALL;
    }
    verb_show(v);
    return EXIT_DONE;
  }
  printf("一窗 Yichuang：工程建设项目审批管理系统\n\n用法：yichuang 命令 [选项]\n\n命令\n");
  for (const Verb *v = verbs; v->name; v++) printf("  %-14s %s\n", v->name, v->summary);
  printf("\n选项\n");
  options_help();
  printf("\n退出码：0 完成；1 核对或检查发现问题；2 命令写错；75 存储被占用或写不进去。\n");
  return EXIT_DONE;
}

/* The words behind the verb are its own; options keep their places. */
static void words_shift(Options *o, size_t n) {
  for (size_t i = 0; i + n < COUNT(o->words); i++) o->words[i] = o->words[i + n];
  o->word_count -= n;
}

int main(int argc, char **argv) {
  Arena *mem = arena_open((size_t)1 << 30);
  Cx cx = {.mem = mem, .now = clock_now_ms()};
  Options o;
  int rc = EXIT_CALL;
  if (options_parse(&cx, argc, argv, &o)) {
    size_t words = 0;
    const Verb *v = verb_find(&o, &words);
    if (!o.word_count) {
      rc = verb_help(&cx, &o);
      if (!o.help) rc = EXIT_CALL;
    } else if (!v) {
      fprintf(stderr, "错误：没有命令“%.*s”。用 yichuang help 查看全部命令。\n", SFMT(o.words[0]));
    } else {
      words_shift(&o, words);
      if (o.help) {
        verb_show(v);
        rc = EXIT_DONE;
      } else {
        rc = v->run(&cx, &o);
      }
    }
  }
  arena_close(mem);
  return rc;
}
