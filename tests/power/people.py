# SPDX-License-Identifier: Apache-2.0
"""People at work through the interface: each walks a project through its first stage, hands in files, changes accounts,
proposes notices. An act that got no answer is kept, and sent again under its key after the power is back."""
import itertools
import random
import threading
import time

import api
import client

PDF = api.PDF
TRUE_REFUSALS = (400, 403, 404, 409, 422, 429, 503)  # nothing was done


class Act:
    """What was sent: asked, done (answered), refused, unknown."""

    def __init__(self, key, account, command, stream, args, personal):
        self.key, self.account, self.command, self.stream = key, account, command, stream
        self.args, self.personal = args, personal
        self.state, self.answer, self.when = "asked", None, 0
        self.events = None  # how many, once they were seen

    def send(self, jar):
        body = {"args": self.args}
        if self.stream:
            body["stream"] = self.stream
        if self.personal:
            body["personal"] = self.personal
        return jar.api(f"/commands/{self.command}", body, {"Idempotency-Key": self.key})


class Book:
    """The account kept outside the disk."""

    def __init__(self):
        self.acts, self.blobs, self.lock, self.numbers = {}, {}, threading.Lock(), itertools.count(1)
        self.off, self.late = False, 0

    def number(self):
        with self.lock:
            return next(self.numbers)

    def act(self, *what):
        a = Act(f"power-act-{self.number():06d}", *what)
        self.acts[a.key] = a
        return a


    def heard(self):
        """An answer is one only when it was there before the power went: a cable carries nothing afterwards. Here the process and the
        cable live on for a moment, in which the file system is neither up nor down."""
        if self.off:
            self.late += 1
            raise Cut()
        return time.monotonic()


class Cut(Exception):
    """The power is off, as a client sees it."""


class Person(threading.Thread):
    """Walks its way until the power goes; the way itself outlives the thread (`resume`)."""

    def __init__(self, book, tokens, way, seed):
        super().__init__()
        self.book, self.tokens, self.random = book, tokens, random.Random(seed)
        self.jars, self.way, self.stopping, self.fault = {}, way(self), False, ""
        self.todo = next(self.way)

    def again(self):
        """The same way on a fresh thread, with fresh connections."""
        p = Person.__new__(Person)
        threading.Thread.__init__(p)
        for name in ("book", "tokens", "random", "way", "todo"):
            setattr(p, name, getattr(self, name))
        p.jars, p.stopping, p.fault = {}, False, ""
        return p

    def jar(self, account):
        if account not in self.jars:
            self.jars[account] = client.Jar()
            self.jars[account].base = {"Authorization": f"Bearer {self.tokens[account]}"}
        return self.jars[account]

    def run(self):
        try:
            while not self.stopping:
                self.todo = self.way.send(self.once())
        except Cut:
            pass
        except Exception as e:
            self.fault = f"{type(e).__name__}: {e}"

    def once(self):
        try:
            return self.todo()
        except (OSError, AssertionError, IndexError, ValueError) as e:
            raise Cut() from e  # the connection ended

    # ---- what a way may ask for

    def ask(self, account, command, stream=None, personal=None, **args):
        a = self.book.act(account, command, stream, args, personal)
        return lambda: self.send(a)

    def send(self, a):
        r = a.send(self.jar(a.account))
        a.when = self.book.heard()
        if r.status == 200:
            first, a.answer, a.state = a.answer, r.json, "done"
            if first and first != a.answer:
                raise RuntimeError(f"{a.key} was answered {first}, now {a.answer}")
        elif r.status in TRUE_REFUSALS:
            if a.state == "done":
                raise RuntimeError(f"{a.key} was done, now {r.text}")
            a.state = "refused"
        else:
            a.state = "unknown"
            raise Cut()
        return a

    def upload(self, account, size):
        data = PDF + f"{self.book.number()}".encode() + self.random.randbytes(size)

        def send():
            r = self.jar(account).send("POST", "/api/v1/blobs", None, data, "application/pdf")
            if r.status != 200:
                raise Cut()
            self.book.heard()
            self.book.blobs[r.json["blob"]] = data
            return r.json["blob"], len(data)
        return send

    def view(self, account, path):
        def get():
            r = self.jar(account).api(path)
            if r.status != 200:
                raise Cut()
            return r.json
        return get


# ---- ways -------------------------------------------------------------------------------------------------


def registered(p, owner):
    v = yield p.view(owner, "/my/new")
    facts = {k.removeprefix("f_"): x for k, x in api.answers(v["fields"]).items()}
    a = yield p.ask(owner, "project.register", personal={"phone": "13800001234"}, name="断电试验示例", category="industry", county="longgang",
                    code=f"2304-211403-04-01-{p.book.number() + 200000:06d}", owner=v["owner"], uscc=v["uscc"], facts=facts,
                    contact_name="钱某", contact_phone="personal:phone")
    return a.answer["stream"]


def submitted(p, owner, stream):
    v = yield p.view(owner, f"/my/{stream.split('/')[1]}/stage/1")
    form = {k.removeprefix("f_"): x for k, x in api.answers(v["fields"]).items()}
    personal = {k: x for k, x in form.items() if k in ("contact_name", "contact_phone", "manager_name")}
    form.update({k: f"personal:{k}" for k in personal})
    files = []
    for m in v["materials"]:
        if m["optional"] or m["form"] or "known" in m:
            continue
        blob, size = yield p.upload(owner, p.random.randrange(200, 60000))
        files.append({"material": m["code"], "blob": blob, "name": "图纸.pdf", "size": size})
    yield p.ask(owner, "stage.save-draft", stream, stage=1, form={}, files=files)
    yield p.ask(owner, "stage.submit", stream, personal=personal, stage=1, form=form, files=files)


def decided(p, stream):
    v = yield p.view("wang", f"/w/c/{stream.split('/')[1]}/1")
    for item in v["here"]["items"]:
        who, at = f"ap-{item['unit']}", {"stage": 1, "item": item["code"]}
        yield p.ask(who, "item.take", stream, **at)
        yield p.ask(who, "item.take", stream, **at)  # refused
        if p.random.random() < 0.3:
            yield p.ask(who, "item.pause", stream, cause="hearing", notice="需要听证，另行通知", planned="2026-12-08", **at)
            yield p.ask(who, "item.resume", stream, **at)
        yield p.ask(who, "item.decide", stream, result="pass", opinion="同意，符合条件", signature=p.tokens[f"name {who}"], **at)


def cases(owner):
    """Registration to delivery of stage 1, again and again."""
    def way(p):
        while True:
            stream = yield from registered(p, owner)
            yield from submitted(p, owner, stream)
            yield p.ask("wang", "stage.certify", stream, stage=1)  # refused
            yield p.ask("wang", "stage.accept", stream, stage=1)
            v = yield p.view("wang", f"/w/c/{stream.split('/')[1]}/1")
            yield p.ask("wang", "stage.draft-slip", stream, stage=1, items=[i["code"] for i in v["slip_items"]], opinion="请各部门办理")
            yield p.ask("zhao", "stage.dispatch", stream, stage=1, opinion="同意")
            yield from decided(p, stream)
            yield p.ask("wang", "stage.certify", stream, stage=1)
            yield p.ask("wang", "stage.deliver", stream, stage=1, how="电子送达", to="钱某")
    return way


def uploads(p):
    while True:
        yield p.upload("owner", p.random.randrange(10, 300000))


def offices(p):
    """Accounts and notices; the notices are few, for the calendar keeps all its versions."""
    for n in itertools.count():
        for name in ("disable", "enable", "disable", "enable"):
            yield p.ask("sys", f"user.{name}", "user/owner8")
        if n % 8:
            continue
        day = {"date": f"2027-{1 + n // 8 % 12:02d}-{1 + n // 96 % 28:02d}", "kind": ("holiday", "normal")[p.random.randrange(2)], "name": "检修"}
        a = yield p.ask("sys", "calendar.propose", changes=[day], notice="示例通知〔2026〕8号", reason="停水检修")
        if a.state == "done":
            no = a.answer["answer"]["no"]
            yield p.ask("sys", "calendar.confirm", "calendar/main", no=no)  # refused: it takes two
            yield p.ask("wu", "calendar.confirm", "calendar/main", no=no)
