/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: finds the verb and runs it. */
#include "main/main_int.h"

#include <stdio.h>

const Verb verbs[] = {
    {"serve", "[选项]", "启动服务",
     "打开存储并提供网页和接口。存储可以是目录，也可以是 PostgreSQL 的库（--store postgresql://… --files 目录），\n"
     "那时几台服务器可以用同一个库，见 docs/postgresql.md。\n"
     "默认只监听 127.0.0.1；要让别的机器访问，须用 --listen 写明地址并加\n"
     "--listen-anywhere，前面放置 TLS 代理时再加 --behind-tls。\n"
     "写了 --smtp、--sms 的，消息也用邮件、短信发出去，见 docs/notices.md；没有写的，留在站内。\n"
     "按 Ctrl-C（或发 SIGTERM）停止：先办完排队的事。SIGHUP 重读配置文件和密钥，SIGUSR1 重新打开日志文件，见 docs/operate.md。",
     "store policy port listen listen-anywhere behind-tls proxy metrics-token exchange log log-format threads queue clock smtp smtp-user smtp-password smtp-ca mail-from sms site marks seal-key quiet",
     "  yichuang serve --store var --port 8080\n"
     "  yichuang serve --store /srv/yichuang --listen 10.0.0.5 --listen-anywhere --behind-tls\n"
     "  yichuang serve --store var --smtp smtp://mail.hld.gov.cn --mail-from gcjs@hld.gov.cn --site https://gcjs.hld.gov.cn\n"
     "  yichuang serve --store 'postgresql://yichuang@db1,db2/yichuang' --files /srv/yichuang",
     0, verb_serve},
    {"init", "[选项]", "建立一个空的存储",
     "只建库，不带任何账号和口令。随后用 user add 建第一个系统管理员。", "store suite",
     "  yichuang init --store /srv/yichuang\n"
     "  yichuang user add --store /srv/yichuang --id admin --name 姓名 --role sysadmin",
     0, verb_init},
    {"demo", "[选项]", "建立演示存储",
     "经由办理引擎，从一个种子生成各类别、各状态的示例项目和演示账号。\n"
     "只用于试用和培训：每一页都会注明是演示数据。120 个项目通常要十几秒。",
     "store policy day seed projects months quiet",
     "  yichuang demo --store var\n  yichuang demo --store /tmp/y --day 2026-11-24 --projects 30", 0, verb_demo},
    {"verify", "[选项]", "核对日志与视图",
     "逐条核对日志的顺序和散列，再把日志重放成视图，与现有视图逐行比较。\n"
     "服务运行时也可以核对。有出入时退出码为 1，并指出位置和日期。",
     "store policy quiet", "  yichuang verify --store var", 0, verb_verify},
    {"rebuild", "[选项]", "由日志重建视图", "视图可以随时由日志重新生成，不会丢失办理记录。服务须先停止。",
     "store policy quiet", "  yichuang rebuild --store var", 0, verb_rebuild},
    {"backup", "[目录] [选项]", "备份存储",
     "服务运行时也可以备份。日志取同一时刻的副本，文件按散列逐个核对，清单记下每个文件的散列和日志的位置。\n"
     "目录须是新的；做完之前叫 目录.unfinished。不写目录时，在 --backups 的目录里以当时的时刻命名。个人信息是加密的，密钥默认不在备份里：另行保管 vault.key。",
     "store backups with-key", "  yichuang backup /backup/2026-11-24 --store var\n  yichuang backup --backups /backup --store var\n  yichuang backup /backup/whole --store var --with-key", 1,
     verb_backup},
    {"restore", "备份目录 --store 新目录", "由备份恢复存储",
     "逐个核对文件与清单，重建视图，核对全部日志，都对了新目录才出现。备份有损坏时不恢复，并指出是哪个文件。\n"
     "备份以后清除过的个人信息会随备份回来：用 --erased 给出清除名单，恢复时再清除一次。",
     "store policy erased quiet", "  yichuang restore /backup/2026-11-24 --store /srv/new --erased /witness/erased.jsonl", 1, verb_restore},
    {"export", "文件|- [选项]", "把全部日志写成 JSON 行",
     "一行一条事件，再是幂等键和加密的个人信息，末行是清单和散列。服务运行时也可以导出。\n"
     "同一个日志导出的内容逐字节相同。不含上传的文件。",
     "store without-personal", "  yichuang export 日志.jsonl --store var\n  yichuang export - --without-personal | gzip > 日志.gz", 1,
     verb_export},
    {"import", "文件|- --store 新目录", "由导出的 JSON 行建立存储",
     "逐行核对散列，被改动的行会指出行号。再导出得到同样的内容。\n上传的文件（blobs）、政策包的各版（policies）和 vault.key 须另行放入，再运行 rebuild。",
     "store", "  yichuang import 日志.jsonl --store /srv/new", 1, verb_import},
    {"compact", "[选项]", "整理存储文件", "把日志的预写部分并入，压紧视图文件。日志的记录一条也不会少。服务须先停止。",
     "store", "  yichuang compact --store var", 0, verb_compact},
    {"doctor", "[选项]", "系统自查",
     "看存储、备份、检查点、见证人、磁盘、时钟、日历、字库、权限、设置、账号和投递是不是都好；每一条写明是什么、为什么要紧、怎么办。\n"
     "什么也不改，服务运行时也可以用。宜以服务的账号运行。退出码：0 没有发现问题，1 有值得看的，2 有要处理的。\n"
     "各条的说明见 docs/operate.md；网页“系统自查”是同样的内容。--quiet 只列出有问题的。",
     "store policy backups key seal-key keep smtp-password metrics-token exchange log listen listen-anywhere behind-tls proxy smtp sms site json quiet",
     "  sudo -u yichuang yichuang doctor\n  yichuang doctor --store var --backups /backup --json", 0, verb_doctor},
    {"policy check", "[目录 …]", "检查政策包",
     "列出全部错误，逐条写明文件、行、列和改法；再列出文件本身的矛盾和政策包的选择（--quiet 不列）。\n"
     "写几个目录时，还核对同一政策包各版的施行日期不重叠。没有错误时退出码为 0，有错误时为 1。",
     "policy quiet",
     "  yichuang policy check policies/huludao\n  yichuang policy check 旧目录 新目录", WORDS_MAX, verb_policy_check},
    {"policy explain", "事项 类别=… [县区=…] [栏目=值 …] [选项]", "说明一个事项要不要办",
     "事项写代码或名称，栏目写名称。说出结论、理由、依据、办理单位、时限和材料。\n"
     "没有给出的栏目算“还不知道”。",
     "policy facts", "  yichuang policy explain fire-design-filing 类别=改造类 建筑面积=280", WORDS_MAX, verb_policy_explain},
    {"policy diff", "旧目录 新目录", "比较两份政策包",
     "逐表列出新增、取消和改动，日历逐日列出。没有差别时退出码为 0，有差别时为 1。", "",
     "  yichuang policy diff policies/huludao policies/new", 2, verb_policy_diff},
    {"policy stage", "目录 [选项]", "把一份政策包存入存储，等待发布",
     "先检查，有错误就不存；版本号已经有了而内容不同，也不存。存入后还没有施行：要两个人在网页“政策发布”里\n"
     "办理，写明施行日期。服务运行时也可以用。",
     "store policy", "  yichuang policy stage policies/new --store var", 1, verb_policy_stage},
    {"policy list", "[选项]", "列出政策包的各个版本", "认识的、暂存的、发布过的、今天施行的。服务运行时也可以用。", "store policy",
     "  yichuang policy list --store var", 0, verb_policy_list},
    {"policy draw", "类别 [选项]", "画一个类别的审批流程图", "写到标准输出。类别写代码或名称；不写时列出全部类别。",
     "policy format", "  yichuang policy draw industry --format pdf > 工业类.pdf", 1, verb_policy_draw},
    {"whatif", "--draft 目录 [选项]", "政策模拟：按草案重算全部办件",
     "把库里办过和在办的项目放到草案下重算：各类别、各阶段超期多少，各单位负荷多少，在办的亮什么灯，\n"
     "哪个事项决定阶段时长。只读，服务运行时也可以用。办过的日子不变，算法见 src/approval/whatif.h。",
     "store policy draft json clock quiet",
     "  yichuang whatif --store var --draft policies/draft\n"
     "  yichuang whatif --draft policies/draft --json > 模拟.json",
     0, verb_whatif},
    {"clock answer", "[选项]", "逐行回答时限问题",
     "从标准输入读 JSON，一行一问；同一对象加上 answer 写到标准输出，写错的行加上 error。\n"
     "type 是 item、stage、month 或 deemed，各栏见 docs/clock-answer.md。",
     "policy",
     "  echo '{\"type\":\"item\",\"start\":\"2019-06-28\",\"limit\":5,\"now\":\"2019-07-01\"}' | yichuang clock answer", 0,
     verb_clock_answer},
    {"clock explain", "编号 [选项]", "逐日列出一个时钟",
     "每一天是不是工作日、哪一份通知说的、时钟在谁手里、因为哪一次办理，数到第几天，哪天到期；\n"
     "再给出净用时、总用时、谁持有，和省级平台口径，不同的写明原因。服务运行时也可以用。\n"
     "编号可以是办件编号、项目代码或收件编号；不写 --item 就是阶段的时钟。",
     "store policy stage item json csv clock",
     "  yichuang clock explain HLD-000001-A --stage 1\n"
     "  yichuang clock explain HLD-000001-A --item land-preview --csv > 台账.csv",
     1, verb_clock_explain},
    {"calendar list", "[选项]", "列出日历的各个版本",
     "每次确认的放假通知是一个版本：依据、经办的两个人、改了哪些日子、变动了多少到期日。服务运行时也可以用。",
     "store policy", "  yichuang calendar list --store var", 0, verb_calendar_list},
    {"calendar preview", "文件 [选项]", "看一份通知会变动哪些到期日",
     "文件的写法同政策包的 holidays.csv；已经如此的日子略去。什么也不写入，服务运行时也可以用。\n"
     "变更日历要两个人在网页上办理：工作日历。",
     "store policy", "  yichuang calendar preview 通知.csv --store var", 1, verb_calendar_preview},
    {"key make", "文件 [选项]", "做一对签名密钥",
     "私钥写到该文件（不要放进存储目录，另行备份），公钥写到同名加 .pub 的文件，可以公开。\n"
     "名称写进每个检查点，说明是哪一份日志，以后不变。",
     "suite name", "  yichuang key make /root/yichuang.key --name yichuang.hld", 1, verb_key_make},
    {"key seal", "文件 [选项]", "做文书签名的密钥",
     "证件和通知下载时用它签名：PDF 里一个（PAdES，P-256，证书自签，十年），旁边一个（SM2）。\n"
     "文件不要放进存储目录，另行备份；启动服务时用 --seal-key 写明。证书和公钥在网站的检查点页上。",
     "name", "  yichuang key seal /root/seal.key --name 葫芦岛市工程建设项目审批服务", 1, verb_key_seal},
    {"key rotate", "文件", "换一对签名密钥",
     "旧密钥停用并删去私钥，公钥和起止时间留着：以前签的仍然能核对。", "", "  yichuang key rotate /root/yichuang.key", 1,
     verb_key_rotate},
    {"key show", "文件", "列出公钥", "每行一个密钥：公钥、启用时间、停用时间。", "", "  yichuang key show /root/yichuang.key", 1,
     verb_key_show},
    {"checkpoint show", "[条数]", "显示检查点", "不写条数时显示最近一个。", "store", "  yichuang checkpoint show --store var", 1,
     verb_checkpoint_show},
    {"checkpoint proof", "旧条数 新条数", "两个检查点的一致性证明",
     "证明后一个检查点是前一个的延续，供见证人或 yichuang-verify 核对。", "store",
     "  yichuang checkpoint proof 1200 3400 --store var > 一致.txt", 2, verb_checkpoint_proof},
    {"checkpoint", "--key 文件 [选项]", "签检查点",
     "重读上一个检查点以来的每条事件，核对散列，核对日志是上一个检查点的延续，然后签名。\n"
     "服务运行时也可以签；宜每天或每小时签一次。对不上时不签，退出码为 1。",
     "store key", "  yichuang checkpoint --store var --key /root/yichuang.key", 0, verb_checkpoint},
    {"receipt", "编号 [种类] --stage 阶段 [选项]", "导出凭证",
     "一次办理、它在日志里的证明和检查点，一个小文件，用 yichuang-verify 或检查点页上的核对网页离线核对。\n"
     "种类：收件（默认）、补正告知、补正、受理、不予受理、事项退回补正、事项补正、事项重新申报、事项决定、出件、不予许可；事项的可以用 --item 指明。",
     "store policy stage item qr", "  yichuang receipt HLD-000001-A --stage 1 > 收件凭证.txt\n"
     "  yichuang receipt HLD-000001-A 出件 --stage 1", 2, verb_receipt},
    {"witness", "--keep 文件 --key 公钥文件 [文件]", "见证：留存最近的检查点",
     "新的检查点是留存的延续才收下；较旧的、分叉的、改写过的都不收，写明证据，退出码为 1。\n"
     "不写文件时看 --store 的存储；写文件时看取来的检查点或一致性证明，不需要存储。",
     "store key keep",
     "  yichuang witness --keep 留存.txt --key yichuang.key.pub --store var\n"
     "  yichuang witness --keep 留存.txt --key yichuang.key.pub 一致.txt",
     1, verb_witness},
    {"archive check", "目录", "核对一份归档",
     "逐个文件与 SHA256SUMS、SM3SUMS 比较：改动过的、缺少的、多出来的都指出来。都一致时退出码为 0，否则为 1。不需要存储。", "",
     "  yichuang archive check /归档/HLD-000001-A", 1, verb_archive_check},
    {"archive", "编号 目录 [选项]", "把一个项目归档成文件夹",
     "每次提交的各版材料、文书、证件、意见和办理记录，连同目录、散列和凭证，写进一个新的目录。服务运行时也可以用。\n"
     "编号可以是办件编号、项目代码或收件编号。不含个人信息。先签发检查点，凭证才齐；写了 --seal-key 的，文书和证件带签名。",
     "store policy seal-key", "  yichuang archive HLD-000001-A /归档/HLD-000001-A", 2, verb_archive},
    {"user add", "--id 账号 --name 姓名 --role 角色 [选项]", "建账号",
     "口令从终端或标准输入读取，不写在命令行上。服务须先停止。\n"
     "角色：applicant 申请人，agent 代办员，clerk 窗口人员，window_head 窗口负责人，approver 审批人员，\n"
     "unit_head 部门负责人，supervisor 监督人员，leader 市领导，sysadmin 系统管理员，secadmin 安全管理员，\n"
     "auditor 审计管理员，integrator 对接方。",
     "store policy id name role unit org uscc",
     "  yichuang user add --id li --name 李某 --role approver --unit natural-resources\n"
     "  yichuang user add --id admin --name 姓名 --role sysadmin < 口令文件",
     0, verb_user_add},
    {"user list", "[选项]", "列出账号", "每行一个账号：账号、姓名、角色、单位。服务须先停止。", "store policy",
     "  yichuang user list --store var", 0, verb_user_list},
    {"user password", "--id 账号 [选项]", "重设口令",
     "口令从终端或标准输入读取。服务须先停止。", "store policy id",
     "  yichuang user password --id li", 0, verb_user_password},
    {"user disable", "--id 账号 [选项]", "停用账号", "账号不能再登录，办过的记录不变。服务须先停止。",
     "store policy id", "  yichuang user disable --id li", 0, verb_user_disable},
    {"user enable", "--id 账号 [选项]", "恢复账号", "恢复停用的账号，口令不变。服务须先停止。", "store policy id",
     "  yichuang user enable --id li", 0, verb_user_enable},
    {"user token", "--id 账号 --name 名称 [选项]", "发接口令牌",
     "令牌只在此显示一次；库里只存它的散列。令牌的权限就是该账号的权限。服务须先停止。", "store policy id name",
     "  yichuang user token --id platform --name 省平台", 0, verb_user_token},
    {"user revoke-token", "--id 账号 --name 名称 [选项]", "收回接口令牌",
     "收回后立即失效。服务须先停止；服务运行时请在网页的账号页收回。", "store policy id name",
     "  yichuang user revoke-token --id platform --name 省平台", 0, verb_user_revoke},
    {"personal list", "[选项]", "列出清除个人信息的请求", "每行一份：记录、编号、状态、情形、提出和办结的人。服务运行时也可以用。", "store policy",
     "  yichuang personal list --store var", 0, verb_personal_list},
    {"personal erase", "记录 --ground 情形 --reason 说明 [选项]", "提出清除一个记录的个人信息",
     "记录是 project/12 或 user/账号；情形是政策包 personal.yaml 里的代码：kept、purpose、consent、unlawful。\n"
     "只是提出，要由安全管理员或者监督人员在网页上确认才清除。服务须先停止；服务运行时请在网页上提出。",
     "store policy ground reason",
     "  yichuang personal erase project/12 --ground unlawful --reason 误收了他人的电话 --store var", 1, verb_personal_erase},
    {"personal erased", "文件 [选项]", "更新清除名单",
     "名单里是每一项清除过的存放编号和清除它的事件，没有个人信息。文件已有的行留着，只增不减；被改动过的不收。\n"
     "放在存储以外，宜与见证人留存的检查点放在一起、同时更新。服务运行时也可以用，--store 也可以是一份备份。",
     "store", "  yichuang personal erased /witness/erased.jsonl --store var", 1, verb_personal_erased},
    {"personal again", "名单 [选项]", "按清除名单再清除一次",
     "用在由旧的备份或导出得到的存储上：名单里有而又回来了的，再清除一次，并记入日志。服务须先停止。", "store policy",
     "  yichuang personal again /witness/erased.jsonl --store /srv/new", 1, verb_personal_again},
    {"help", "[命令]", "显示说明", "不写命令时列出全部命令、选项和退出码。", "as", "  yichuang help user add\n  yichuang help --as man > yichuang.1", 2, verb_help},
    {.name = NULL},
};

const char exit_codes[] =
    "退出码：0 完成；1 核对或检查发现问题，或程序出错；2 命令写错或条件不具备；75 存储或端口被占用，或写不进去。\n";

static bool first_word_is(const Verb *v, Str word, Str *rest) {
  Str first;
  *rest = S("");
  (void)str_cut(str_of(v->name), ' ', &first, rest);
  return str_eq(first, word);
}

static const Verb *verb_find(const Options *o, size_t *words) {
  for (const Verb *v = verbs; v->name; v++) {
    Str rest;
    if (!o->word_count || !first_word_is(v, o->words[0], &rest)) continue;
    if (rest.len && (o->word_count < 2 || !str_eq(o->words[1], rest))) continue;
    *words = rest.len ? 2 : 1;
    return v;
  }
  return NULL;
}

/* "user" alone is half a verb: say which halves follow. */
static void verb_missing(const Options *o) {
  size_t found = 0;
  for (const Verb *v = verbs; v->name; v++) {
    Str rest;
    if (!first_word_is(v, o->words[0], &rest) || !rest.len) continue;
    if (!found++) fprintf(stderr, "错误：%.*s 后面要写", SFMT(o->words[0]));
    fprintf(stderr, "%s%.*s", found > 1 ? "、" : " ", SFMT(rest));
  }
  if (!found) fprintf(stderr, "错误：没有命令“%.*s”", SFMT(o->words[0]));
  Arena *mem = arena_open(1 << 16);
  Suggest s = {0};
  Str both = o->word_count > 1 ? arena_fmt(mem, "%.*s %.*s", SFMT(o->words[0]), SFMT(o->words[1])) : o->words[0];
  for (const Verb *v = verbs; v->name; v++) {
    suggest_look(&s, both, str_of(v->name));
    if (!str_has(str_of(v->name), S(" "))) suggest_look(&s, o->words[0], str_of(v->name));
  }
  if (s.word.len && !(found && o->word_count == 1)) fprintf(stderr, "。是不是 %.*s？\n", SFMT(s.word));
  else fprintf(stderr, "。用 yichuang help 查看全部命令。\n");
  arena_close(mem);
}

static void verb_show(const Verb *v) {
  printf("用法：yichuang %s %s\n\n%s\n", v->name, v->usage, v->summary);
  if (*v->help) printf("\n%s\n", v->help);
  if (*v->options) {
    printf("\n选项\n");
    options_help(v->options);
  }
  printf("\n示例\n%s\n\n%s", v->example, exit_codes);
}

int verb_help(Cx *cx, const Options *o) {
  (void)cx;
  if (o->as.len) return help_as(o);
  if (o->word_count) {
    size_t words;
    const Verb *v = verb_find(o, &words);
    if (!v) {
      verb_missing(o);
      return EXIT_CALL;
    }
    verb_show(v);
    return EXIT_DONE;
  }
  printf("一窗 Yichuang：工程建设项目审批管理系统\n\n用法：yichuang 命令 [选项]\n\n命令\n");
  for (const Verb *v = verbs; v->name; v++) printf("  %-18s %s\n", v->name, v->summary);
  printf("\n选项（yichuang 命令 --help 只列出该命令的选项）\n");
  options_help(NULL);
  printf("\n示例\n  yichuang demo --store var && yichuang serve --store var\n\n"
         "环境变量 NO_COLOR 不为空时，输出不带颜色和粗体。\n%s", exit_codes);
  return EXIT_DONE;
}

/* The words behind the verb are its own; options keep their places. */
static void words_shift(Options *o, size_t n) {
  for (size_t i = 0; i + n < COUNT(o->words); i++) o->words[i] = o->words[i + n];
  o->word_count -= n;
}

static int verb_run(Cx *cx, const Verb *v, Options *o) {
  if (o->help) {
    verb_show(v);
    return EXIT_DONE;
  }
  if (!options_fit(o, v)) return EXIT_CALL;
  if (o->word_count > v->words) {
    fprintf(stderr, "错误：多余的词“%.*s”。用 yichuang %s --help 查看用法。\n", SFMT(o->words[v->words]), v->name);
    return EXIT_CALL;
  }
  return options_finish(cx, v, o) ? v->run(cx, o) : EXIT_CALL;
}

int main(int argc, char **argv) {
  arena_keep_memory();
  Arena *mem = arena_open((size_t)1 << 30);
  Cx cx = {.mem = mem, .now = clock_now_ms()};
  Options o;
  int rc = EXIT_CALL;
  if (options_parse(argc, argv, &o)) {
    size_t words = 0;
    const Verb *v = verb_find(&o, &words);
    if (o.version) {
      rc = printf("yichuang " YICHUANG_VERSION "\n") > 0 ? EXIT_DONE : EXIT_FAULT;
    } else if (!o.word_count) {
      rc = verb_help(&cx, &o);
      if (!o.help) rc = EXIT_CALL;
    } else if (!v) {
      verb_missing(&o);
    } else {
      words_shift(&o, words);
      rc = verb_run(&cx, v, &o);
    }
  }
  arena_close(mem);
  return rc;
}
