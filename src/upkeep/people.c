/* SPDX-License-Identifier: Apache-2.0 */
/* people.c: accounts that everybody knows, messages that do not leave. */
#include "notice/notice.h"
#include "org/org.h"
#include "upkeep/upkeep_int.h"

enum { HOUR_MS = 3600 * 1000, KNOWN_MIN = 4 };

/* Names that the demonstration gives and that nobody else would choose together. */
static const char *const known[] = {"owner", "owner2", "owner3", "owner4", "owner5", "owner6", "owner7", "owner8", "wang", "sun", "zhao", "wu", "agent", "agent2", "agent3",
                                    "leader", "sys", "sec", "audit", "api"};

/* With the key of the vault its password can be tried; without, the names must do. */
static Code account_look(Cx *cx, const Checkup *c, const char *id, size_t *there, size_t *open) {
  const User *u = NULL;
  Str hash;
  Code code = user_load(cx, c->rd, str_of(id), &u);
  if (code == NOT_FOUND || code == DENIED) {
    cx_clear(cx);
    return OK;
  }
  TRY(code);
  *there += 1;
  code = reader_vault(cx, c->rd, u->password_ref, &hash);
  if (code == OK && password_verify(hash, str_of(c->demo_password))) *open += 1;
  cx_clear(cx);
  return OK;
}

static void accounts_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  size_t there = 0, open = 0;
  if (c->demo) {
    if (c->open && !str_starts(c->listen, S("127.")))
      remark__add(f, "demo", REMARK_BAD, S("演示存储，外面的人也能访问"), "演示账号的口令人人知道。", S("只监听本机；真正使用时用 yichuang init 建新的存储。"));
    else remark__skip(f, "demo", S("演示存储：账号和口令人人知道，不能用于真正的办理"));
    return;
  }
  for (size_t i = 0; i < COUNT(known); i++)
    if (account_look(&cx, c, known[i], &there, &open) != OK) break;
  if (open)
    remark__add(f, "demo", REMARK_BAD, arena_fmt(f->mem, "有 %zu 个账号用的是演示的口令", open), "谁都能用它登录。", S("在网页“账号”里停用，或用 yichuang user password 改口令。"));
  else if (there >= KNOWN_MIN)
    remark__add(f, "demo", REMARK_LOOK, arena_fmt(f->mem, "有 %zu 个账号与演示账号同名", there), "演示账号的口令人人知道；这里可能是由演示存储改来的。", S("在网页“系统自查”里看口令是不是演示的；不用的账号停用。"));
  else remark__good(f, "demo", S("没有演示的账号"));
}

static void outbox_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  OutboxCount o;
  if (outbox_count(&cx, c->rd, &o) != OK) return;
  int64_t age = o.waiting && o.oldest ? c->now - o.oldest : 0;
  Str said = arena_fmt(f->mem, "待发 %lld 条，放弃了的 %lld 条", (long long)(o.waiting + o.trying), (long long)o.lost);
  if (c->sends && !c->demo && age > HOUR_MS)
    remark__add(f, "outbox", REMARK_BAD, arena_fmt(f->mem, "%.*s，最早的等了 %.*s", SFMT(said), SFMT(age__text(f->mem, age))), "当事人收不到通知，时限照走。", S("看日志里 courier 的行；邮件服务器、短信程序通不通；网页“投递”里有每一次的原因。"));
  else if (o.lost) remark__add(f, "outbox", REMARK_LOOK, said, "这些通知没有送到。", S("在网页“投递”里看原因，改好以后重新投递，或打电话。"));
  else remark__good(f, "outbox", said);
}

static void exchange_look(const Checkup *c, Remarks *f) {
  enum { LONG_MS = 24 * HOUR_MS };
  int64_t refused = 0, held = 0, waiting = 0;
  Str down = S("");
  bool late = false;
  if (c->receivers_fault.len) {
    remark__add(f, "exchange", REMARK_BAD, c->receivers_fault, "服务重新启动时会因此启动不了。", S("改正 exchange 指明的文件，见 docs/exchange.md。"));
    return;
  }
  if (!c->receivers || !c->receivers->count) {
    remark__skip(f, "exchange", S("没有设置数据交换的对接方"));
    return;
  }
  for (size_t i = 0; i < c->receivers->count; i++) {
    Cx cx = {.mem = f->mem, .now = c->now};
    LinkRow l;
    if (link_load(&cx, c->rd, c->receivers->list[i].code, &l) != OK) return;
    refused += l.count[ROW_REFUSED], held += l.count[ROW_HELD], waiting += l.count[ROW_WAITING];
    late |= l.down && c->now - l.down > LONG_MS;
    if (l.down) down = arena_fmt(f->mem, "%.*s%s%.*s", SFMT(down), down.len ? "、" : "", SFMT(c->receivers->list[i].name));
  }
  Str said = arena_fmt(f->mem, "数据交换：待发 %lld 行，被退回 %lld 行，没有通过检查 %lld 行", (long long)waiting, (long long)refused, (long long)held);
  if (down.len && !c->demo)
    remark__add(f, "exchange", late ? REMARK_BAD : REMARK_LOOK, arena_fmt(f->mem, "%.*s；连不上 %.*s", SFMT(said), SFMT(down)), "上级平台看不到新的办理情况；恢复以后自动补发。",
                S("网页“数据交换”里有原因；看网络、对方的地址和令牌，必要时与对方联系。"));
  else if (refused || held) remark__add(f, "exchange", REMARK_LOOK, said, "这些行上级平台没有。", S("在网页“数据交换”里看原因：被退回的重发，没有通过检查的改正办件里的数据。"));
  else remark__good(f, "exchange", said);
}

void people__look(const Checkup *c, Remarks *f) {
  if (!c->rd) return;
  accounts_look(c, f);
  outbox_look(c, f);
  exchange_look(c, f);
}
