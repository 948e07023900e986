# SPDX-License-Identifier: Apache-2.0
"""Back-pressure: the disk stalls (nosync.c), the queue of two fills up, and whoever comes then is told so at once, on a page and
through the interface. Reading goes on. When the disk is back, what waited is done, what was refused is done when it is sent again."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import client

program, nosync = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
work = tempfile.TemporaryDirectory(prefix="yichuang-busy-")
at = ["--store", f"{work.name}/store", "--policy", "policies/huludao"]
gate = pathlib.Path(work.name, "gate")
passed = failed = 0


def run(*args):
    r = subprocess.run([program, *args], capture_output=True, text=True, timeout=60)
    assert r.returncode == 0, r.stdout + r.stderr
    return r.stdout


class Sent(threading.Thread):
    """A command on its way."""

    def __init__(self, token, key, stream="user/owner8"):
        super().__init__()
        self.token, self.key, self.stream, self.reply = token, key, stream, None
        self.start()

    def run(self):
        jar = client.Jar()
        jar.base = {"Authorization": f"Bearer {self.token}"}
        self.reply = jar.api("/commands/user.change", {"stream": self.stream, "args": {"name": f"某{self.key[-2:]}"}}, {"Idempotency-Key": self.key})


def stalled(token, key):
    """The writer waits for the disk with one command, two more wait in the queue. Acts of the program itself (what has fallen due, messages)
    may have come before; then once more."""
    said = ""
    for again in range(5):
        gate.touch()
        out = [Sent(token, f"busy-{key}-{again}1")]
        time.sleep(0.6)  # it has been taken from the queue
        out += [Sent(token, f"busy-{key}-{again}2"), Sent(token, f"busy-{key}-{again}3")]
        time.sleep(0.3)
        if all(s.reply is None for s in out):
            return out
        said = [s.reply and (s.reply.status, s.reply.text[:200]) for s in out]
        assert not any(s.reply and s.reply.status == 200 for s in out), f"the disk did not stall: {said}"
        gate.unlink()
        for s in out:
            s.join(10)
        time.sleep(1)
    raise AssertionError(f"the queue was never empty: {said}")


def goes_on(waiting):
    gate.unlink()
    for s in waiting:
        s.join(10)
    assert [s.reply and s.reply.status for s in waiting] == [200] * len(waiting), [s.reply and s.reply.text for s in waiting]


def at_once(send):
    """503 within a second, with the time to wait and a sentence; the reply."""
    started = time.monotonic()
    r = send()
    assert time.monotonic() - started < 1, "the refusal itself waited"
    assert r.status == 503 and r.get("retry-after") == "5", (r.status, r.headers, r.text[-1000:])
    assert "办理的人太多，请过几秒再试。您填写的内容没有丢失。" in r.text, r.text[-2000:]
    return r


def commands_of(key):
    return sum(f'"command":"{key}"' in line for line in run("export", "-", "--store", at[1]).split("\n"))


def test_the_interface_says_busy_and_the_same_key_works_afterwards(tokens):
    waiting = stalled(tokens["sys"], "api")
    jar = client.Jar()
    jar.base = {"Authorization": f"Bearer {tokens['sys']}"}
    ask = lambda: jar.api("/commands/user.change", {"stream": "user/owner8", "args": {"name": "某丁"}}, {"Idempotency-Key": "busy-api-04"})
    r = at_once(ask)
    assert r.json["error"] == "busy", r.text
    assert client.Jar().get("/login").status == 200 and client.Jar().get("/health").status == 200, "reading waits too"
    goes_on(waiting)
    assert commands_of("busy-api-04") == 0, "a refused command was done"
    assert ask().status == 200 and ask().status == 200
    assert commands_of("busy-api-04") == 1 and commands_of(waiting[1].key) == 1


def test_a_form_keeps_what_was_typed_and_the_file_that_was_sent(tokens):
    jar = client.as_user("owner")
    no = api.register(api.Client(tokens, "owner"), "2304-211403-04-01-135299")
    path = f"/my/{no}/stage/1"
    jar.get(path)
    view = jar.get(f"/api/v1{path}").json
    text = next(f["name"] for f in view["fields"] if f["kind"] in ("text", "long") and "代码" not in f["label"])
    fields = [(k, "这一段写了很久" if k == text else v) for k, v in api.answers(view["fields"]).items()] + [("draft", "1")]
    material = next(m for m in view["materials"] if not m["form"] and "known" not in m)
    waiting = stalled(tokens["sys"], "page")
    r = at_once(lambda: jar.files(path, fields + [("key", "busy-page-04")], [(material["id"], "图纸.pdf", api.PDF)]))
    goes_on(waiting)
    page = r.text.split("<main")[1]
    assert "这一段写了很久" in page, "what was typed is gone"
    assert any("图纸.pdf" in v for _, v in client.fields_of(page)), "the file must be sent again"
    r = jar.post(path, [(k, v) for k, v in client.fields_of(page) if k not in ("csrf", "key")] + [("draft", "1"), ("key", "busy-page-04")])
    assert r.status == 303, (r.status, r.text[-2000:])
    page = jar.get(path).text
    assert "这一段写了很久" in page and "图纸.pdf" in page
    assert commands_of("busy-page-04") == 1


def test_the_page_of_an_item_keeps_the_opinion(tokens):
    no, item, unit = api.dispatched("2304-211403-04-01-135288")
    jar = client.as_user(f"ap-{unit}")
    path = f"/w/t/{no}/1/{item}"
    jar.get(path)
    assert jar.post(path, [("act", "take")]).status == 303
    page = jar.get(path).text
    seen = dict(client.fields_of(page))["seen"]
    name = re.search(r'<label for="signature">[^（]*（[^：]*：([^）]+)）', page)[1]
    decide = [("act", "decide"), ("result", "pass"), ("opinion", "同意，这是我写了很久的意见"), ("signature", name), ("seen", seen)]
    waiting = stalled(tokens["sys"], "item")
    r = at_once(lambda: jar.post(path, decide + [("key", "busy-item-04")]))
    goes_on(waiting)
    assert "这是我写了很久的意见" in r.text, "the opinion is gone"
    assert jar.post(path, decide + [("key", "busy-item-04")]).status == 303


def test_the_notice_form_keeps_its_days(tokens):
    jar = client.as_user("sys")
    jar.get("/adm/calendar/new")
    typed = [("act", "propose"), ("notice", "示例通知〔2026〕9号"), ("reason", "停水检修三天"), ("date1", "2026-12-30"), ("kind1", "holiday"), ("name1", "检修")]
    names = [n for n, _ in client.fields_of(jar.get("/adm/calendar/new").text)]
    rows = [n for n in names if n.startswith("date")]
    if rows and rows[0] != "date1":
        typed = [(n.replace("1", rows[0].removeprefix("date")) if n[-1] == "1" else n, v) for n, v in typed]
    waiting = stalled(tokens["sys"], "note")
    r = at_once(lambda: jar.post("/adm/calendar/new", typed))
    goes_on(waiting)
    assert "停水检修三天" in r.text and "2026-12-30" in r.text and "示例通知〔2026〕9号" in r.text
    assert jar.post("/adm/calendar/new", typed).status == 303


def main():
    global passed, failed
    run("demo", "--quiet", *at, "--day", "2026-11-24", "--projects", "3")
    for account in ("owner", "wang", "zhao", "sys"):
        api.ALL[account] = re.search("[A-Za-z0-9_-]{43}", run("user", "token", *at, "--id", account, "--name", "测试"))[0]
    out = pathlib.Path(work.name, "serve.out")
    env = dict(os.environ, LD_PRELOAD=nosync, SYNC_WAITS=str(gate))
    server = subprocess.Popen([program, "serve", *at, "--port", "0", "--clock", "2026-11-25T09:30", "--queue", "2"], env=env,
                              stdout=out.open("w"), stderr=subprocess.STDOUT)
    try:
        while not (m := re.search(r"http://127\.0\.0\.1:(\d+)", out.read_text())):
            assert server.poll() is None, out.read_text()
            time.sleep(0.05)
        client.PORT = int(m[1])
        for name, test in [t for t in globals().items() if t[0].startswith("test_")]:
            try:
                test(api.ALL)
                assert not client.faults, client.faults[:3]
                passed += 1
            except Exception:
                failed += 1
                print(f"FAILED {name}\n{traceback.format_exc(limit=-3)}")
            client.faults.clear()
            gate.unlink(missing_ok=True)
    finally:
        gate.unlink(missing_ok=True)
        server.terminate()
        code = server.wait(20)
    good = code == 0 and subprocess.run([program, "verify", "--quiet", *at], capture_output=True).returncode == 0
    passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
