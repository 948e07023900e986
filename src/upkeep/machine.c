/* SPDX-License-Identifier: Apache-2.0 */
/* machine.c: what the program stands on: clock, calendar, fonts, permissions, settings. */
#include "paper/paper.h"
#include "upkeep/upkeep_int.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

/* ---- time ------------------------------------------------------------------------------------------------ */

static void clock_look(Remarks *f) {
  struct timex t = {0};
  int state = adjtimex(&t); /* asks only */
  if (state < 0) {
    remark__skip(f, "clock-sync", S("这里问不到时钟有没有校准"));
    return;
  }
  if (state == TIME_ERROR || (t.status & STA_UNSYNC))
    remark__add(f, "clock-sync", REMARK_LOOK, S("系统时钟没有与时间服务器校准"), "时限按日计，差几分钟就可能差一天；记录的先后也靠它。", S("启用 systemd-timesyncd 或 chrony；容器里由宿主机校准的不用管。"));
  else remark__good(f, "clock-sync", arena_fmt(f->mem, "系统时钟已校准，估计误差 %ld 毫秒", t.esterror / 1000));
}

/* The rule that holds after the last change stands in the last line of the file (RFC 8536). The program counts with +08:00 whatever it says. */
static void zone_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  Str text, rest = S("");
  if (file_read(&cx, S("/usr/share/zoneinfo/Asia/Shanghai"), 1 << 16, &text) != OK) {
    remark__add(f, "time-zone", REMARK_LOOK, S("没有时区数据（tzdata）"), "本程序按北京时间计，不靠它；但系统日志和备份的时刻会差八小时，难以对照。", S("apt-get install tzdata，timedatectl set-timezone Asia/Shanghai。"));
    return;
  }
  text = str_trim(text);
  for (size_t i = text.len; i > 0 && !rest.len; i--)
    if (text.ptr[i - 1] == '\n') rest = str_sub(text, i, SIZE_MAX);
  if (str_eq(rest, S("CST-8"))) remark__good(f, "time-zone", S("时区数据里北京时间是 +08:00，没有夏令时，与本程序一致"));
  else remark__add(f, "time-zone", REMARK_BAD, arena_fmt(f->mem, "时区数据里北京时间的规则是“%.*s”", SFMT(rest)), "本程序按 +08:00、没有夏令时计；规则变了，时限要重新算。", S("核对国务院的规定；变了的话请换用新版本的程序。"));
}

static void calendar_look(const Checkup *c, Remarks *f) {
  int y, m, d, last = calendar_last_year(c->policy->calendar);
  day_split(day_of(c->now), &y, &m, &d);
  static const char next[] = "国务院办公厅的放假通知发布以后，在网页“工作日历”里由两个人录入、确认；会变动的到期日先用 yichuang calendar preview 看。";
  Str said = arena_fmt(f->mem, "放假安排到 %d 年", last);
  if (last < y) remark__add(f, "calendar", REMARK_BAD, said, "今年的放假安排没有，到期日都是按周算的，节前后会错。", str_of(next));
  else if (last == y && m >= 11) remark__add(f, "calendar", m == 12 && d >= 15 ? REMARK_BAD : REMARK_LOOK, said, "明年的放假安排还没有，跨年的到期日是暂定的。", str_of(next));
  else remark__good(f, "calendar", said);
}

/* ---- fonts ----------------------------------------------------------------------------------------------- */

typedef struct Letters { uint8_t seen[0x30000 / 8]; } Letters;

static void letters_of(Letters *l, Str text) {
  uint32_t cp;
  if (!utf8_valid(text)) return;
  for (size_t i = 0; i < text.len;) {
    size_t n = utf8_next(text, i, &cp);
    if (cp > 0x20 && cp != 0x7F && cp < 0x30000) l->seen[cp >> 3] |= (uint8_t)(1u << (cp & 7));
    i += n;
  }
}

static void folder_letters(const Checkup *c, Remarks *f, Letters *l) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  DIR *d = opendir(arena_z(f->mem, c->policy_dir));
  for (const struct dirent *e; d && (e = readdir(d)) != NULL;) {
    Cx cx = {.mem = mem, .now = c->now};
    Str text, name = str_of(e->d_name);
    if (!str_ends(name, S(".yaml")) && !str_ends(name, S(".csv"))) continue;
    if (file_read(&cx, arena_fmt(mem, "%.*s/%.*s", SFMT(c->policy_dir), SFMT(name)), 8 << 20, &text) == OK) letters_of(l, text);
  }
  if (d) closedir(d);
}

static void encode(Buf *b, uint32_t cp) {
  if (cp < 0x80) buf_char(b, (char)cp);
  else if (cp < 0x800) buf_char(b, (char)(0xC0 | cp >> 6)), buf_char(b, (char)(0x80 | (cp & 63)));
  else {
    if (cp < 0x10000) buf_char(b, (char)(0xE0 | cp >> 12));
    else buf_char(b, (char)(0xF0 | cp >> 18)), buf_char(b, (char)(0x80 | (cp >> 12 & 63)));
    buf_char(b, (char)(0x80 | (cp >> 6 & 63)));
    buf_char(b, (char)(0x80 | (cp & 63)));
  }
}

/* Every letter of the package, that is of all forms, names of items and units, notices. */
static void fonts_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  SCOPED(buf_drop) Buf b = {0};
  Letters *l = arena_new(f->mem, Letters);
  int n = 0;
  buf_init(&b, 1 << 20);
  folder_letters(c, f, l);
  for (uint32_t cp = 0x21; cp < 0x30000; cp++)
    if (l->seen[cp >> 3] >> (cp & 7) & 1) encode(&b, cp), n++;
  Str all = buf_str(&b);
  Paper p = {.title = S("字库"), .paragraphs = &all, .paragraph_count = 1};
  if (paper_check(&cx, &p) == OK) remark__good(f, "fonts", arena_fmt(f->mem, "政策包里的 %d 个字，字库里都有", n));
  else remark__add(f, "fonts", REMARK_BAD, cx.detail, "缺字的证件和通知印不出来：办理到那一步会被拒绝。", S("apt-get install fonts-noto-cjk；政策包里用了生僻字的，另装有它的字库。"));
}

/* ---- who may read what ------------------------------------------------------------------------------------- */

static void mode_look(Remarks *f, Str path, const char *what, mode_t bad, mode_t look) {
  struct stat st;
  if (!path.len || stat(arena_z(f->mem, path), &st) != 0) return;
  mode_t open = st.st_mode & 07777;
  RemarkLevel l = open & bad ? REMARK_BAD : open & look ? REMARK_LOOK : REMARK_GOOD;
  Str said = arena_fmt(f->mem, "%s %.*s 的权限是 %03o", what, SFMT(path), (unsigned)(open & 0777));
  if (l == REMARK_GOOD) remark__good(f, "permissions", said);
  else remark__add(f, "permissions", l, said, "不该看、不该改的人能看、能改。", arena_fmt(f->mem, "chmod %s %.*s；属主是服务的账号。", S_ISDIR(st.st_mode) ? "750" : "600", SFMT(path)));
}

static void inside_look(const Checkup *c, Remarks *f, Str path, const char *name) {
  Str files = store_files(f->mem, c->store);
  char *real = path.len ? realpath(arena_z(f->mem, path), NULL) : NULL, *store = realpath(arena_z(f->mem, files), NULL);
  Str r = str_of(real), s = str_of(store);
  if (r.len && s.len && str_starts(r, s) && r.len > s.len && r.ptr[s.len] == '/')
    remark__add(f, "key-place", REMARK_LOOK, arena_fmt(f->mem, "%s %.*s 在存储目录里", name, SFMT(path)), "能改日志的人也能签名，签名就证明不了什么。", S("移到存储目录以外，例如 /etc/yichuang，并改设置。"));
  free(real);
  free(store);
}

static void permissions_look(const Checkup *c, Remarks *f) {
  Str files = store_files(f->mem, c->store);
  enum { OTHERS = 07, WRITERS = 022, GROUP = 070 };
  mode_look(f, arena_fmt(f->mem, "%.*s/vault.key", SFMT(files)), "个人信息的密钥", OTHERS | GROUP, 0);
  mode_look(f, files, "存储目录", OTHERS, 020);
  mode_look(f, c->key, "签名密钥", OTHERS | 020, 0);
  mode_look(f, c->seal_key, "文书签名的密钥", OTHERS | 020, 0);
  mode_look(f, c->smtp_password, "邮件口令", OTHERS | 020, 0);
  mode_look(f, c->metrics_token, "指标令牌", OTHERS | 020, 0);
  mode_look(f, c->config, "配置文件", 022, 0);
  mode_look(f, c->backups, "备份目录", OTHERS, 020);
  mode_look(f, c->log, "日志文件", OTHERS, 020);
  inside_look(c, f, c->key, "签名密钥");
  inside_look(c, f, c->seal_key, "文书签名的密钥");
}

/* ---- settings -------------------------------------------------------------------------------------------------- */

static void settings_look(const Checkup *c, Remarks *f) {
  bool local = !c->listen.len || str_starts(c->listen, S("127.")) || str_eq(c->listen, S("[::1]"));
  struct rlimit files = {0};
  if (c->open && !local && !c->behind_tls)
    remark__add(f, "tls", REMARK_BAD, arena_fmt(f->mem, "监听 %.*s，没有 TLS", SFMT(c->listen)), "口令和 Cookie 在网上是明文。", S("前面放 nginx（docs/install.md），写 behind-tls = yes，只监听本机。"));
  else if (c->behind_tls && !c->proxy.len)
    remark__add(f, "proxy", REMARK_LOOK, S("前面有 TLS 代理，没有写 proxy"), "来访者的地址都成了代理的：一个人输错口令，所有人都要等。", S("写 proxy = 127.0.0.1（代理的地址），并让代理写 X-Forwarded-For（nginx 的例子里有）。"));
  else remark__good(f, "tls", c->behind_tls ? S("前面有 TLS 代理，知道来访者的地址") : S("只监听本机"));
  if (c->sends && !c->site.len)
    remark__add(f, "site", REMARK_LOOK, S("发邮件或短信，没有写本网站的地址（site）"), "信里没有可以点开的地址。", S("写 site = https://主机。"));
  if (!c->seal_key.len) remark__skip(f, "seal-key", S("没有写文书签名的密钥（seal-key）：下载的证件和通知不带签名"));
  (void)getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < 1024) remark__add(f, "open-files", REMARK_LOOK, arena_fmt(f->mem, "最多能打开 %lld 个文件", (long long)files.rlim_cur), "来的人多了，连接会被拒绝。", S("systemd 单元里写 LimitNOFILE=16384。"));
}

void machine__look(const Checkup *c, Remarks *f) {
  clock_look(f);
  zone_look(c, f);
  if (c->policy) calendar_look(c, f);
  fonts_look(c, f);
  permissions_look(c, f);
  settings_look(c, f);
}
