/* SPDX-License-Identifier: Apache-2.0 */
/* page_messages.c: what a person was told, how they want to be told; the outbox, for the system administrator. */
#include "web/page_origin.h"
#include "web/forms.h"
#include "notice/notice.h"

enum { STEP = 30 };

/* ---- messages ---------------------------------------------------------------------------------------------- */

/* What the text names first: “建筑退线”, 《关于……的通知》. */
static Str quoted(Str text) {
  static const char *const marks[][2] = {{"“", "”"}, {"《", "》"}};
  ptrdiff_t first = -1;
  Str out = S("");
  for (size_t i = 0; i < COUNT(marks); i++) {
    size_t mark = strlen(marks[i][0]);
    ptrdiff_t from = str_find(text, str_of(marks[i][0]));
    if (from < 0 || (first >= 0 && from > first)) continue;
    Str rest = str_sub(text, (size_t)from + mark, SIZE_MAX);
    ptrdiff_t to = str_find(rest, str_of(marks[i][1]));
    if (to <= 0) continue;
    first = from;
    out = str_sub(rest, 0, (size_t)to);
  }
  return out;
}

/* Which one it is about: one case has many messages of one title. The item; the stage; what was asked, ordered or drafted. */
static Str which_of(Request *rq, const Message *one) {
  const Item *item = one->item.len ? policy_item(rq->app->policy, one->item) : NULL;
  if (item) return item->name;
  Str named = one->about.len || one->item.len ? quoted(one->text) : S("");
  if (named.len || !one->stage) return named.len || !one->about.len ? named : one->number;
  return arena_fmt(rq->mem, str_eqz(rq->lang, "en") ? "stage %d" : "第 %d 阶段", one->stage);
}

static void message_view(Request *rq, Json *list, const Message *one) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT_INT(o, "id", one->id);
  PUT(o, "title", one->title);
  PUT(o, "which", which_of(rq, one));
  PUT(o, "text", one->text);
  PUT(o, "at", time_cn(m, one->at));
  PUT(o, "number", one->number);
  PUT(o, "link", message_link(m, one));
  PUT_BOOL(o, "unread", !one->seen && !one->done);
  PUT_BOOL(o, "done", one->done > 0);
}

static Code page_messages(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Message *rows = NULL;
  size_t n = 0;
  int64_t total = 0, unread = 0;
  bool only = request_int(rq, S("unread"), 0) != 0;
  rp->title = tr(rq->lang, S("消息"));
  rp->view = json_obj(m);
  TRY(messages_list(cx, rq->rd, rq->who->id, only, from_of(rq), STEP, &rows, &n, &total));
  TRY(messages_unread(cx, rq->rd, rq->who->id, &unread));
  PUT_BOOL(rp->view, "only", only);
  PUT_INT(rp->view, "unread", unread);
  if (n && !from_of(rq)) PUT_INT(rp->view, "newest", rows[0].id);
  Json *list = json_put_arr(m, rp->view, S("messages"));
  for (size_t i = 0; i < n; i++) message_view(rq, list, &rows[i]);
  view_pages(rq, rp->view, from_of(rq), n, STEP, total);
  return OK;
}

/* All up to the newest that was on the page: what came since stays unread. */
static Code post_messages(Cx *cx, Request *rq, Reply *rp) {
  Json *args = json_obj(rq->mem);
  (void)cx;
  json_put_int(rq->mem, args, S("upto"), request_int(rq, S("upto"), 0));
  reply_command(rq, rp, S("notice.read"), S(""), args);
  reply_redirect(rp, S("/msg"));
  return OK;
}

static Code post_message(Cx *cx, Request *rq, Reply *rp) {
  Message one;
  Json *args = json_obj(rq->mem);
  TRY(message_load(cx, rq->rd, rq->who->id, param_no(rq, 0), &one));
  json_put_int(rq->mem, args, S("id"), one.id);
  reply_command(rq, rp, S("notice.read"), S(""), args);
  reply_redirect(rp, message_link(rq->mem, &one));
  return OK;
}

/* ---- how a person is told ------------------------------------------------------------------------------------ */

static const FormField contact_fields[] = {{"email", "text", "邮箱", "例如 name@example.com；不填就不发邮件", true},
                                           {"phone", "tel", "手机号码", "不填就不发短信", true},
                                           {"mail", "radio", "接收邮件", NULL, false},
                                           {"sms", "radio", "接收短信", NULL, false}};
static const FormAct contact_act = {.act = "contact", .command = "user.set-contact", .title = "怎样告诉您", .button = "保存",
                                    .note = "站内消息不能关闭。邮箱和电话加密保存，删去或者换掉的当时清除。", FIELDS(contact_fields)};

static Str value_of(Request *rq, Str ref) {
  Str value = S("");
  Cx own = {.mem = rq->mem, .now = rq->now};
  if (ref.len && reader_vault(&own, rq->rd, ref, &value) == OK) return value;
  return S("");
}

static void yesno(Request *rq, Json *form, const char *field, bool yes) {
  form_value(rq, form, field, yes ? S("true") : S("false"));
  form_choice(rq, form, field, S("true"), S("是"));
  form_choice(rq, form, field, S("false"), S("否"));
}

static Code page_contact(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const User *u = rq->who;
  (void)cx;
  rp->title = S("消息设置");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/msg/contact"));
  PUT(rp->view, "back", S("/msg"));
  PUT(rp->view, "back_text", S("返回消息"));
  Json *form = form_put_act(rq, rp->view, &contact_act);
  form_value(rq, form, "email", rq->json ? S("") : value_of(rq, u->email_ref));
  form_value(rq, form, "phone", rq->json ? S("") : value_of(rq, u->phone_ref));
  yesno(rq, form, "mail", !u->no_mail);
  yesno(rq, form, "sms", !u->no_sms);
  return OK;
}

/* What is typed as it stands already keeps its place in the vault; another value gets a new one. */
static void contact_put(Request *rq, Json *args, Command *c, Personal *list, const char *field, const char *kind, Str was) {
  Arena *m = rq->mem;
  Str typed = str_trim(utf8_halfwidth(m, request_arg(rq, str_of(kind))));
  if (!typed.len) return;
  if (str_eq(typed, value_of(rq, was))) {
    json_put_str(m, args, str_of(field), was);
    return;
  }
  list[c->personal_count] = (Personal){.ref = personal_ref(m), .kind = str_of(kind), .value = typed};
  json_put_str(m, args, str_of(field), list[c->personal_count++].ref);
}

static Code contact_wrong(Cx *cx, Request *rq, Reply *rp, const char *field, const char *what) {
  TRY(page_contact(cx, rq, rp));
  rp->tmpl = "early_form";
  form_fault(rq, rp, &contact_act, str_of(field), str_of(what));
  return OK;
}

static Code post_contact(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Personal *list = arena_array(m, Personal, 2);
  Str email = str_trim(utf8_halfwidth(m, request_arg(rq, S("email")))), phone = str_trim(utf8_halfwidth(m, request_arg(rq, S("phone"))));
  if (email.len && !email_valid(email)) return contact_wrong(cx, rq, rp, "email", "邮箱写成 name@example.com 的样子，或者留空");
  if (phone.len && !phone_valid(phone)) return contact_wrong(cx, rq, rp, "phone", "填写手机号码，或带区号的座机号码，如 0429-3112345，或者留空");
  json_put_bool(m, args, S("mail"), !str_eqz(request_arg(rq, S("mail")), "false"));
  json_put_bool(m, args, S("sms"), !str_eqz(request_arg(rq, S("sms")), "false"));
  Command *c = form_send(rq, rp, &contact_act, arena_fmt(m, "user/%.*s", SFMT(rq->who->id)), args, S("/msg/contact"), page_contact, "early_form");
  c->personal = list;
  contact_put(rq, args, c, list, "email_ref", "email", rq->who->email_ref);
  contact_put(rq, args, c, list, "phone_ref", "phone", rq->who->phone_ref);
  return OK;
}

/* ---- the outbox ---------------------------------------------------------------------------------------------- */

static void outgoing_view(Request *rq, Json *o, const Outgoing *out) {
  Arena *m = rq->mem;
  PUT_INT(o, "id", out->id);
  PUT(o, "of", str_sub(out->stream, sizeof "notice/" - 1, SIZE_MAX));
  bool contact = str_starts(out->account, S("project/"));
  PUT(o, "account", contact ? arena_fmt(m, "第 %.*s 号项目的联系人", SFMT(str_sub(out->account, 8, SIZE_MAX))) : out->account);
  PUT(o, "channel", channel_label(out->channel));
  PUT(o, "title", out->title);
  PUT(o, "status", out->status);
  PUT(o, "status_label", outgoing_label(out->status));
  PUT_BOOL(o, "lost", str_eqz(out->status, "lost"));
  PUT_BOOL(o, "waits", str_eqz(out->status, "waiting") && out->tries > 0);
  PUT(o, "at", time_cn(m, out->at));
  PUT(o, "next", time_cn(m, out->next));
  PUT_INT(o, "tries", out->tries);
  PUT(o, "receipt", out->receipt);
  PUT(o, "fault", out->fault);
}

static Code counts_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  OutboxCount c;
  TRY(outbox_count(cx, rq->rd, &c));
  const struct { const char *status; int64_t n; } rows[] = {{"waiting", c.waiting}, {"trying", c.trying}, {"sent", c.sent}, {"lost", c.lost}, {"none", c.none}};
  Json *list = json_put_arr(m, view, S("counts"));
  Str chosen = request_arg(rq, S("status"));
  for (size_t i = 0; i < COUNT(rows); i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "status", str_of(rows[i].status));
    PUT(o, "label", outgoing_label(str_of(rows[i].status)));
    PUT_INT(o, "count", rows[i].n);
    PUT_BOOL(o, "current", str_eqz(chosen, rows[i].status));
  }
  PUT_INT(view, "lost", c.lost);
  if (c.oldest) PUT(view, "oldest", time_cn(m, c.oldest));
  return OK;
}

Code outbox_alarm(Cx *cx, Request *rq, Json *view) {
  OutboxCount c;
  TRY(outbox_count(cx, rq->rd, &c));
  json_put_int(rq->mem, view, S("lost"), c.lost);
  return OK;
}

static Code page_outbox(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Outgoing *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  Str status = request_arg(rq, S("status"));
  rp->title = S("邮件和短信");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "mail", rq->app->mail);
  PUT_BOOL(rp->view, "sms", rq->app->sms);
  PUT(rp->view, "chosen", status);
  PUT_INT(rp->view, "notice_tries", rq->app->policy->notice_tries);
  PUT_INT(rp->view, "notice_wait", rq->app->policy->notice_wait);
  PUT_BOOL(rp->view, "sample", rq->app->policy->notice_source.sample);
  TRY(counts_view(cx, rq, rp->view));
  TRY(outbox_list(cx, rq->rd, status, from_of(rq), STEP, &rows, &n, &total));
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++) outgoing_view(rq, json_push_obj(m, list), &rows[i]);
  view_pages(rq, rp->view, from_of(rq), n, STEP, total);
  return OK;
}

static const FormField again_fields[] = {{"reason", "text", "理由", "例如：邮件服务器已修好", false}};
static const FormAct again_act = {.act = "again", .command = "notice.again", .title = "重新投递", .button = "重新投递", FIELDS(again_fields)};

/* /adm/outbox/7/2000 */
static Code outgoing_of(Cx *cx, Request *rq, Outgoing *out, Str *path) {
  *path = arena_fmt(rq->mem, "/adm/outbox/%.*s/%lld", SFMT(rq->params[0]), (long long)param_no(rq, 1));
  return outgoing_load(cx, rq->rd, arena_fmt(rq->mem, "notice/%.*s", SFMT(rq->params[0])), param_no(rq, 1), out);
}

static Code page_outgoing(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Outgoing out;
  Attempt *rows = NULL;
  size_t n = 0;
  Str path;
  TRY(outgoing_of(cx, rq, &out, &path));
  TRY(attempts_list(cx, rq->rd, out.stream, out.id, &rows, &n));
  rp->title = arena_fmt(m, "投递：%.*s", SFMT(out.title));
  rp->view = json_obj(m);
  PUT(rp->view, "path", path);
  outgoing_view(rq, rp->view, &out);
  Json *list = json_put_arr(m, rp->view, S("attempts"));
  for (size_t i = 0; i < n; i++) {
    static const struct { const char *kind, *label; } words[] = {{"sent", "已发出"}, {"failed", "没有发出，再试"}, {"given-up", "放弃"}, {"dropped", "不用发"}};
    Str label = S("没有结果");
    for (size_t k = 0; k < COUNT(words); k++)
      if (str_eqz(rows[i].result, words[k].kind)) label = str_of(words[k].label);
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "at", time_cn(m, rows[i].at));
    PUT(o, "result", label);
    PUT(o, "text", rows[i].text);
  }
  if (!str_eqz(out.status, "lost")) return OK;
  form_put_act(rq, rp->view, &again_act);
  view_letter_origin(rq, rp->view, out.account, str_starts(out.account, S("project/")), str_eqz(out.channel, "mail"), out.fault);
  return OK;
}

static Code post_outgoing(Cx *cx, Request *rq, Reply *rp) {
  Outgoing out;
  Str path;
  TRY(outgoing_of(cx, rq, &out, &path));
  Json *args = form_args(rq, &again_act);
  json_put_int(rq->mem, args, S("id"), out.id);
  form_send(rq, rp, &again_act, out.stream, args, path, page_outgoing, "outgoing");
  return OK;
}

const Route message_routes[] = {
    {.method = GET, .path = "/msg", .allow = ROLE_ANY_ACCOUNT, .run = page_messages, .tmpl = "messages", .section = "messages", .help = "我的消息，新的在前；unread=1 只看未读。"},
    {.method = POST, .path = "/msg", .allow = ROLE_ANY_ACCOUNT, .run = post_messages, .section = "messages", .help = "到某一条为止的消息都记为已读。"},
    {.method = GET, .path = "/msg/contact", .allow = ROLE_ANY_ACCOUNT, .run = page_contact, .tmpl = "early_form", .section = "messages", .help = "接收消息的邮箱、电话，退订邮件或短信。"},
    {.method = POST, .path = "/msg/contact", .allow = ROLE_ANY_ACCOUNT, .run = post_contact, .section = "messages", .help = "保存消息设置。"},
    {.method = POST, .path = "/msg/{id}", .allow = ROLE_ANY_ACCOUNT, .run = post_message, .section = "messages", .help = "打开一条消息：记为已读，转到它说的那件事。"},
    {.method = GET, .path = "/adm/outbox", .allow = ROLE_SYSADMIN, .run = page_outbox, .tmpl = "outbox", .section = "admin", .compact = true, .help = "邮件和短信的投递：放弃了的在前。"},
    {.method = GET, .path = "/adm/outbox/{of}/{id}", .allow = ROLE_SYSADMIN, .run = page_outgoing, .tmpl = "outgoing", .section = "admin", .compact = true, .help = "一条投递的每一次尝试和回执。"},
    {.method = POST, .path = "/adm/outbox/{of}/{id}", .allow = ROLE_SYSADMIN, .run = post_outgoing, .section = "admin", .compact = true, .help = "放弃了的重新投递。"},
    {.path = NULL},
};
