# SPDX-License-Identifier: Apache-2.0
"""Power cuts: the real server works on a disk whose power goes, again and again. What it answered before must be there
afterwards, once and whole; what it refused must not; what had no answer at most once, and sent again under its key exactly once.

  main.py PROGRAM NOSYNC.so CUTS [SEED]

Each cut has a kind: while people work; while it recovers from the cut before (the next within 50 ms); while a backup or a
restored store is written; while a head of the journal is signed. Before anything is believed, the same rig must find the
damage when a library swallows the fsync of the log, of uploads, of folders, of backups (nosync.c)."""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
import disk
import people

program, nosync = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
cuts = int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else int(time.time())
policy = str(pathlib.Path("policies/huludao").resolve())
rand = random.Random(seed)
CUTS_PER_STORE = 25
BASE_TIME = 9 * 60 + 30  # 09:30 on the day of the store's clock; each start is a minute later


def run(*args, env=None):
    return subprocess.run([program, *args], capture_output=True, text=True, env=env, timeout=120)


class Template:
    """A demonstration store with tokens and a key for heads, made once."""

    def __init__(self, folder):
        self.store, self.key = f"{folder}/template", f"{folder}/key"
        at = ["--store", self.store, "--policy", policy]
        for args in (["demo", "--quiet", "--day", "2026-11-24", "--projects", "3", *at],
                     ["key", "make", self.key, "--name", "power.example", "--store", self.store]):
            r = run(*args)
            assert r.returncode == 0, r.stderr
        self.tokens = {}
        for line in run("user", "list", *at).stdout.split("\n"):
            m = re.match(r"(owner|owner2|wang|zhao|wu|sys|ap-\S+)\s+(\S+)\s", line)
            if m:
                r = run("user", "token", *at, "--id", m[1], "--name", "断电")
                self.tokens[m[1]] = re.search("[A-Za-z0-9_-]{43}", r.stdout)[0]
                self.tokens[f"name {m[1]}"] = m[2]


class Rig:
    def __init__(self, folder, template, swallowed=""):
        self.folder, self.template, self.wrong = folder, template, []
        self.disk = disk.Disk(folder)
        self.boots = 0
        self.env = dict(os.environ, LD_PRELOAD=nosync, NOSYNC=swallowed)
        self.boot()
        self.server, self.beside, self.starts, self.book, self.people = None, None, 0, people.Book(), []
        self.backups, self.heads, self.copies, self.signed = {}, {}, 0, 0
        self.store = f"{self.disk.point}/store"
        self.checked, self.off_at = set(), 0
        self.seen = {"open": 0, "open and there": 0, "copies cut": 0, "heads cut": 0}

    def begin(self, ways):
        self.disk.mount()
        shutil.copytree(self.template.store, self.store)
        os.sync()
        self.people = [people.Person(self.book, self.template.tokens, way, rand.random()) for way in ways]

    def fault(self, text):
        self.wrong.append(text)

    # ---- the machine

    def boot(self):
        self.boots += 1
        self.env["YICHUANG_BOOT_ID"] = f"boot{self.boots}"  # a cut of the rig is no boot of this machine

    def start(self, wait=True):
        self.starts += 1
        at = BASE_TIME + self.starts
        out = open(f"{self.folder}/serve.out", "w+")
        self.server = subprocess.Popen([program, "serve", "--store", self.store, "--policy", policy, "--port", "0", "--clock",
                                        f"2026-11-25T{at // 60:02d}:{at % 60:02d}"], stdout=out, stderr=subprocess.STDOUT, env=self.env)
        for _ in range(2000 if wait else 0):
            m = re.search(r"http://127\.0\.0\.1:(\d+)", pathlib.Path(f"{self.folder}/serve.out").read_text())
            if m:
                client.PORT = int(m[1])
                return True
            if self.server.poll() is not None:
                break
            time.sleep(0.005)
        if wait:
            self.fault("the server does not start: " + pathlib.Path(f"{self.folder}/serve.out").read_text()[-400:])
        return False

    def power_off(self):
        """The cut; then the processes die with the machine."""
        self.book.off, self.off_at = True, time.monotonic()
        self.disk.cut()
        for p in (self.server, self.beside):
            if p:
                p.send_signal(signal.SIGKILL)
                p.wait()
        for p in self.people:
            p.stopping = True
        for p in self.people:
            if p.ident:
                p.join()
            if p.fault:
                self.fault(p.fault)
        self.server = self.beside = None
        self.book.off = False
        client.faults.clear()  # replies cut short are what this is about
        self.people = [p.again() for p in self.people]
        self.disk.unmount()
        self.boot()
        self.disk.mount()

    # ---- what is done

    def work(self, seconds):
        for p in self.people:
            p.start()
        time.sleep(seconds)

    def copying(self):
        """A backup, or a store restored from one, is being written when the power goes."""
        ready = [n for n in self.backups if self.backups[n] and n.startswith("backup")]
        self.copies += 1
        if ready and rand.random() < 0.4:
            name = f"restored{self.copies}"
            args = ["restore", self.place(ready[-1]), "--store", self.place(name), "--policy", policy, "--quiet"]
        else:
            name = f"backup{self.copies}"
            args = ["backup", self.place(name), "--store", self.store, "--with-key"]
        self.backups[name] = False
        return name, args

    def place(self, name):
        return f"{self.disk.point}/{name}"

    def task(self, kind):
        """Something beside the server, for at most 400 ms."""
        until = time.monotonic() + rand.uniform(0.05, 0.4)
        while time.monotonic() < until:
            name, args = self.copying() if kind == "copies" else ("", ["checkpoint", "--store", self.store, "--key", self.template.key])
            self.beside = subprocess.Popen([program, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.env)
            while time.monotonic() < until and self.beside.poll() is None:
                time.sleep(0.002)
            if self.beside.poll() is None:
                self.seen[f"{kind} cut"] += 1
                break
            if self.beside.returncode == 0 and name:
                self.backups[name] = True
            elif self.beside.returncode == 0:
                self.heads_kept()
            else:
                self.fault(f"{kind} beside a working server ended with {self.beside.returncode}")

    def heads_kept(self):
        for path in pathlib.Path(f"{self.store}/proof/checkpoint").glob("*"):
            if re.fullmatch(r"\d{16}", path.name):
                self.heads.setdefault(path.name, path.read_bytes())
        self.signed += 1

    # ---- what is there afterwards

    def events(self):
        r = run("export", "-", "--store", self.store, env=self.env)
        if r.returncode != 0:
            self.fault(f"the journal is not read: {r.stderr}")
        found = {}
        for line in r.stdout.split("\n"):
            if '"event"' not in line[:12] and '"command"' not in line:
                continue
            e = json.loads(line).get("event")
            if e and e["command"].startswith("power-act-"):
                found.setdefault(e["command"], []).append(e)
        return found

    def settle(self):
        found = self.events()
        for key in found:
            if key not in self.book.acts:
                self.fault(f"events of an act that nobody sent: {key}")
        for a in self.book.acts.values():
            self.act_check(a, found.get(a.key, []))
        return found

    def act_check(self, a, events):
        if a.state == "refused" and events:
            self.fault(f"{a.key} {a.command} was refused and is there")
        if a.state == "done":
            last = events[-1] if events else {}
            if (last.get("stream"), last.get("seq")) != (a.answer["stream"], a.answer["seq"]):
                self.fault(f"{a.key} {a.command} was answered with {a.answer['stream']} {a.answer['seq']}, {(self.off_at - a.when) * 1000:.0f} ms before"
                           f" the cut, and is not there; what is: {[(e['stream'], e['seq'], e['kind']) for e in events]}")
        positions = [e["pos"] for e in events]
        if positions and positions != list(range(positions[0], positions[0] + len(positions))):
            self.fault(f"{a.key} {a.command}: its events are not side by side: {positions}")
        if a.events is not None and len(events) != a.events:
            self.fault(f"{a.key} {a.command}: {a.events} events, now {len(events)}")
        if events:
            a.events = len(events)

    def again(self, found):
        """Those without an answer, under their keys; and some that had one."""
        acts = list(self.book.acts.values())
        person = self.people[0].again()
        done = [a for a in acts if a.state == "done"]
        for a in [a for a in acts if a.state in ("asked", "unknown")] + rand.sample(done, min(5, len(done))):
            was, there = a.state, found.get(a.key)
            if was != "done":
                self.seen["open"] += 1
                self.seen["open and there"] += bool(there)
            try:
                person.send(a)
            except Exception as e:
                self.fault(f"{a.key} {a.command} ({was}) sent again: {type(e).__name__} {e}")
                continue
            if there and (a.state != "done" or a.answer["seq"] != there[-1]["seq"] or a.answer["stream"] != there[-1]["stream"]):
                self.fault(f"{a.key} {a.command} was there; sent again: {a.state} {a.answer}")

    def files_check(self):
        for blob, data in self.book.blobs.items():
            if blob in self.checked:
                continue
            path = pathlib.Path(f"{self.store}/blobs/{blob[:2]}/{blob}")
            if not path.exists() or path.read_bytes() != data:
                self.fault(f"the upload {blob[:12]} was answered and is not there whole")
            self.checked.add(blob)

    def copies_check(self):
        for name, answered in list(self.backups.items()):
            there = os.path.exists(self.place(name))
            if answered and not there:
                self.fault(f"{name} was finished and is not there")
            if there and name.startswith("backup"):
                r = run("restore", self.place(name), "--store", f"{self.folder}/back", "--policy", policy, "--quiet", env=self.env)
                if r.returncode != 0:
                    self.fault(f"{name} is there and not whole: {r.stderr}")
                shutil.rmtree(f"{self.folder}/back", ignore_errors=True)
            if there and name.startswith("restored"):
                r = run("verify", "--quiet", "--store", self.place(name), "--policy", policy, env=self.env)
                if r.returncode != 0:
                    self.fault(f"{name} is there and not whole: {r.stdout}{r.stderr}")
            del self.backups[name]
        for path in pathlib.Path(self.disk.point).glob("*"):
            if path.name.startswith(("backup", "restored")):
                shutil.rmtree(path)

    def heads_check(self):
        for name, text in self.heads.items():
            path = pathlib.Path(f"{self.store}/proof/checkpoint/{name}")
            if not path.exists() or path.read_bytes() != text:
                self.fault(f"the head {name} was signed and is not there")
        r = run("checkpoint", "--store", self.store, "--key", self.template.key, env=self.env)
        if r.returncode != 0:
            self.fault(f"signing does not go on: {r.stderr}")
        self.heads_kept()

    def check(self):
        found = self.settle()
        self.files_check()
        self.copies_check()
        if not self.start():
            return
        self.views_check()
        self.again(found)
        self.settle()
        self.heads_check()
        r = run("verify", "--quiet", "--store", self.store, "--policy", policy, env=self.env)
        if r.returncode != 0:
            self.fault(f"verify: {r.stdout}{r.stderr}")

    def views_check(self):
        """Nothing called for the disk for them: those of the boot before are never taken over."""
        says = pathlib.Path(f"{self.store}/views.boot").read_text()
        if not says.startswith(f"boot{self.boots} "):
            self.fault(f"the views are said to be of another boot: {says}")
        if self.starts > 1 and "made anew from the journal" not in pathlib.Path(f"{self.folder}/serve.out").read_text():
            self.fault("the views of the boot before were taken over")

    def cut_once(self, kind):
        self.work(rand.uniform(0.03, 0.25))
        if kind in ("copies", "heads"):
            self.task(kind)
        self.power_off()
        for _ in range(3 if kind == "recovery" else 0):
            self.start(wait=False)
            time.sleep(rand.uniform(0, 0.05))
            self.power_off_quick()
        self.check()

    def power_off_quick(self):
        self.disk.cut()
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.disk.unmount()
        self.boot()
        self.disk.mount()

    def end(self):
        for p in (self.server, self.beside):
            if p and p.poll() is None:
                p.kill()
                p.wait()
        self.disk.unmount()


def on_a_disk(template, swallowed, ways):
    folder = tempfile.mkdtemp(prefix="disk-", dir=work)
    rig = Rig(folder, template, swallowed)
    if rig.disk.why:
        return rig
    rig.begin(ways)
    rig.start()
    return rig


BITES = (("log", "work", "was answered with", ["offices", "cases"]), ("files", "work", "the upload", ["uploads", "offices"]),
         ("folders", "work", "the upload", ["uploads"]), ("copies", "copies", "backup", ["offices"]))
WAYS = {"offices": people.offices, "uploads": people.uploads, "cases": people.cases("owner"), "others": people.cases("owner2")}


def bites(template, swallowed, kind, said, ways):
    """Without this fsync the rig must find what is lost."""
    rig = on_a_disk(template, swallowed, [WAYS[w] for w in ways])
    tries = 0
    try:
        while tries < 20 and not any(said in w for w in rig.wrong) and rig.server and rig.server.poll() is None:
            tries += 1
            rig.cut_once(kind)
    finally:
        rig.end()
    found = any(said in w for w in rig.wrong)
    print(f"without fsync of {swallowed}: {'found after' if found else 'NOT FOUND in'} {tries} cuts" + (f": {rig.wrong[0][:100]}" if found else ""), flush=True)
    return found


def series(template, count):
    """Cuts of one store; stops at the first fault."""
    kinds = ["work", "recovery", "copies", "heads"]
    rig = on_a_disk(template, "", list(WAYS.values()))
    made = 0
    try:
        while made < count and not rig.wrong:
            rig.cut_once(kinds[made % len(kinds)])
            made += 1
    finally:
        rig.end()
    acts = list(rig.book.acts.values())
    states, kinds = [a.state for a in acts], {a.command for a in acts if a.state == "done"}
    print(f"{made} cuts: {states.count('done')} acts of {len(kinds)} kinds answered, {states.count('refused')} refused, {len(rig.book.blobs)} uploads,"
          f" {rig.signed} heads; {rig.seen['open']} acts had no answer, {rig.seen['open and there']} of them were there; {rig.book.late} answers came too late to count; cut in the middle of a copy"
          f" {rig.seen['copies cut']} times, of signing {rig.seen['heads cut']} times", flush=True)
    for w in rig.wrong[:10]:
        print(f"  wrong: {w}")
    return made - (1 if rig.wrong else 0), rig.wrong


def main():
    passed = failed = 0
    started = time.time()
    probe = tempfile.mkdtemp(prefix="probe-", dir=work)
    why = disk.Disk(probe).why
    if why:
        print(f"SKIPPED power cuts: this machine cannot mount such a disk ({why}); needs root or CAP_SYS_ADMIN, loop devices, ext4")
        print("0 passed, 0 failed")
        return 0
    print(f"{cuts} cuts, seed {seed}", flush=True)
    template = Template(work)
    for b in BITES:
        ok = bites(template, *b)
        passed, failed = passed + ok, failed + (not ok)
    left = cuts
    while left > 0 and not failed:
        good, wrong = series(template, min(left, CUTS_PER_STORE))
        passed, failed = passed + good, failed + bool(wrong)
        left -= CUTS_PER_STORE
    print(f"in {time.time() - started:.0f} s\n{passed} passed, {failed} failed")
    return 1 if failed else 0


with tempfile.TemporaryDirectory(prefix="yichuang-power-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as work:
    code = main()
sys.exit(code)
