# SPDX-License-Identifier: Apache-2.0
"""What the rigs for PostgreSQL share: clusters, servers, programs with tokens, and the account of what was answered.

The account is kept here, outside of everything that is killed. An act is `done` (answered, with stream and position), `refused`, or
`unknown` (no answer, or 5xx). After the trouble each unknown one is sent again under its key until there is an answer; then the journal,
exported as lines, must have every act that was done exactly once, where it was said to be, and no refused one.
"""
import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time

PROGRAM = os.path.abspath(os.environ["PROGRAM"])
WORK = os.environ["WORK"]
HERE = os.path.dirname(os.path.abspath(__file__))
POLICY = ["--policy", "policies/huludao"]
BEGAN = time.time()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%% NUMBER\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def must(ok, what):
    if not ok:
        raise AssertionError(what)


# ---- clusters -------------------------------------------------------------------------------------------------------


class Cluster:
    """A PostgreSQL server of our own, see cluster.sh."""

    def __init__(self, name, **env):
        self.dir, self.env = f"{WORK}/{name}", env

    def call(self, verb, *more):
        r = subprocess.run([f"{HERE}/cluster.sh", verb, self.dir, *more], env={**os.environ, **self.env}, capture_output=True, text=True)
        must(r.returncode == 0, f"cluster.sh {verb}: {r.stdout[-2000:]}{r.stderr[-2000:]}")
        return self

    def start(self, *settings):
        return self.call("start", *settings)

    def sql(self, text):
        r = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.dir, "-U", "postgres", "-d", "yichuang", "-c", text],
                           capture_output=True, text=True, timeout=60)
        must(r.returncode == 0, f"{text}: {r.stderr}")
        return r.stdout.strip()

    def receiver(self):
        """The process of a replica that takes what the primary sends."""
        first = open(f"{self.dir}/data/postmaster.pid", encoding="utf-8").readline().strip()
        for pid in subprocess.run(["pgrep", "-P", first], capture_output=True, text=True).stdout.split():
            with open(f"/proc/{pid}/cmdline", encoding="latin-1") as f:
                if "walreceiver" in f.read():
                    return int(pid)
        raise AssertionError(f"{self.dir} has no receiver")


def url(*clusters, database="yichuang"):
    hosts = ",".join(c.dir for c in clusters)
    return f"postgresql:///{database}?host={hosts}&user=postgres" + ("&target_session_attrs=read-write" if len(clusters) > 1 else "")


# ---- the program ----------------------------------------------------------------------------------------------------


def run(*args, code=0, timeout=180):
    r = subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=timeout)
    must(code is None or r.returncode == code, f"{' '.join(args)} ends with {r.returncode}: {r.stdout[-1500:]}{r.stderr[-1500:]}")
    return r


def store(address, files):
    """Options that name a store: an address and the server's own directory, or a directory alone."""
    return ["--store", address, *(["--files", files] if files else []), *POLICY]


class Server:
    more = []  # further options of serve

    def __init__(self, name, address, files):
        self.name, self.options, self.process, self.port = name, store(address, files), None, 0
        self.log = f"{WORK}/{name}.log"

    def spawn(self, clock=True):
        # All servers go by one clock, which the tests may not take from the wall: holidays are known for some years only
        now = time.strftime("%H:%M", time.gmtime(9.5 * 3600 + time.time() - BEGAN))
        extra = ["--clock", f"2026-11-25T{now}"] if clock else []
        self.out = open(f"{self.log}.out", "wb")
        self.process = subprocess.Popen([PROGRAM, "serve", *self.options, "--port", "0", *extra, *self.more], stdout=self.out, stderr=open(self.log, "ab"))

    def said(self):
        with open(f"{self.log}.out", encoding="utf-8") as f, open(self.log, encoding="utf-8") as g:
            return f.read() + g.read()

    def start(self, wait=30):
        self.spawn()
        end = time.time() + wait
        while time.time() < end:
            m = re.search(r"http://127\.0\.0\.1:(\d+)", open(f"{self.log}.out", encoding="utf-8").read())
            if m:
                self.port = int(m[1])
                return self
            must(self.process.poll() is None, f"{self.name} did not start: {self.said()[-2000:]}")
            time.sleep(0.02)
        raise AssertionError(f"{self.name} did not start: {self.said()[-2000:]}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.process = None
        must(code == 0, f"{self.name} ends with {code}: {self.said()[-1500:]}")

    def drop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class Lost(Exception):
    """No answer: whether it was done is not known."""


class Program:
    """An account with a token, at one server at a time."""

    def __init__(self, server, account, tokens):
        self.server, self.account, self.token, self.line = server, account, tokens[account], None

    def at(self, server):
        other = Program.__new__(Program)
        other.server, other.account, other.token, other.line = server, self.account, self.token, None
        return other

    def send(self, method, path, body=None, kind="application/json", timeout=60):
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            if self.line is None or self.line.port != self.server.port:
                self.line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout)
            self.line.request(method, path, body, headers)
            r = self.line.getresponse()
            data = r.read()
        except (OSError, http.client.HTTPException) as e:
            if self.line:
                self.line.close()
            self.line = None
            raise Lost(repr(e)) from e
        if r.headers.get("Connection") == "close":
            self.line.close()
            self.line = None
        return r, data

    def view(self, path):
        r, data = self.send("GET", f"/api/v1{path}")
        must(r.status == 200, (path, r.status, data[:600].decode("utf-8", "replace")))
        return json.loads(data)

    def command(self, name, stream=None, key=None, personal=None, /, **args):
        """Status and answer."""
        body = {"args": args}
        if stream:
            body["stream"] = stream
        if key:
            body["key"] = key
        if personal:
            body["personal"] = personal
        r, data = self.send("POST", f"/api/v1/commands/{name}", json.dumps(body, ensure_ascii=False).encode())
        return r.status, json.loads(data), r

    def ask(self, name, stream=None, personal=None, /, **args):
        status, answer, _ = self.command(name, stream, None, personal, **args)
        must(status == 200, (name, status, answer))
        return answer

    def upload(self, data):
        r, answer = self.send("POST", "/api/v1/blobs", data, "application/pdf")
        if r.status >= 500:
            raise Lost(f"{r.status}")
        must(r.status == 200, (r.status, answer[:600].decode("utf-8", "replace")))
        return json.loads(answer)["blob"]


# ---- acts -----------------------------------------------------------------------------------------------------------

SAMPLES = [("行业代码", "E47"), ("电话", "0429-3112345"), ("手机", "0429-3112345"), ("日期", "2027-03-15"), ("时间", "2027-03-15"),
           ("代码", "91211400MA1001371X")]


def filled(fields):
    out = {}
    for f in fields:
        value = "" if "*" in f["value"] else f["value"]  # JSON has personal data masked only
        if not value and not f["optional"]:
            kinds = {"int": "1200", "area": "1200", "money": "1200", "milli": "1200", "number": "1200", "decimal": "1200", "day": "2027-03-15"}
            value = (f["choices"][-1]["value"] if f.get("choices") else
                     kinds.get(f["kind"]) or next((v for word, v in SAMPLES if word in f["label"]), "示例内容"))
        if value:
            out[f["name"].removeprefix("f_")] = value
    return out


class Codes:
    """Project codes that nobody else uses."""
    last, lock = 0, threading.Lock()

    @classmethod
    def take(cls):
        with cls.lock:
            cls.last += 1
            return f"2019-211403-47-03-{500000 + cls.last:06d}"


def register_args(owner, name):
    view = owner.view("/my/new")
    return {"code": Codes.take(), "name": name, "category": "industry", "county": "longgang", "owner": view["owner"], "uscc": view["uscc"],
            "facts": filled(view["fields"]), "contact_name": "钱某", "contact_phone": "personal:phone"}


PHONE = {"phone": "13800001234"}


def register(owner, name="演练项目"):
    return owner.ask("project.register", None, PHONE, **register_args(owner, name))["stream"]


def submit(owner, stream):
    no = stream.split("/")[1]
    view = owner.view(f"/my/{no}/stage/1")
    blob = owner.upload(PDF)
    form = filled(view["fields"])
    personal = {k: v for k, v in form.items() if k in ("contact_name", "contact_phone", "manager_name")}
    form.update({k: f"personal:{k}" for k in personal})
    files = [{"material": m["code"], "blob": blob, "name": "图纸.pdf", "size": len(PDF)} for m in view["materials"]
             if not m["optional"] and not m["form"] and "known" not in m]
    return owner.ask("stage.submit", stream, personal, stage=1, form=form, files=files)


def dispatched(owner, clerk, head):
    """A project whose first stage has just been sent to the departments: its stream and items."""
    stream = register(owner)
    no = stream.split("/")[1]
    submit(owner, stream)
    clerk.ask("stage.accept", stream, stage=1)
    clerk.ask("stage.draft-slip", stream, stage=1, items=[i["code"] for i in clerk.view(f"/w/c/{no}/1")["slip_items"]], opinion="同意派转")
    head.ask("stage.dispatch", stream, stage=1, opinion="同意")
    return stream, clerk.view(f"/w/c/{no}/1")["here"]["items"]


# ---- the account ----------------------------------------------------------------------------------------------------


class Act:
    def __init__(self, key, account, name, stream, args):
        self.key, self.account, self.name, self.stream, self.args = key, account, name, stream, args
        self.state, self.answer, self.server, self.again = "unknown", None, "", 0


class Account:
    """Every act that was sent, and what was answered."""

    def __init__(self, title):
        self.title, self.acts, self.lock, self.count = title, [], threading.Lock(), 0

    def new(self, account, name, stream, args):
        with self.lock:
            self.count += 1
            act = Act(f"act-{self.title}-{self.count:06d}", account, name, stream, args)
            self.acts.append(act)
            return act

    def send(self, program, act, key=True):
        """One try; what is known of the act afterwards."""
        try:
            status, answer, r = program.command(act.name, act.stream, act.key if key else None, None if act.stream else PHONE, **act.args)
        except Lost:
            return "unknown"
        if status == 200:
            if act.state == "done":
                must(act.answer == answer, f"{act.key}: first {act.answer}, then {answer}")
            act.state, act.answer, act.server = "done", answer, program.server.name
        elif status >= 500:
            must(status != 503 or r.headers.get("Retry-After"), f"503 without Retry-After: {answer}")
            return "unknown"
        elif act.state == "unknown":
            act.state, act.answer = "refused", answer
        return act.state

    def of(self, state):
        with self.lock:
            return [a for a in self.acts if a.state == state]

    def settle(self, programs, seconds=60):
        """Sends what is unknown again under its key until it is known; how many there were."""
        end, unknown = time.time() + seconds, self.of("unknown")
        for act in unknown:
            while self.send(programs[act.account], act) == "unknown":
                must(time.time() < end, f"{act.key} is still unknown")
                act.again += 1
                time.sleep(0.1)
        return len(unknown)

    def faults(self, lines):
        """What the journal has against this account; empty is what we want."""
        out, at, done, last = [], {}, {}, 0
        for line in lines:
            if "event" in line:
                e = line["event"]
                if e["pos"] != last + 1:
                    out.append(f"position {e['pos']} after {last}")
                last = e["pos"]
                at.setdefault(e["command"], []).append(e)
            elif "done" in line:
                done[line["done"]["key"]] = line["done"]
        ours = {a.key: a for a in self.acts}
        for a in self.acts:
            events, row = at.get(a.key, []), done.get(a.key)
            if a.state == "done":
                if not events or not row:
                    out.append(f"{a.key} {a.name} was answered by {a.server} ({a.answer['stream']} {a.answer['seq']}) and is lost")
                elif any((x["stream"], x["seq"]) != (a.answer["stream"], a.answer["seq"]) for x in (events[-1], row)):
                    out.append(f"{a.key} was answered at {a.answer}, the journal has {row}")
            elif a.state == "refused" and (events or row):
                out.append(f"{a.key} was refused ({a.answer}) and is there")
            if events and [e["pos"] for e in events] != list(range(events[0]["pos"], events[0]["pos"] + len(events))):
                out.append(f"{a.key} is at {[e['pos'] for e in events]}: twice?")
        for key in at:
            if key.startswith(f"act-{self.title}-") and key not in ours:
                out.append(f"{key} was never sent")
        return out + self.doubles(at)

    def doubles(self, at):
        """An act is known by what it says too: the name of a project, of a file."""
        out, seen = [], {}
        for events in at.values():
            for e in events:
                text = e["body"].get("name", "") if e["kind"] == "project.registered" else "".join(f.get("name", "") for f in e["body"].get("files", []))
                if not text.startswith(f"{self.title} "):
                    continue
                if text in seen and seen[text] != e["command"]:
                    out.append(f"“{text}” is there twice: {seen[text]}, {e['command']}")
                seen[text] = e["command"]
        return out


def exported(options, name="export"):
    path = f"{WORK}/{name}.jsonl"
    run("export", path, *options)
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


# ---- load -----------------------------------------------------------------------------------------------------------


class Load:
    """Threads that act at their server: drafts of shared projects, registrations, uploads, old keys sent again."""

    def __init__(self, account, programs, streams, threads=2):
        self.account, self.streams, self.over, self.faults = account, streams, threading.Event(), []
        self.sample = register_args(programs[0], "-")
        view = programs[0].view(f"/my/{streams[0].split('/')[1]}/stage/1")
        code = next(m["code"] for m in view["materials"] if not m["optional"] and not m["form"])
        self.material = {"material": code, "blob": programs[0].upload(PDF), "size": len(PDF)}
        self.threads = [threading.Thread(target=self.guard, args=(p.at(p.server), i), daemon=True) for p in programs for i in range(threads)]
        for t in self.threads:
            t.start()

    def guard(self, program, number):
        try:
            self.work(program, number)
        except Exception as e:  # pylint: disable=broad-except
            self.faults.append(f"{program.server.name}: {e!r}")

    def act(self, program, n):
        if n % 8 == 7:
            args = {**self.sample, "code": Codes.take(), "name": "-"}
            act = self.account.new(program.account, "project.register", None, args)
            args["name"] = f"{self.account.title} {act.key}"
            return act
        stream = self.streams[n % len(self.streams)]
        file = dict(self.material)
        if n % 16 == 3:
            data = PDF.replace(b"NUMBER", f"{self.account.title} {id(self)} {n}".encode())
            file.update(blob=program.upload(data), size=len(data))
        args = {"stage": 1, "form": {}, "files": [file]}
        act = self.account.new(program.account, "stage.save-draft", stream, args)
        file["name"] = f"{self.account.title} {act.key}"
        return act

    def work(self, program, number):
        n = number * 1000003
        while not self.over.is_set():
            n += 1
            try:
                act = self.act(program, n)
            except Lost:
                time.sleep(0.1)
                continue
            if self.account.send(program, act) == "unknown":
                time.sleep(0.1)
            elif act.state == "done" and n % 10 == 5:
                must(self.account.send(program, act) in ("done", "unknown"), f"{act.key} sent again: {act.answer}")

    def end(self):
        self.over.set()
        for t in self.threads:
            t.join(120)
            must(not t.is_alive(), "a client hangs")
        must(not self.faults, f"clients: {self.faults[:3]}")

