/* SPDX-License-Identifier: Apache-2.0 */
/*
 * courier: the thread that carries messages out 邮差. Once a second it takes what the outbox has due (notice.h), sends it, and
 * says how it went; once a day, from eight o'clock on, it has items looked for that are due soon or overdue. Several servers on one
 * database may all do this: the journal decides which of them has a row.
 *
 * Two ways out, each only when it is configured:
 *   mail  SMTP by libcurl. smtp://HOST[:PORT] must offer STARTTLS, unless HOST is this machine; smtps:// is TLS from the start
 *   sms   a program of the city's, by its absolute path, without a shell and without arguments. Standard input:
 *           To: 13800001111 / Message-Id: … / an empty line / the text
 *         exit code 0: accepted, the first line of its output is the receipt; 65: never to be tried again; others, and
 *         more than 20 s: tried again
 * Nothing else of this program starts another one.
 */
#ifndef COURIER_H
#define COURIER_H
#include "main/main_int.h"

typedef enum SendEnd { SEND_SENT, SEND_RETRY, SEND_FAILED, SEND_NONE } SendEnd; /* accepted, once more, never, not wanted */
typedef struct Letter {
  Str id;          /* the same at each try: for mail a Message-ID without <> */
  Str to;          /* an address or a telephone number: lives no longer than this letter */
  Str title, text;
  int64_t now;
} Letter;
/* `text`: a receipt, or why not; in mem. */
SendEnd send_smtp(Arena *mem, const Options *o, const Letter *l, Str *text);
SendEnd send_command(Arena *mem, const Options *o, const Letter *l, Str *text);
/* INVALID when an option about sending is wrong: no absolute path, a sender without a server … */
Code courier_check(Cx *cx, const Options *o);

typedef struct Courier Courier;
Code courier_open(Cx *cx, Runner *r, const Options *o, int64_t (*clock)(void *), void *arg, Courier **out);
void courier_reload(Courier *c, const Options *o); /* from the next round on; both must outlive c */
void courier_close(Courier *c);
/* One round at `now`; the number of letters that were tried. `channels`: "mail sms", or one of them, or nothing. */
Code courier_round(Cx *cx, Runner *r, Reader *rd, const Options *o, int64_t now, int64_t *done);
/* Has what is due soon or overdue told, once for each due day. One round: some items of one unit (reminders_due); begin with {0}, and go
 * on until `more` is false. */
Code courier_remind(Cx *cx, Runner *r, Reader *rd, int64_t now, Reminding *round);

#endif
