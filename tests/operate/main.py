# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import place
from place import AT, PASSWORD, Manager, Server, command, get, make, ok, policy, program, run, token


# ---- settings ------------------------------------------------------------------------------------------------


def settings(folder, text):
    pathlib.Path(f"{folder}/y.conf").write_text(text, encoding="utf-8")
    return ["--config", "y.conf"]


def test_a_file_of_settings_says_what_the_command_line_does_not(folder):
    make(folder)
    conf = settings(folder, f"# 设置\n\nstore = s\n  policy={policy}\nport = 1\nbehind-tls = yes\nlisten-anywhere = no\n")
    s = Server(folder, at=conf)  # --port 0 of the command line wins over the file's
    page = s.get("/login")
    assert s.stop() == 0
    assert "Secure" in page.getheader("Set-Cookie"), page.headers
    assert "admin" in ok(["user", "list", *conf], folder)
    env = {"YICHUANG_CONFIG": f"{folder}/y.conf"}
    assert "admin" in run(["user", "list"], folder, env=env).stdout.decode(), "the usual file"
    assert run(["user", "list", "--store", "none"], folder, env=env).returncode == 2, "who names a store does not read it"


def test_what_is_wrong_in_the_file_is_named_with_its_line(folder):
    make(folder)
    for text, said in (("store = s\nprot = 1\n", "第 2 行：没有设置“prot”。是不是 port？"), ("seed = 1\n", "第 1 行：不能写在配置文件里的“seed”"),
                       ("store\n", "第 1 行：要写成 名称 = 值"), ("behind-tls = 1\n", "behind-tls 要写 yes 或 no"), ("port = 99999\n", "0 到 65535"),
                       ("store =\n", "store 的值是空的"), ("log-format = xml\n", "text 或 json")):
        r = run(["serve", *settings(folder, text)], folder)
        assert r.returncode == 2 and said in r.stderr.decode(), (text, r.stderr.decode())
    r = run(["user", "list", "--config", "nowhere"], folder)
    assert r.returncode == 2 and "nowhere" in r.stderr.decode(), r


# ---- systemd ------------------------------------------------------------------------------------------------


def test_a_socket_that_is_handed_over_outlives_the_server(folder):
    make(folder)
    m = Manager(folder)
    m.start(*AT, "--threads", "3")
    assert get(m.port, "/healthz/ready").status == 200
    assert m.stop() == 0 and "STOPPING=1" in m.heard + m.ear.recv(4096).decode()
    answer = []
    late = threading.Thread(target=lambda: answer.append(get(m.port, "/healthz").status))
    late.start()  # nobody listens now: it waits
    time.sleep(0.2)
    m.start(*AT)
    late.join(10)
    assert answer == [200], answer
    assert m.stop() == 0
    m.close()


def test_a_handed_socket_of_the_file_system_serves_a_proxy(folder):
    make(folder)
    m = Manager(folder, unix=True)
    m.start(*AT, "--proxy", "unix")
    with socket.socket(socket.AF_UNIX) as c:
        c.connect(f"{folder}/web.sock")
        c.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n")
        text = c.makefile("rb").read().decode()
    assert text.startswith("HTTP/1.1 404"), text[:100]
    assert m.stop() == 0
    m.close()


def test_the_watchdog_hears_of_it_as_long_as_the_loops_come_round(folder):
    make(folder)
    m = Manager(folder)
    m.start(*AT, watchdog_us=200000)
    m.wait_for("WATCHDOG=1", 3)
    m.wait_for("WATCHDOG=1", 3)
    assert m.stop() == 0
    m.close()


def test_a_handed_descriptor_that_does_not_listen_is_refused(folder):
    make(folder)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        r = subprocess.run(["sh", "-c", 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', "sh", program, "serve", *AT], cwd=folder, capture_output=True, close_fds=False,
                           preexec_fn=lambda: os.dup2(s.fileno(), 3))
    assert r.returncode == 2 and "LISTEN_FDS" in r.stderr.decode(), r


# ---- reload, rotation ---------------------------------------------------------------------------------------------


def wait_line(path, word, seconds=5):
    for _ in range(int(seconds / 0.02)):
        if os.path.exists(path) and word in pathlib.Path(path).read_text(encoding="utf-8"):
            return
        time.sleep(0.02)
    raise AssertionError(f"{word} is not in {path}: {pathlib.Path(path).read_text() if os.path.exists(path) else 'no such file'}")


def test_a_reload_takes_keys_and_settings_and_loses_no_request(folder):
    make(folder)
    ok(["key", "seal", "seal.key", "--name", "甲"], folder)
    base = f"store = s\npolicy = {policy}\nlog = y.log\n"
    conf = settings(folder, base)
    s = Server(folder, at=conf)
    over, bad = threading.Event(), []

    def ask():
        while not over.is_set():
            r = s.get("/login")
            if r.status != 200:
                bad.append(r.status)

    people = [threading.Thread(target=ask) for _ in range(4)]
    for p in people:
        p.start()
    before = s.get("/s/signer").status
    settings(folder, base + "seal-key = seal.key\nlog-format = json\nport = 1\n")
    for n in range(3):
        s.proc.send_signal(signal.SIGHUP)
        time.sleep(0.1)
    wait_line(f"{folder}/y.log", "重新读入")
    after = s.get("/s/signer").status
    settings(folder, base + "seal-key = y.conf\n")
    s.proc.send_signal(signal.SIGHUP)
    wait_line(f"{folder}/y.log", "照旧运行")
    still = s.get("/s/signer").status
    over.set()
    for p in people:
        p.join()
    assert s.stop() == 0
    assert not bad, bad
    assert (before, after, still) == (404, 200, 200), (before, after, still)
    lines = pathlib.Path(f"{folder}/y.log").read_text(encoding="utf-8").strip().split("\n")
    assert any(line.startswith("{") and json.loads(line)["level"] == "info" for line in lines), lines


def test_the_log_is_opened_anew_and_no_line_is_lost(folder):
    make(folder)
    s = Server(folder, "--log", "y.log", "--log-format", "json")
    for n in range(3):
        assert s.get(f"/adm/users?{n}").status == 303
        c = command(s.port, "x" * 43, "user.disable", "user/admin", f"key-{n:08}")
        assert c.status == 401
    os.rename(f"{folder}/y.log", f"{folder}/y.log.1")
    s.proc.send_signal(signal.SIGUSR1)
    for _ in range(100):
        if os.path.exists(f"{folder}/y.log"):
            break
        time.sleep(0.02)
    assert s.stop() == 0
    old = pathlib.Path(f"{folder}/y.log.1").read_text(encoding="utf-8")
    new = pathlib.Path(f"{folder}/y.log").read_text(encoding="utf-8")
    assert "listening" in old and "收到信号" in new, (old, new)
    for line in (old + new).strip().split("\n"):
        json.loads(line)
    assert os.stat(f"{folder}/y.log").st_mode & 0o007 == 0


# ---- stopping under load -------------------------------------------------------------------------------------------


def test_a_stop_under_load_answers_what_it_took_and_keeps_what_it_answered(folder):
    make(folder, ("admin", "second", "third", "fourth", "fifth"))
    bearer = token(folder)
    s = Server(folder)
    done, ends, lost = [], {}, []
    lock = threading.Lock()

    def work(who):
        n = 0
        while True:
            n += 1
            key = f"stop-{who}-{n:06}"
            try:
                r = command(s.port, bearer, "user.disable" if n % 2 else "user.enable", f"user/{who}", key)
            except ConnectionRefusedError:
                return
            except (ConnectionResetError, BrokenPipeError):  # came at the very last: it was not done, see below
                lost.append(key)
                return
            with lock:
                ends[r.status] = ends.get(r.status, 0) + 1
                if r.status == 200:
                    done.append(key)
            if r.status == 503:
                assert r.getheader("Retry-After"), r.headers
                return

    people = [threading.Thread(target=work, args=(who,)) for who in ("second", "third", "fourth", "fifth")]
    for p in people:
        p.start()
    time.sleep(0.7)
    assert s.stop() == 0
    for p in people:
        p.join(10)
    assert len(done) > 20 and set(ends) <= {200, 503} and len(lost) < 4, (ends, lost)
    journal = ok(["export", "-", "--store", "s"], folder)
    kept = set(re.findall(r'"command":"(stop-[a-z]+-\d+)"', journal))
    assert set(done) <= kept, "acknowledged and not there"
    assert kept <= set(done), "there, and nobody was told"
    ok(["verify", *AT, "--quiet"], folder)


def test_whoever_comes_while_it_stops_is_told_to_come_again(folder):
    make(folder)
    s = Server(folder)
    with socket.create_connection(("127.0.0.1", s.port), 5) as first:
        first.sendall(b"GET /healthz/live HTTP/1.1\r\nHo")
        time.sleep(0.1)
        s.proc.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        late, api = get(s.port, "/"), get(s.port, "/api/v1/s/time")
        first.sendall(b"st: x\r\n\r\n")
        answer = first.recv(4096).decode()
    assert s.proc.wait(20) == 0
    assert late.status == 503 and late.getheader("Retry-After") == "5" and "正在重新启动" in late.text, (late.status, late.text[:300])
    assert api.status == 503 and json.loads(api.text)["error"] == "busy", api.text
    assert answer.startswith("HTTP/1.1 200"), answer


# ---- health and metrics -----------------------------------------------------------------------------------------------


def parse(text):
    """Prometheus' text format 0.0.4, strictly: each family has HELP and TYPE before its lines, histograms are cumulative."""
    kinds, values = {}, {}
    name = None
    for line in text.split("\n")[:-1]:
        if m := re.fullmatch(r"# HELP ([a-z_]+) (.+)", line):
            name = m[1]
            assert name not in kinds, line
        elif m := re.fullmatch(r"# TYPE ([a-z_]+) (counter|gauge|histogram)", line):
            assert m[1] == name, line
            kinds[name] = m[2]
        else:
            m = re.fullmatch(r'([a-z_]+)(\{(?:[a-z]+="[^"\\]*",?)*\})? (-?[0-9.]+(?:e[+-]?\d+)?)', line)
            assert m, f"what is this line? {line}"
            family = re.sub("_(bucket|sum|count)$", "", m[1]) if kinds[name] == "histogram" else m[1]
            assert family == name, (line, name)
            assert (m[1], m[2]) not in values, line
            values[m[1], m[2] or ""] = float(m[3])
    for (n, labels), v in values.items():
        if n.endswith("_count") and kinds.get(n[:-6]) == "histogram":
            mine = labels[1:-1]
            rows = [(float(re.search('le="([^"]+)"', la)[1].replace("+Inf", "inf")), x) for (b, la), x in values.items()
                    if b == n[:-6] + "_bucket" and re.sub(',?le="[^"]+"', "", la[1:-1]) == mine]
            assert rows == sorted(rows) and [x for _, x in rows] == sorted(x for _, x in rows), rows
            assert rows[-1] == (float("inf"), v), (n, labels)
    assert text.endswith("\n")
    return kinds, values


def test_health_and_metrics_tell_this_machine_how_it_goes(folder):
    make(folder, ("admin", "second"))
    bearer = token(folder)
    s = Server(folder)
    for _ in range(5):
        assert s.get("/login").status == 200
    assert command(s.port, bearer, "user.disable", "user/second", "key-00000001").status == 200
    assert s.get("/nowhere").status == 404
    ready, live, m = s.get("/healthz/ready"), s.get("/healthz/live"), s.get("/metrics")
    kinds, v = parse(m.text)
    assert json.loads(ready.text) == {"reads": True, "readonly": False, "ready": True, "stopping": False} and live.status == 200
    assert m.getheader("Content-Type").startswith("text/plain; version=0.0.4"), m.headers
    assert v["yichuang_http_requests_total", '{class="page",status="200"}'] == 5, v
    assert v["yichuang_http_requests_total", '{class="none",status="404"}'] == 1
    assert v["yichuang_http_requests_total", '{class="api",status="200"}'] == 1
    assert v["yichuang_commands_total", ""] >= 1 and v["yichuang_commit_seconds_count", ""] >= 1 and v["yichuang_commit_seconds_sum", ""] > 0
    assert v["yichuang_journal_bytes", ""] > 4096 and v["process_resident_memory_bytes", ""] > 1e6 and v["process_open_fds", ""] > 5
    assert v["yichuang_http_connections", ""] >= 1 and v["yichuang_store_readonly", ""] == 0
    assert ("yichuang_checkpoint_age_seconds", "") not in v, "no head was signed"
    assert kinds["yichuang_outbox_messages"] == "gauge"
    ok(["key", "make", "k", "--name", "test"], folder)
    ok(["checkpoint", "--key", "k", "--store", "s"], folder)
    _, v = parse(s.get("/metrics").text)
    assert 0 <= v["yichuang_checkpoint_age_seconds", ""] < 60
    assert s.stop() == 0


def test_metrics_are_for_this_machine_or_for_the_token(folder):
    make(folder)
    pathlib.Path(f"{folder}/tok").write_text("t" * 32 + "\n")
    s = Server(folder, "--metrics-token", "tok")
    assert s.get("/metrics").status == 200
    assert s.get("/metrics", X_Forwarded_For="203.0.113.9").status == 404, "a proxy on this machine"
    assert s.get("/metrics", Via="1.1 x").status == 404
    assert s.get("/metrics", X_Forwarded_For="203.0.113.9", Authorization="Bearer " + "t" * 31 + "x").status == 404
    assert s.get("/metrics", X_Forwarded_For="203.0.113.9", Authorization="Bearer " + "t" * 32).status == 200
    assert s.stop() == 0
    pathlib.Path(f"{folder}/tok").write_text("short\n")
    r = run(["serve", *AT, "--port", "0", "--metrics-token", "tok"], folder)
    assert r.returncode == 2 and "太容易猜到" in r.stderr.decode()


# ---- whose address ---------------------------------------------------------------------------------------------------


def fail_login(s, account, n, **headers):
    import urllib.parse
    for _ in range(n):
        page = s.get("/login")
        cookie = page.getheader("Set-Cookie").split(";")[0]
        csrf = re.search('name="csrf" value="([^"]+)"', page.text)[1]
        c = place.http.client.HTTPConnection("127.0.0.1", s.port, timeout=10)
        c.request("POST", "/login", urllib.parse.urlencode({"csrf": csrf, "account": account, "password": "wrong-password-1"}),
                  {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", **{k.replace("_", "-"): v for k, v in headers.items()}})
        r = c.getresponse()
        r.read()
        c.close()
    return r.status


def test_the_log_names_whom_the_proxy_names_and_nothing_personal(folder):
    make(folder)
    s = Server(folder, "--proxy", "127.0.0.1", "--log", "y.log", "--log-format", "json")
    fail_login(s, "13800001111", 1, X_Forwarded_For="198.51.100.1, 203.0.113.9")  # a telephone number instead of an account
    fail_login(s, "admin", 1, X_Forwarded_For="203.0.113.10")
    s.get("/track?number=13800001111&q=%E5%BC%A0%E4%B8%89%E4%B8%B0")
    s.get("/adm/users/13800001111/tokens")
    assert s.stop() == 0
    text = pathlib.Path(f"{folder}/y.log").read_text(encoding="utf-8")
    events = [json.loads(line) for line in text.strip().split("\n")]
    failed = [e for e in events if e.get("event") == "login_failed"]
    assert [(e["account"], e["address"]) for e in failed] == [("?", "203.0.113.9"), ("admin", "203.0.113.10")], failed
    for secret in ("13800001111", "wrong-password", "张三丰"):
        assert secret not in text, text


def test_an_incident_on_the_page_is_found_in_the_log(folder):
    make(folder, ("admin", "second"))
    bearer = token(folder)
    s = Server(folder, "--log", "y.log", "--log-format", "json")
    import resource
    hard = resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE, (4096, hard))  # as a disk that takes nothing more
    r = command(s.port, bearer, "user.disable", "user/second", "key-00000001")
    resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE, (hard, hard))
    r = command(s.port, bearer, "user.disable", "user/second", "key-00000002")
    ready = s.get("/healthz")
    _, v = parse(s.get("/metrics").text)
    assert s.stop() == 0
    ref = json.loads(r.text)["ref"]
    assert r.status == 507 and len(ref) == 8, r.text
    assert ready.status == 503 and json.loads(ready.text)["readonly"] is True, ready.text
    assert v["yichuang_store_readonly", ""] == 1
    events = [json.loads(line) for line in pathlib.Path(f"{folder}/y.log").read_text(encoding="utf-8").strip().split("\n")]
    mine = [e for e in events if e.get("ref") == ref]
    assert len(mine) == 1 and mine[0]["event"] == "incident" and mine[0]["account"] == "admin" and mine[0]["path"] == "/api/v1/commands/user.disable", events


# ---- the doctor ---------------------------------------------------------------------------------------------------


def doctor(folder, *more):
    r = run(["doctor", *AT, "--json", *more], folder)
    j = json.loads(r.stdout)
    found = {}
    for f in j["findings"]:
        found.setdefault(f["id"], []).append(f)
        assert f["what"] and (f["level"] in ("good", "skip") or (f["why"] and f["next"])), f
    order = [("bad", "look", "skip", "good").index(f["level"]) for f in j["findings"]]
    assert order == sorted(order) and {"bad": 2, "look": 1}.get(j["worst"], 0) == r.returncode, (r.returncode, j["worst"])
    return found


def level(found, name):
    return max((f["level"] for f in found[name]), key=("good", "skip", "look", "bad").index)


def test_the_doctor_finds_what_is_wrong_and_says_what_to_do(folder):
    make(folder)
    ok(["rebuild", *AT, "--quiet"], folder)
    ok(["key", "make", "k", "--name", "test"], folder)
    ok(["checkpoint", "--key", "k", "--store", "s"], folder)
    os.mkdir(f"{folder}/b", 0o700)
    ok(["backup", "--backups", "b", "--store", "s"], folder)
    well = ["--key", "k", "--backups", "b"]
    found = doctor(folder, *well)
    wrong = {n for n in found if level(found, n) in ("look", "bad")}
    assert wrong <= {"clock-sync", "disk-space", "backup-space", "calendar", "time-zone"}, wrong  # these are of the machine and the day
    assert "3 个文件都与清单一致" in found["backup"][0]["what"], found["backup"]
    # weak permissions, a key beside what it signs
    os.chmod(f"{folder}/s/vault.key", 0o644)
    os.chmod(f"{folder}/k", 0o604)
    found = doctor(folder, *well)
    assert [f["level"] for f in found["permissions"]].count("bad") == 2, found["permissions"]
    os.chmod(f"{folder}/s/vault.key", 0o600)
    os.rename(f"{folder}/k", f"{folder}/s/k")
    os.chmod(f"{folder}/s/k", 0o600)
    found = doctor(folder, "--key", "s/k", "--backups", "b")
    assert level(found, "key-place") == "look" and level(found, "permissions") == "good"
    os.rename(f"{folder}/s/k", f"{folder}/k")
    # a backup that is damaged, too old, or none
    copy = next(pathlib.Path(f"{folder}/b").iterdir())
    with open(copy / "journal.db", "r+b") as f:
        f.seek(5000)
        f.write(b"?")
    found = doctor(folder, *well)
    assert level(found, "backup") == "bad" and "journal.db" in found["backup"][0]["what"]
    ok(["backup", "b/2999", "--store", "s", "--with-key"], folder)
    found = doctor(folder, *well)
    assert level(found, "backup") == "good" and level(found, "backup-key") == "look", found
    assert level(doctor(folder, "--key", "k", "--backups", "s"), "backup") == "bad"
    # settings that leave a door open
    found = doctor(folder, *well, "--listen", "10.0.0.5", "--listen-anywhere")
    assert level(found, "tls") == "bad"
    assert level(doctor(folder, *well, "--behind-tls"), "proxy") == "look"
    assert level(doctor(folder, *well, "--behind-tls", "--proxy", "127.0.0.1"), "tls") == "good"
    # the witness has nothing, then something
    pathlib.Path(f"{folder}/kept").write_text("nonsense")
    assert level(doctor(folder, *well, "--keep", "kept"), "witness") == "bad"
    ok(["witness", "--keep", "kept2", "--key", "k.pub", "--store", "s"], folder)
    assert level(doctor(folder, *well, "--keep", "kept2"), "witness") == "good"
    assert level(doctor(folder, "--key", "k.pub", "--backups", "b"), "key") == "bad", "a public key signs nothing"


def test_the_doctor_sees_a_changed_event_a_lost_tail_and_a_clock_that_went_back(folder):
    import sqlite3
    make(folder, ("admin", "second"))
    ok(["rebuild", *AT, "--quiet"], folder)
    ok(["key", "make", "k", "--name", "test"], folder)
    ok(["checkpoint", "--key", "k", "--store", "s"], folder)
    assert level(doctor(folder), "journal") == "good"
    db = sqlite3.connect(f"{folder}/s/journal.db")
    db.execute("CREATE TABLE IF NOT EXISTS away AS SELECT * FROM event WHERE pos = 1")
    for trigger, in list(db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute("UPDATE event SET actor_name = '改' WHERE pos = 1")
    db.commit()
    found = doctor(folder)
    assert level(found, "journal") == "bad" and "第 1 条" in found["journal"][0]["what"], found["journal"]
    db.execute("UPDATE event SET actor_name = (SELECT actor_name FROM away) WHERE pos = 1")
    db.execute("DELETE FROM event WHERE pos = (SELECT max(pos) FROM event)")
    db.commit()
    found = doctor(folder)
    assert level(found, "checkpoint") == "bad" and "旧的备份" in found["checkpoint"][0]["why"], found["checkpoint"]
    db.close()
    r = run(["doctor", "--store", "none", "--policy", policy], folder)
    assert r.returncode == 2 and "yichuang init" in r.stderr.decode()


def test_demonstration_accounts_in_a_real_store_and_their_password_are_seen(folder):
    ok(["init", "--store", "s"], folder)
    for who in ("owner", "wang", "zhao", "wu"):
        ok(["user", "add", *AT, "--id", who, "--name", "某", "--role", "sysadmin"], folder, ("Yichuang-2026" if who == "wu" else PASSWORD) + "\n")
    bearer = token(folder, "owner")
    found = doctor(folder)
    assert level(found, "demo") == "look" and "4 个" in found["demo"][0]["what"], found["demo"]
    s = Server(folder)
    page = s.get("/api/v1/adm/doctor", Authorization=f"Bearer {bearer}")
    stranger = s.get("/adm/doctor")
    assert s.stop() == 0
    j = json.loads(page.text)
    mine = [f for f in j["findings"] if f["id"] == "demo"]
    assert page.status == 200 and mine and mine[0]["level"] == "bad" and "1 个账号用的是演示的口令" in mine[0]["what"], mine
    assert j["bad"] == sum(f["level"] == "bad" for f in j["findings"]) and j["good_count"] == len(j["good"])
    assert stranger.status == 303


# ---- what is installed -------------------------------------------------------------------------------------------


def installed(folder, what="install"):
    out = str(pathlib.Path(program).parent)
    assert out.endswith(("/dev", "/release")), out
    env = dict(os.environ, OUT=out, DESTDIR=f"{folder}/root", PREFIX="/usr", SYSCONFDIR="/etc", UNITDIR="/lib/systemd/system")
    return subprocess.run(["tools/put.sh", what], env=env, capture_output=True, text=True)


def shares(program_):
    """What the Makefile makes before it puts things where they belong."""
    folder = pathlib.Path(program_).parent / "share"
    folder.mkdir(exist_ok=True)
    for name, kind in (("yichuang.1", "man"), ("yichuang.conf.5", "conf"), ("yichuang.bash", "bash")):
        (folder / name).write_bytes(subprocess.run([program_, "help", "--as", kind], capture_output=True, check=True).stdout)


def have(tool):
    if subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True).returncode == 0:
        return True
    print(f"SKIPPED {tool} is not installed")
    return False


def test_what_is_installed_runs_from_there_and_goes_away_again(folder):
    shares(program)
    r = installed(folder)
    assert r.returncode == 0, r
    root = pathlib.Path(f"{folder}/root")
    own = f"{root}/usr/bin/yichuang"
    version = subprocess.run([own, "--version"], capture_output=True, text=True).stdout
    assert re.fullmatch(r"yichuang \d+\.\d+\.\d+\n", version), version
    assert version.split()[1] in pathlib.Path("debian/changelog").read_text().split("\n")[0]
    check = subprocess.run([own, "policy", "check", "--quiet", f"{root}/usr/share/yichuang/policies/huludao"], capture_output=True)
    assert check.returncode == 0, check
    conf = root / "etc/yichuang/yichuang.conf"
    assert conf.stat().st_mode & 0o777 == 0o640
    text = conf.read_text(encoding="utf-8")
    (root / "store").mkdir()
    text = text.replace("/var/lib/yichuang/store", f"{root}/store/s").replace("/usr/share", f"{root}/usr/share").replace("/var/log/yichuang", str(root))
    own_conf = root / "own.conf"
    every = re.sub(r"^#([a-z-]+ = )", r"\1", text, flags=re.M)  # each setting that is only shown must be one
    for path, body in ((own_conf, text), (root / "every.conf", every)):
        path.write_text(body, encoding="utf-8")
        said = subprocess.run([own, "policy", "list", "--config", str(path)], capture_output=True, text=True)
        assert said.returncode == 2 and "yichuang init" in said.stderr, said.stderr
    conf.write_text("# mine\n")
    assert installed(folder).returncode == 0 and conf.read_text() == "# mine\n", "settings are not overwritten"
    r = installed(folder, "uninstall")
    left = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
    assert r.returncode == 0 and left == ["etc/yichuang/yichuang.conf", "every.conf", "own.conf"], (r, left)


def test_the_pages_of_the_manual_are_sound_and_name_every_verb(folder):
    text = subprocess.run([program, "help", "--as", "man"], capture_output=True, text=True).stdout
    verbs = re.findall(r"^  ([a-z]+(?: [a-z-]+)?) {2,}", run(["help"], folder).stdout.decode().split("\n选项")[0], re.M)
    titles = [re.sub(r"\\:|\\", "", line[4:]) for line in text.split("\n") if line.startswith(".SS ")]
    assert all(any(t == v or t.startswith(v + " ") for t in titles) for v in verbs) and len(titles) == len(verbs), (verbs, titles)
    if not have("mandoc"):
        return
    for name, kind in (("y.1", "man"), ("y.5", "conf")):
        pathlib.Path(f"{folder}/{name}").write_bytes(run(["help", "--as", kind], folder).stdout)
    r = subprocess.run(["mandoc", "-Tlint", "-Wwarning", f"{folder}/y.1", f"{folder}/y.5", "docs/man/yichuang-verify.1"], capture_output=True, text=True)
    assert not r.stdout, r.stdout


def test_bash_completes_verbs_options_and_choices(folder):
    pathlib.Path(f"{folder}/c").write_bytes(run(["help", "--as", "bash"], folder).stdout)

    def completed(*words):
        script = f'. {folder}/c; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _yichuang; echo "${{COMPREPLY[*]}}"'
        r = subprocess.run(["bash", "-c", script, "bash", *words], cwd=folder, capture_output=True, text=True)
        assert r.returncode == 0 and not r.stderr, r
        return r.stdout.split()

    assert completed("yichuang", "ser") == ["serve"]
    assert completed("yichuang", "policy", "ch") == ["check"]
    assert "--listen-anywhere" in completed("yichuang", "serve", "--li") and completed("yichuang", "serve", "--seed") == []
    assert completed("yichuang", "init", "--suite", "") == ["gm", "intl"]
    assert completed("yichuang", "serve", "--port", "") == []
    os.mkdir(f"{folder}/there")
    pathlib.Path(f"{folder}/thefile").write_text("")
    assert completed("yichuang", "serve", "--store", "the") == ["there"]
    assert set(completed("yichuang", "serve", "--seal-key", "the")) == {"there", "thefile"}


def test_the_units_are_sound_and_leave_little_open(folder):
    if not have("systemd-analyze"):
        return
    shares(program)
    assert installed(folder).returncode == 0
    units = pathlib.Path(f"{folder}/root/lib/systemd/system")
    for unit in sorted(units.glob("*.service")):
        text = unit.read_text().replace("/usr/bin/yichuang", f"{folder}/root/usr/bin/yichuang")
        unit.write_text(text)
        r = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", str(unit)], capture_output=True, text=True)
        assert r.returncode == 0, (unit, r.stdout[-600:], r.stderr)
    env = dict(os.environ, SYSTEMD_UNIT_PATH=f"{units}:/lib/systemd/system", SYSTEMD_LOG_LEVEL="warning")
    r = subprocess.run(["systemd-analyze", "verify", "--man=no", *map(str, sorted(units.iterdir()))], capture_output=True, text=True, env=env)
    ours = [line for line in r.stderr.split("\n") if "yichuang" in line and "Failed to" not in line]
    assert not ours, ours


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_the_example_for_nginx_serves_over_tls_and_passes_on_who_came(folder):
    if not have("nginx") or not have("openssl"):
        return
    import ssl
    make(folder)
    s = Server(folder, "--behind-tls", "--proxy", "127.0.0.1", "--log", "y.log", "--log-format", "json")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=gcjs.example.cn",
                    "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], capture_output=True, check=True)
    http_port, https_port = free_port(), free_port()
    site = pathlib.Path("dist/nginx/nginx.conf").read_text(encoding="utf-8")
    for old, new in (("127.0.0.1:8080", f"127.0.0.1:{s.port}"), ("listen 80;", f"listen 127.0.0.1:{http_port};"), ("listen 443 ", f"listen 127.0.0.1:{https_port} "),
                     ("/etc/ssl/certs/gcjs.example.cn.pem", f"{folder}/cert.pem"), ("/etc/ssl/private/gcjs.example.cn.key", f"{folder}/key.pem")):
        assert old in site, old
        site = site.replace(old, new)
    site = "\n".join(line for line in site.split("\n") if "listen [::]" not in line)  # the machine of the tests may have no IPv6
    temp = "\n".join(f"{k}_temp_path {folder}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    pathlib.Path(f"{folder}/n.conf").write_text(f"daemon off;\npid {folder}/n.pid;\nerror_log {folder}/n.err;\nworker_processes 1;\nevents {{}}\nhttp {{\naccess_log off;\n{temp}\n{site}\n}}\n")
    if os.getuid() == 0:
        os.chmod(folder, 0o755)  # its workers are somebody else
    check = subprocess.run(["nginx", "-t", "-p", folder, "-c", f"{folder}/n.conf", "-e", f"{folder}/n.err"], capture_output=True, text=True)
    assert check.returncode == 0, check.stderr
    n = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/n.conf", "-e", f"{folder}/n.err"])
    loose = ssl.create_default_context()
    loose.check_hostname, loose.verify_mode = False, ssl.CERT_NONE

    def over_tls(path, headers=None, body=None):
        c = place.http.client.HTTPSConnection("127.0.0.1", https_port, context=loose, timeout=10)
        c.request("POST" if body else "GET", path, body, dict(headers or {}))
        r = c.getresponse()
        r.text = r.read().decode()
        return r

    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", https_port), 1).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        page = over_tls("/login")
        cookie = page.getheader("Set-Cookie").split(";")[0]
        csrf = re.search('name="csrf" value="([^"]+)"', page.text)[1]
        import urllib.parse
        body = urllib.parse.urlencode({"csrf": csrf, "account": "admin", "password": PASSWORD})
        login = over_tls("/login", {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://127.0.0.1:{https_port}",
                                    "X-Forwarded-For": "198.51.100.77"}, body)
        metrics, health = over_tls("/metrics"), over_tls("/healthz")
        plain = get(http_port, "/login")
    finally:
        n.send_signal(signal.SIGTERM)
        n.wait(10)
    assert s.stop() == 0
    assert page.status == 200 and cookie.startswith("__Host-csrf=") and login.status == 303, (page.status, cookie, login.status, login.text[:200])
    assert metrics.status == 404 and health.status == 200 and plain.status == 301
    assert plain.getheader("Location").startswith("https://")
    events = [json.loads(line) for line in pathlib.Path(f"{folder}/y.log").read_text(encoding="utf-8").strip().split("\n")]
    assert [e["address"] for e in events if e.get("event") == "login"] == ["127.0.0.1"], "what the visitor wrote is not passed on"


signal.alarm(900)
tests = [(n, t) for n, t in list(globals().items()) if n.startswith("test_") and t]
passed, failed = place.play(tests, sys.argv[2:])
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
