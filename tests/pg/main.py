# SPDX-License-Identifier: Apache-2.0
"""Two servers on one PostgreSQL database: together, one against the other, killed, cut off, moved to the standby.

  PROGRAM=… WORK=… [LONG=1] python3 main.py [part-of-a-name …]

LONG=1 is the form of make torture: more of everything, twenty fail-overs. The seed is printed; SEED=n runs with it again. Each rig first
shows that it would notice: an asynchronous standby must lose acts, a second sending without the key must make a double.
"""
import json
import os
import random
import re
import shutil
import sys
import threading
import time

import rig
from rig import Account, Cluster, Load, Program, Server, exported, must, run, store, url

LONG = bool(os.environ.get("LONG"))
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1, 1 << 31))
chance = random.Random(SEED)
ACCOUNTS = ["owner", "owner2", "wang", "zhao", "sys", "wu", "ap-natural-resources", "ap2-natural-resources",
            "ap-development-reform", "ap2-development-reform", "hd-natural-resources", "hd-development-reform"]


def trace(what):
    """TRACE=1: where the time goes."""
    if os.environ.get("TRACE"):
        print(f"    {time.time() - rig.BEGAN:7.2f} {what}", flush=True)


def say(text):
    print(f"  {text}", flush=True)


class World:
    """The database of all tests, two servers on it, and everybody's tokens."""

    def __init__(self):
        self.primary, self.other = Cluster("a").start(), Cluster("b")
        self.both = url(self.primary, self.other)
        self.address, self.tokens, self.rounds = url(self.primary), {}, 0
        self.one = self.two = None
        self.loads = []

    def options(self, files="files-1"):
        return store(self.address, f"{rig.WORK}/{files}")

    def people(self):
        for unit in ("natural-resources", "development-reform"):
            r = rig.subprocess.run([rig.PROGRAM, "user", "add", *self.options(), "--id", f"ap2-{unit}", "--name", "章某", "--role", "approver",
                                    "--unit", unit], input="Yichuang-2026-rig\n", capture_output=True, text=True)
            must(r.returncode == 0, r.stdout + r.stderr)
        for account in ACCOUNTS:
            said = run("user", "token", *self.options(), "--id", account, "--name", "演练").stdout
            self.tokens[account] = re.search(r"[A-Za-z0-9_-]{43}", said)[0]

    def serve(self, address=None):
        """Both servers, as they should be at the beginning of a test."""
        if address and address != self.address:
            self.stop()
            self.address = address
        shutil.copy(f"{rig.WORK}/files-1/vault.key", self.folder("files-2"))
        for name in ("one", "two"):
            if getattr(self, name) and getattr(self, name).process and getattr(self, name).process.poll() is None:
                continue
            setattr(self, name, Server(name, self.address, f"{rig.WORK}/files-{'1' if name == 'one' else '2'}").start())
        return self.one, self.two

    def folder(self, name):
        os.makedirs(f"{rig.WORK}/{name}", exist_ok=True)
        return f"{rig.WORK}/{name}/"

    def program(self, account, server):
        return Program(server, account, self.tokens)

    def account(self):
        self.rounds += 1
        return Account(f"r{self.rounds}")

    def load(self, account, threads=2):
        """Clients at both servers, on projects that they share."""
        owners = [self.program("owner", s) for s in (self.one, self.two)]
        streams = [rig.register(owners[0]) for _ in range(3)]
        return self.loads.append(Load(account, owners, streams, threads)) or self.loads[-1]

    def content(self, account):
        """Whatever happened: the account agrees with the journal, and verify has nothing to say."""
        found = account.faults(exported(self.options()))
        trace("exported")
        must(not found, f"{len(found)} faults: {found[:5]}")
        run("verify", *self.options())
        trace("verified")

    def stop(self):
        for s in (self.one, self.two):
            if s:
                s.stop()
        self.one = self.two = None

    def drop(self):
        for load in self.loads:
            load.over.set()
        for s in (self.one, self.two):
            if s:
                s.drop()
        for c in (self.primary, self.other):
            c.call("drop")


# ---- the rigs -------------------------------------------------------------------------------------------------------


def test_a_store_moves_from_sqlite_to_postgresql_and_back(w):
    """Also gives the database of the other tests its content."""
    lite, back = f"{rig.WORK}/lite", f"{rig.WORK}/back"
    run("demo", "--quiet", "--store", lite, *rig.POLICY, "--day", "2026-11-24", "--projects", "12")
    run("export", f"{rig.WORK}/first.jsonl", *store(lite, ""))
    run("backup", f"{rig.WORK}/copy", *store(lite, ""), "--with-key")
    said = run("restore", f"{rig.WORK}/copy", *w.options()).stdout
    must("已核对" in said, said)
    must("没有视图" in run("verify", *w.options(), code=1).stdout, "the views are left to the first server, or to rebuild")
    run("rebuild", *w.options())
    run("verify", *w.options())
    run("export", f"{rig.WORK}/second.jsonl", *w.options())
    run("backup", f"{rig.WORK}/copy2", *w.options(), "--with-key")
    run("restore", f"{rig.WORK}/copy2", *store(back, ""))
    run("export", f"{rig.WORK}/third.jsonl", *store(back, ""))
    texts = [open(f"{rig.WORK}/{n}.jsonl", "rb").read() for n in ("first", "second", "third")]
    must(len(texts[0]) > 10000 and texts[0] == texts[1] == texts[2], f"exports of {[len(t) for t in texts]} bytes differ")
    run("verify", *store(back, ""))
    w.people()


def test_an_export_becomes_a_store_in_postgresql_with_its_files_beside_it(w):
    """import, the files copied into the directory, rebuild, verify: as the program says."""
    w.primary.sql("CREATE DATABASE second")
    address, files = url(w.primary, database="second"), f"{rig.WORK}/files-i"
    options = store(address, files)
    said = run("import", f"{rig.WORK}/first.jsonl", *options).stdout
    must("vault.key" in said and files in said, said)
    for name in ("blobs", "policies", "proof", "vault.key"):
        path = f"{rig.WORK}/copy/{name}"
        if os.path.isdir(path):
            shutil.copytree(path, f"{files}/{name}", dirs_exist_ok=True)
        elif os.path.exists(path):
            shutil.copy(path, files)
    run("rebuild", *options)
    run("verify", *options)
    run("export", f"{rig.WORK}/fourth.jsonl", *options)
    must(open(f"{rig.WORK}/first.jsonl", "rb").read() == open(f"{rig.WORK}/fourth.jsonl", "rb").read(), "the exports differ")
    must("已经有一个存储" in run("import", f"{rig.WORK}/first.jsonl", *options, code=2).stderr, "imported twice")
    must("PostgreSQL" in run("compact", *options, code=2).stderr, "compact")
    # Somebody else's key beside it
    w.primary.sql("CREATE DATABASE third")
    os.makedirs(f"{rig.WORK}/files-w")
    with open(f"{rig.WORK}/files-w/vault.key", "w", encoding="utf-8") as f:
        f.write("ab" * 32)
    for verb, what in (("import", "first.jsonl"), ("restore", "copy")):
        r = run(verb, f"{rig.WORK}/{what}", *store(url(w.primary, database="third"), f"{rig.WORK}/files-w"), code=2)
        must("密钥" in r.stderr, f"{verb} with another key: {r.stderr}")


def test_verify_finds_what_was_changed_in_postgresql(w):
    """By somebody who may do everything: a row of the views, a file, an event."""
    options = store(url(w.primary, database="second"), f"{rig.WORK}/files-i")

    def sql(text):
        r = rig.subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", w.primary.dir, "-U", "postgres", "-d", "second", "-c", text],
                               capture_output=True, text=True)
        must(r.returncode == 0, f"{text}: {r.stderr}")
        return r.stdout.strip()
    one = sql("SELECT no FROM views.project ORDER BY no LIMIT 1")
    sql(f"UPDATE views.project SET name = name || '改' WHERE no = {one}")
    must("视图 project" in run("verify", *options, code=1).stdout, "a changed row of the views")
    run("rebuild", *options)
    run("verify", *options)
    path = sql("SELECT path FROM journal.file WHERE starts_with(path, 'blobs/') LIMIT 1")
    sql(f"CREATE TABLE kept AS SELECT * FROM journal.file WHERE path = '{path}'")
    sql(f"UPDATE journal.file SET bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1) WHERE path = '{path}'")
    must("被改动过" in run("verify", *options, code=1).stdout, "a changed file")
    must("已经损坏" in run("backup", f"{rig.WORK}/copy-bad", *options, code=1).stderr, "a backup of a changed file")
    sql(f"DELETE FROM journal.file WHERE path = '{path}'")
    must("不在了" in run("verify", *options, code=1).stdout, "a file that is gone")
    sql("INSERT INTO journal.file(path, bytes) SELECT path, bytes FROM kept")
    run("verify", *options)
    for text in ("UPDATE journal.event SET actor = 'x' WHERE pos = 9", "DELETE FROM journal.event WHERE pos = 9", "TRUNCATE journal.event"):
        r = rig.subprocess.run(["psql", "-X", "-q", "-h", w.primary.dir, "-U", "postgres", "-d", "second", "-c", text], capture_output=True, text=True)
        must("never" in r.stderr, f"{text}: {r.stderr}")
    sql("ALTER TABLE journal.event DISABLE TRIGGER ALL; UPDATE journal.event SET actor = 'x' WHERE pos = 9; ALTER TABLE journal.event ENABLE TRIGGER ALL")
    said = run("verify", *options, code=1).stdout
    must("第 9 条事件" in said, said)


def test_the_role_of_the_servers_cannot_touch_what_was_written(w):
    """Set up as docs/postgresql.md says, from a backup."""
    def sql(text, role="postgres", code=0):
        r = rig.subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", w.primary.dir, "-U", role, "-d", "roles", "-c", text],
                               capture_output=True, text=True)
        must((r.returncode != 0) == bool(code), f"{role}: {text}: {r.stdout}{r.stderr}")
        return r.stdout.strip() + r.stderr
    w.primary.sql("CREATE ROLE yichuang_owner LOGIN")
    w.primary.sql("CREATE ROLE yichuang LOGIN")
    w.primary.sql("CREATE DATABASE roles OWNER yichuang_owner ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    sql("REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE SCHEMA journal AUTHORIZATION yichuang_owner; CREATE SCHEMA views AUTHORIZATION yichuang")
    def options(role):
        return store(url(w.primary, database="roles").replace("user=postgres", f"user={role}"), f"{rig.WORK}/files-r")
    run("restore", f"{rig.WORK}/copy", *options("yichuang_owner"))
    sql("GRANT USAGE ON SCHEMA journal TO yichuang; GRANT SELECT ON ALL TABLES IN SCHEMA journal TO yichuang;"
        "GRANT INSERT ON journal.event, journal.done, journal.file TO yichuang; GRANT UPDATE ON journal.file TO yichuang;"
        "ALTER TABLE journal.vault OWNER TO yichuang")
    server = Server("roles", options("yichuang")[1], f"{rig.WORK}/files-r").start()
    try:
        said = run("user", "token", *options("yichuang"), "--id", "owner", "--name", "演练").stdout
        owner = Program(server, "owner", {"owner": re.search(r"[A-Za-z0-9_-]{43}", said)[0]})
        submitted = rig.submit(owner, rig.register(owner))
        must(submitted["seq"] > 1, submitted)
        server.stop()
    finally:
        server.drop()
    run("rebuild", *options("yichuang"))
    run("verify", *options("yichuang"))
    run("backup", f"{rig.WORK}/copy-roles", *options("yichuang"))
    for text in ("UPDATE journal.event SET actor = 'x' WHERE pos = 9", "DELETE FROM journal.event WHERE pos = 9", "TRUNCATE journal.event",
                 "DROP TRIGGER event_kept ON journal.event", "ALTER TABLE journal.event DISABLE TRIGGER ALL", "DELETE FROM journal.done",
                 "UPDATE journal.done SET pos = 1", "DELETE FROM journal.file", "DROP TABLE journal.event"):
        said = sql(text, "yichuang", 1)
        must("permission denied" in said or "must be owner" in said, f"{text}: {said}")


def test_a_head_signed_at_one_server_is_shown_and_continued_at_the_other(w):
    one, two = w.serve()
    run("key", "make", f"{rig.WORK}/sign", "--name", "yichuang.example", *w.options())
    run("checkpoint", "--key", f"{rig.WORK}/sign", *w.options("files-1"))
    for server in (one, two):
        shown = json.dumps(w.program("owner", server).view("/s/checkpoints"))
        must("yichuang.example" in shown, f"{server.name} does not show the head: {shown[:400]}")
    rig.register(w.program("owner", two))
    run("checkpoint", "--key", f"{rig.WORK}/sign", *w.options("files-2"))
    held = rig.subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-h", w.primary.dir, "-U", "postgres", "-d", "yichuang"],
                                stdin=rig.subprocess.PIPE, stdout=rig.subprocess.PIPE, text=True)
    held.stdin.write("SELECT pg_advisory_lock(1500078960);\n\\echo held\n")  # as a server that is signing
    held.stdin.flush()
    while held.stdout.readline().strip() != "held":
        pass
    must("正在签" in run("checkpoint", "--key", f"{rig.WORK}/sign", *w.options("files-1"), code=75).stderr, "two servers sign at once")
    held.communicate("\\q\n")
    sizes = w.primary.sql("SELECT count(*) FROM journal.file WHERE starts_with(path, 'proof/checkpoint/')")
    must(sizes == "2", f"{sizes} heads")
    run("verify", *w.options())
    run("backup", f"{rig.WORK}/copy-signed", *w.options())
    must(len(os.listdir(f"{rig.WORK}/copy-signed/proof/checkpoint")) == 2, "heads in a backup")


def test_the_servers_share_the_load(w):
    one, two = w.serve()
    account = w.account()
    load = w.load(account, 6 if LONG else 3)
    time.sleep(20 if LONG else 2)
    # What is read whole while others write is of one moment; what is built anew meanwhile is whole too.
    run("backup", f"{rig.WORK}/copy-live", *w.options())
    run("rebuild", *w.options())
    run("verify", *w.options())
    load.end()
    run("restore", f"{rig.WORK}/copy-live", *store(f"{rig.WORK}/live", ""))
    done = account.of("done")
    shares = {s.name: sum(a.server == s.name for a in done) for s in (one, two)}
    must(min(shares.values()) * 5 >= len(done), f"one server did nearly everything: {shares}")
    must(not account.of("unknown"), f"no answer to {len(account.of('unknown'))} acts")
    w.content(account)
    say(f"{len(done)} acts, {shares}")


def test_without_a_key_the_rig_sees_the_double(w):
    one, two = w.serve()
    account, owner = w.account(), w.program("owner", one)
    stream = rig.register(owner)
    load = Load(account, [owner], [stream], 0)
    load.end()
    for key in (True, False):
        act = load.act(owner, 0)
        account.send(owner, act)
        act.state = "unknown"  # as if the answer had been lost on the way
        must(account.send(owner.at(two), act, key=key) == "done", "sent again")
        found = [f for f in account.doubles(events_by_command(w)) if act.key in f]
        must(bool(found) != key, f"{'with' if key else 'without'} its key: {found}")


def events_by_command(w):
    at = {}
    for line in exported(w.options()):
        if "event" in line:
            at.setdefault(line["event"]["command"], []).append(line["event"])
    return at


def contest(rivals, name, stream, **args):
    """Two people send the same act at once, each to their own server: winner, loser, the loser's answer."""
    gate, answers = threading.Barrier(len(rivals)), {}

    def one(program):
        gate.wait(20)
        began = time.time()
        more = {"signature": SIGNERS[program.account]} if name == "item.decide" else {}
        answers[program] = (*program.command(name, stream, None, None, **args, **more)[:2], began, time.time())
    threads = [threading.Thread(target=one, args=(p,)) for p in rivals]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    codes = sorted(a[0] for a in answers.values())
    must(codes == [200, 409], f"{name} {stream} {args}: {answers}")
    winner = next(p for p in rivals if answers[p][0] == 200)
    loser = next(p for p in rivals if p is not winner)
    together = max(a[2] for a in answers.values()) < min(a[3] for a in answers.values())
    return winner, loser, answers[loser][1]["detail"], together


SIGNERS, GRANTED = {}, set()


def authorised(w, server, unit, item):
    """Who was added for the rig signs only what the head of the unit has authorised, as everybody else."""
    if item in GRANTED:
        return
    w.program(f"hd-{unit}", server).ask("user.authorise", f"user/ap2-{unit}", None, items=[item], document="授权书（演练）", **{"from": "2026-11-25"})
    GRANTED.add(item)


def test_two_clerks_at_two_servers_cannot_both_have_an_item(w):
    one, two = w.serve()
    owner, clerk, head = (w.program(a, s) for a, s in (("owner", one), ("wang", two), ("zhao", one)))
    steps = [("item.take", {}, "taken"), ("item.pause", {"cause": "expert-review", "notice": "需要组织专家评审", "planned": "2026-12-02"}, "paused"),
             ("item.resume", {}, "taken"), ("item.decide", {"result": "pass", "opinion": "同意，符合条件"}, "passed")]
    count, overlapped, wins = 0, 0, {one.name: 0, two.name: 0}
    while count < (400 if LONG else 36) or not all(wins.values()):
        must(count < 1000, f"one server always wins: {wins}")
        stream, items = rig.dispatched(owner, clerk, head)
        no = stream.split("/")[1]
        for item in items:
            authorised(w, one, item["unit"], item["code"])
            rivals = [w.program(f"ap-{item['unit']}", one), w.program(f"ap2-{item['unit']}", two)]
            if chance.random() < 0.5:
                rivals = [rivals[0].at(two), rivals[1].at(one)]
            path = f"/w/t/{no}/1/{item['code']}"
            for p in rivals:
                SIGNERS[p.account] = p.view(path)["signer"]
            for name, args, status in steps:
                winner, loser, detail, together = contest(rivals, name, stream, stage=1, item=item["code"], **args)
                here = loser.view(path)["item"]["status"]
                must(here == status, f"{name} at {winner.server.name}: a page of {loser.server.name} still says {here}")
                must(SIGNERS[winner.account] in detail and "2026-11-25" in detail, f"who and when? {detail}")
                wins[winner.server.name] += 1
                count, overlapped = count + 1, overlapped + together
    must(overlapped * 2 > count, f"only {overlapped} of {count} contests were at the same moment")
    run("verify", *w.options())
    say(f"{count} contests, {overlapped} of them overlapping, won by {wins}")


SMS = """#!/bin/sh
id=$(sed -n 's/^Message-Id: //p')
sleep 0.05
echo "$id" >> {0}
echo "SMS-$id"
"""


def test_one_server_of_two_sends_each_message(w):
    """Both carry short messages; the program takes its time, so that the other server looks for them meanwhile."""
    w.stop()
    path, sent, all_ = f"{rig.WORK}/sms", f"{rig.WORK}/sms.sent", 16  # of eight projects: the account's number and the contact's
    with open(path, "w", encoding="utf-8") as f:
        f.write(SMS.format(sent))
    os.chmod(path, 0o755)
    rig.Server.more = ["--sms", path]
    try:
        one, two = w.serve()
        owner, clerk, head, sys_admin = (w.program(a, s) for a, s in (("owner", one), ("wang", two), ("zhao", one), ("sys", two)))
        owner.ask("user.set-contact", "user/owner", {"phone": "13900000001"}, phone_ref="personal:phone", mail=False, sms=True)
        for _ in range(8):
            rig.dispatched(owner, clerk, head)
        end, ids, rows = time.time() + 30, [], []
        while len(rows) < all_ or len(rows) != len(ids):  # a receipt is written after its message; other matters may send some more
            must(time.time() < end, f"{len(ids)} messages, {len(set(ids))} different, for {len(rows)} rows")
            time.sleep(0.2)
            rows = [r for r in sys_admin.view("/adm/outbox?status=sent")["rows"] if "示例" not in r["receipt"]]
            ids = open(sent, encoding="utf-8").read().split() if os.path.exists(sent) else []
        must(len(ids) == len(set(ids)), f"{len(ids)} messages, {len(set(ids))} different")
        must({r["receipt"] for r in rows} == {f"SMS-{i}" for i in ids} and all(r["tries"] == 1 for r in rows), str(rows))
    finally:
        rig.Server.more = []
        w.stop()
    run("verify", *w.options())
    say(f"{len(ids)} messages, each by one of two servers")


def test_what_one_server_publishes_the_other_uses(w):
    one, two = w.serve()
    sys_, wu = w.program("sys", one), w.program("wu", two)
    owner, clerk, head = (w.program(a, two) for a in ("owner", "wang", "zhao"))
    stream, items = rig.dispatched(owner, clerk, head)
    path, who = f"/w/t/{stream.split('/')[1]}/1/{items[0]['code']}", w.program(f"ap-{items[0]['unit']}", two)
    before = who.view(path)["item"]["due"]
    no = sys_.ask("calendar.propose", None, None, changes=[{"date": "2026-11-26", "kind": "holiday", "name": "检修"}], notice="示例通知〔2026〕7号",
                  reason="全市停水检修")["answer"]["no"]
    wu.ask("calendar.confirm", "calendar/main", None, no=no)
    for server in (one, two):
        must(who.at(server).view(path)["item"]["due"] > before, f"{server.name} does not know the new day off")
        fresh, new = rig.dispatched(owner.at(server), clerk.at(server), head.at(server))
        due = next(i["due"] for i in new if i["code"] == items[0]["code"])
        must(due > before, f"{server.name} counts {fresh} by the old calendar: {due}")
    folder = f"{rig.WORK}/2026.1"
    rig.subprocess.run(["tests/lib/next_package.sh", "policies/huludao", folder, "2026.1"], check=True)
    run("policy", "stage", folder, *w.options())
    seen = sys_.view("/adm/policy/new?version=2026.1")["hash"]
    no = sys_.ask("policy.propose", None, None, version="2026.1", hash=seen, effective="2026-11-25", reason="压减到六天")["answer"]["no"]
    wu.ask("policy.confirm", "policy/main", None, no=no)
    for server in (two, one):
        got = wu.at(server).view("/adm/policy")["version"]
        must(got == "2026.1", f"{server.name} still has {got} in force")
        o = owner.at(server)
        limits = [s["limit"] for s in o.view(f"/my/{rig.register(o).split('/')[1]}")["stages"]]
        must(limits[0] == 6, f"{server.name} registers by the old package: {limits}")
    run("verify", *w.options())
    # Into another database, the package comes along: the last file of it says that it is whole.
    w.primary.sql("CREATE DATABASE published")
    run("backup", f"{rig.WORK}/copy-published", *w.options(), "--with-key")
    options = store(url(w.primary, database="published"), f"{rig.WORK}/files-p")
    run("restore", f"{rig.WORK}/copy-published", *options)
    run("rebuild", *options)
    run("verify", *options)
    must("2026.1" in run("policy", "list", *options).stdout, "the published version is not there")


def test_a_server_killed_under_load_loses_nothing(w):
    for _ in range(20 if LONG else 1):
        one, two = w.serve()
        account = w.account()
        load = w.load(account, 3)
        time.sleep(0.5 + chance.random())
        victim, left = (one, two) if chance.random() < 0.5 else (two, one)
        victim.kill()
        time.sleep(0.5)
        after = len(account.of("done"))
        time.sleep(0.5)
        load.end()
        must(len(account.of("done")) > after, "the server that is left does not go on")
        unknown = account.settle({"owner": w.program("owner", left)})
        must(unknown, "nothing was on its way when it was killed")
        w.content(account)
        say(f"{len(account.of('done'))} acts, {unknown} had no answer and were settled at the other server")


def test_broken_connections_and_a_restart_of_postgresql(w):
    one, two = w.serve()
    account = w.account()
    load = w.load(account, 3)
    broken, end = 0, time.time() + (60 if LONG else 4)
    while time.time() < end:
        time.sleep(0.05 + chance.random() / 4)
        broken += int(w.primary.sql("WITH b AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE datname = 'yichuang' AND pid <> pg_backend_pid() "
                                    "AND random() < 0.5) SELECT count(*) FROM b WHERE pg_terminate_backend(pid)"))
    for _ in range(5 if LONG else 1):
        w.primary.call("stop")
        time.sleep(chance.random())
        w.primary.start()
        time.sleep(1)
    load.end()
    must(broken > 5, f"only {broken} connections were broken")
    unknown = account.settle({"owner": w.program("owner", one)})
    for s in (one, two):
        rig.register(w.program("owner", s))  # neither has turned read-only
    w.content(account)
    say(f"{len(account.of('done'))} acts, {broken} connections broken, {unknown} acts settled by their key")


def replica(w, *more):
    """The other cluster, made anew as the standby of the primary."""
    w.other.call("kill")
    shutil.rmtree(f"{w.other.dir}/data", ignore_errors=True)
    w.other.call("standby", w.primary.dir, *more)
    trace("replica made")
    return w.primary, w.other


def test_an_answer_given_again_waits_for_the_standby_like_the_first(w):
    """The primary commits, waits for its standby, crashes and comes back: now the act is there, but nowhere else."""
    w.serve(w.both)
    old, new = replica(w)
    account, owner = w.account(), w.program("owner", w.one)
    load = Load(account, [owner], [rig.register(owner)], 0)
    load.end()
    receiver = new.receiver()
    os.kill(receiver, rig.signal.SIGSTOP)
    act = load.act(owner, 0)
    sender = threading.Thread(target=account.send, args=(owner.at(w.one), act))
    sender.start()
    time.sleep(0.7)
    must(act.state == "unknown", "answered before the standby had it")
    old.call("kill").start()
    must(int(old.sql(f"SELECT count(*) FROM journal.event WHERE command = '{act.key}'")) > 0, "the act did not survive at the primary: nothing is tested")
    end = time.time() + (8 if LONG else 2)
    while time.time() < end:
        must(act.state == "unknown", "given the first answer again, although no standby has it")
        time.sleep(0.05)
    trace("crashed and back")
    os.kill(receiver, rig.signal.SIGCONT)
    sender.join(60)
    account.settle({"owner": owner})
    must(act.state == "done", f"{act.key} is {act.state}")
    trace("answered")
    w.content(account)


def cut(w, asynchronous):
    """The primary dies under load, and what its replica had not yet taken dies with it. The account, the seconds until acts went on, how many
    acts had no answer when it died, and how many were to be sent again."""
    one, _ = w.serve(w.both)
    old, new = replica(w, *(["async"] if asynchronous else []))
    account = w.account()
    load = w.load(account, 3)
    time.sleep(0.5 + chance.random())
    os.kill(new.receiver(), rig.signal.SIGSTOP)
    time.sleep(0.3)
    waiting = len(account.of("unknown"))
    trace("load ran")
    old.call("kill")
    new.call("kill")
    new.start()
    new.call("promote")
    trace("promoted")
    began, done = time.time(), len(account.of("done"))
    while len(account.of("done")) == done and time.time() - began < (2 if asynchronous else 30):
        time.sleep(0.02)
    seconds = time.time() - began
    time.sleep(0.5)
    load.end()
    w.primary, w.other = new, old
    trace("load ended")
    if asynchronous:
        return account, seconds, waiting, 0
    return account, seconds, waiting, account.settle({"owner": w.program("owner", one)})


def old_primary_is_refused(w):
    """It comes back as if nothing had happened, and would take writes."""
    old, new = w.other, w.primary
    old.start("synchronous_standby_names=''")
    before = old.sql("SELECT max(pos) FROM journal.event")
    stray = Server("stray", url(old), f"{rig.WORK}/files-1-copy")
    shutil.rmtree(f"{rig.WORK}/files-1-copy", ignore_errors=True)
    shutil.copytree(f"{rig.WORK}/files-1", f"{rig.WORK}/files-1-copy")
    stray.spawn()
    try:
        code = stray.process.wait(40)
    except rig.subprocess.TimeoutExpired:
        code = None
    stray.drop()
    must(code not in (0, None), f"a server that knows of the promotion works on the old primary: {stray.said()[-500:]}")
    trace("stray refused")
    must("旧" in stray.said() or "时间线" in stray.said(), f"why? {stray.said()[-500:]}")
    # Cut off from the new primary, running servers find the old one first; they must pass it by.
    account, owner = w.account(), w.program("owner", w.one)
    load = w.load(account, 2)
    for _ in range(3):
        new.sql("WITH b AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE datname = 'yichuang' AND pid <> pg_backend_pid()) "
                "SELECT count(pg_terminate_backend(pid)) FROM b")
        time.sleep(0.4)
    load.end()
    account.settle({"owner": owner})
    must(old.sql("SELECT max(pos) FROM journal.event") == before, "somebody wrote into the old primary")
    old.call("kill")
    w.content(account)


def test_failover_to_a_synchronous_standby_loses_nothing(w):
    w.serve(w.both)
    slowest, settled, acts, open_ = 0, 0, 0, 0
    for n in range(20 if LONG else 1):
        account, seconds, waiting, unknown = cut(w, asynchronous=False)
        must(seconds <= 10, f"acts went on only {seconds:.1f} s after the promotion")
        must(waiting, "nothing was on its way when the primary was killed")
        w.content(account)
        slowest, settled, acts, open_ = max(slowest, seconds), settled + unknown, acts + len(account.of("done")), open_ + waiting
        if n % 5 == 0:
            old_primary_is_refused(w)
    say(f"{acts} acts, {open_} without an answer when the primary died, {settled} of them to be sent again; acts went on {slowest:.1f} s after the "
        "promotion at the latest")


def test_an_asynchronous_standby_loses_acts_and_the_rig_sees_it(w):
    """Last: the database is not to be trusted afterwards."""
    account, _, _, _ = cut(w, asynchronous=True)
    lost = [f for f in account.faults(exported(w.options())) if "is lost" in f]
    must(lost, "an asynchronous standby lost nothing: does this rig see anything?")
    must("旧的副本" in w.one.said() + w.two.said(), "a server that had answered more than the database knows did not say so")
    say(f"as it must be, {len(lost)} answered acts are lost without a synchronous standby; the servers saw it and refused to go on")


def test_an_unsafe_postgresql_is_refused_and_one_without_checksums_is_named(w):
    w.stop()
    c = Cluster("unsafe", CHECKSUMS="off").start()
    options = store(url(c), f"{rig.WORK}/files-u")
    try:
        run("init", *options)
        for setting in ("fsync=off", "full_page_writes=off", "synchronous_commit=off"):
            c.call("stop").start(setting)
            r = run("serve", *options, "--port", "0", code=None, timeout=40)
            must(r.returncode not in (0, None) and setting.split("=")[0] in r.stderr, f"{setting}: {r.returncode} {r.stderr}")
        c.call("stop").start()
        s = Server("unsafe", url(c), f"{rig.WORK}/files-u")
        s.spawn(clock=False)
        end = time.time() + 20
        while "http://" not in s.said() and time.time() < end and s.process.poll() is None:
            time.sleep(0.05)
        said = s.said()
        s.drop()
        must("http://" in said and "checksum" in said, f"no word of page checksums: {said}")
        must("checksum" in (r := run("verify", *options)).stdout + r.stderr, f"verify has no word of page checksums: {r.stdout}{r.stderr}")
    finally:
        c.call("drop")


# ---- running them ---------------------------------------------------------------------------------------------------

TESTS = [test_a_store_moves_from_sqlite_to_postgresql_and_back, test_an_export_becomes_a_store_in_postgresql_with_its_files_beside_it,
         test_verify_finds_what_was_changed_in_postgresql, test_the_role_of_the_servers_cannot_touch_what_was_written,
         test_a_head_signed_at_one_server_is_shown_and_continued_at_the_other, test_the_servers_share_the_load, test_without_a_key_the_rig_sees_the_double,
         test_two_clerks_at_two_servers_cannot_both_have_an_item, test_one_server_of_two_sends_each_message, test_what_one_server_publishes_the_other_uses,
         test_a_server_killed_under_load_loses_nothing, test_broken_connections_and_a_restart_of_postgresql,
         test_an_answer_given_again_waits_for_the_standby_like_the_first,
         test_failover_to_a_synchronous_standby_loses_nothing, test_an_asynchronous_standby_loses_acts_and_the_rig_sees_it,
         test_an_unsafe_postgresql_is_refused_and_one_without_checksums_is_named]


def main():
    words, passed, failed = sys.argv[1:], 0, 0
    print(f"seed {SEED}")
    w = World()
    try:
        for n, test in enumerate(TESTS):
            name = test.__name__[5:].replace("_", " ")
            if n and words and not any(x in name for x in words):
                continue
            began = time.time()
            try:
                test(w)
                passed += 1
                print(f"ok {name} ({time.time() - began:.1f} s)", flush=True)
            except Exception as e:  # pylint: disable=broad-except
                failed += 1
                for load in w.loads:
                    load.over.set()
                print(f"FAILED {name}: {type(e).__name__}: {str(e)[:3000]}", flush=True)
                if n == 0:
                    break
    finally:
        w.drop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
