# SPDX-License-Identifier: Apache-2.0
"""Plays the transcripts of the command line.

  == a sentence            a test begins
  $ yichuang verify …      runs it; {policy} is the package, the directory is the same for all tests of a file
  & text                   a line for its standard input (\\n between several)
  -> 2                     its exit code
  ~ text    !~ text        its output holds the text, or does not (both streams)
  1~ text   2~ text        standard output, standard error

Then conversations in Python: terminals, signals, listening."""
import json
import os
import pathlib
import pty
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

here = pathlib.Path(__file__).parent
program = str(pathlib.Path(sys.argv[1]).resolve())
policy = str(pathlib.Path("policies/huludao").resolve())
passed = failed = 0


def report(ok, name, why=""):
    global passed, failed
    passed, failed = passed + ok, failed + (not ok)
    if not ok:
        print(f"FAILED {name}\n  {why}")


os.environ["YICHUANG_CONFIG"] = ""  # what is installed on this machine is not for these tests


def run(args, folder, text="", env=None):
    full = dict(os.environ, **(env or {}))
    return subprocess.run([program, *args], cwd=folder, input=text.encode(), capture_output=True, env=full, timeout=60)


class Play:
    def __init__(self, folder):
        self.folder, self.command, self.input, self.result = folder, None, [], None

    def flush(self):
        if self.command is not None:
            words = shlex.split(self.command.replace("{policy}", policy))
            assert words[0] == "yichuang", self.command
            self.result = run(words[1:], self.folder, "".join(line + "\n" for line in self.input))
            self.command, self.input = None, []

    def line(self, line):
        word, _, rest = line.partition(" ")
        if word == "$":
            self.flush()
            self.command = rest
            return
        if word == "&":
            self.input.append(rest)
            return
        self.flush()
        out, err = self.result.stdout.decode(), self.result.stderr.decode()
        if word == "->":
            assert self.result.returncode == int(rest), f"exit code {self.result.returncode}: {out}{err}"
        elif word in ("~", "!~", "1~", "2~"):
            text = {"1~": out, "2~": err}.get(word, out + err)
            assert (rest in text) == (word != "!~"), f"{out}{err}"
        else:
            raise AssertionError("what is this line?")


def play(path):
    with tempfile.TemporaryDirectory() as folder:
        p, name, bad = Play(folder), None, None
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n") + ["== end"], 1):
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("== "):
                if name:
                    report(bad is None, f"{path.name}: {name}", bad)
                name, bad = line[3:], None
            elif bad is None:
                try:
                    p.line(line)
                except (AssertionError, ValueError, AttributeError) as e:
                    bad = f"line {number}: {line}: {e}"


# ---- a running server ---------------------------------------------------------------------------------------


class Server:
    def __init__(self, folder, *more):
        self.out = open(f"{folder}/out", "w+")
        self.err = open(f"{folder}/err", "w+")
        self.proc = subprocess.Popen([program, "serve", "--store", "s", "--policy", policy, "--port", "0", *more], cwd=folder,
                                     stdout=self.out, stderr=self.err)
        for _ in range(100):
            self.text = pathlib.Path(f"{folder}/out").read_text(encoding="utf-8")
            m = re.search(r"http://[^:]*:(\d+)/", self.text)
            if m:
                self.port = int(m[1])
                return
            time.sleep(0.05)
        raise AssertionError(pathlib.Path(f"{folder}/err").read_text())

    def get(self, path, host="127.0.0.1"):
        return self.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(), host)

    def send(self, request, host="127.0.0.1"):
        with socket.create_connection((host, self.port), 5) as s:
            s.sendall(request)
            data = b""
            while part := s.recv(65536):
                data += part
        return data.decode("utf-8", "replace")

    def stop(self, with_signal=signal.SIGTERM):
        self.proc.send_signal(with_signal)
        code = self.proc.wait(20)
        self.out.close()
        self.err.close()
        return code


def store(folder, demo=False):
    if demo:
        r = run(["demo", "--quiet", "--store", "s", "--policy", policy, "--day", "2026-11-24", "--projects", "3"], folder)
    else:
        r = run(["init", "--store", "s"], folder)
    assert r.returncode == 0, r.stderr.decode()


def test_an_empty_store_has_no_banner_no_accounts_and_says_how_to_make_the_first(folder):
    store(folder)
    s = Server(folder)
    page, login = s.get("/"), s.get("/login")
    assert s.stop() == 0
    assert "演示" not in s.text + page + login, "a store of init must not call itself a demonstration"
    assert "Yichuang-2026" not in login and "owner" not in login


def next_package(folder, version):
    subprocess.run([str(here.parent / "lib" / "next_package.sh"), policy, f"{folder}/{version}", version], check=True)
    return version


def test_a_version_is_staged_beside_a_running_server_and_puts_nothing_into_force(folder):
    store(folder)
    last = ["--store", "s", "--policy", policy]
    s = Server(folder)
    r = run(["policy", "stage", next_package(folder, "2026.1"), *last], folder)
    again = run(["policy", "stage", "2026.1", *last], folder)
    listed = run(["policy", "list", *last], folder)
    days = s.get("/api/v1/s/time")
    assert s.stop() == 0
    assert r.returncode == 0 and "2026.1 已暂存，还没有施行" in r.stdout.decode(), r.stderr.decode()
    assert again.returncode == 0 and "以前暂存过" in again.stdout.decode()
    out = listed.stdout.decode()
    assert listed.returncode == 0 and "今天施行：2019.60.1" in out and "2026.1  暂存在 s/policies/2026.1" in out, out
    assert '"version":"2019.60.1"' in days and '"total":70' in days
    pathlib.Path(f"{folder}/2026.1/items.yaml").open("a").write("# 改动\n")
    r = run(["policy", "stage", "2026.1", *last], folder)
    assert r.returncode == 2 and "换一个版本号" in r.stderr.decode()


def test_a_package_with_mistakes_is_not_staged(folder):
    store(folder)
    bad = pathlib.Path(folder) / next_package(folder, "2026.1") / "categories.yaml"
    bad.write_text(bad.read_text(encoding="utf-8").replace("total: 69", "total: 68"), encoding="utf-8")
    r = run(["policy", "stage", "2026.1", "--store", "s", "--policy", policy], folder)
    assert r.returncode == 1 and "categories.yaml:" in r.stderr.decode(), r.stderr.decode()
    assert not pathlib.Path(f"{folder}/s/policies").exists()
    r = run(["policy", "stage", "--store", "s", "--policy", policy], folder)
    assert r.returncode == 2 and "写明政策包的目录" in r.stderr.decode()
    r = run(["policy", "stage", "nowhere", "--store", "s", "--policy", policy], folder)
    assert r.returncode == 2 and "没有目录 nowhere" in r.stderr.decode()


def test_a_staged_folder_that_was_changed_stops_the_program_and_names_it(folder):
    store(folder)
    last = ["--store", "s", "--policy", policy]
    assert run(["policy", "stage", next_package(folder, "2026.1"), *last], folder).returncode == 0
    file = pathlib.Path(f"{folder}/s/policies/2026.1/holidays.csv")
    was = file.read_bytes()
    file.write_bytes(was[:-1])
    for verb in ("serve", "verify", "rebuild"):
        r = run([verb, *last], folder)
        assert r.returncode == 2 and "暂存的政策包 2026.1 不能用" in r.stderr.decode(), r.stderr.decode()
    assert run(["policy", "check", "--quiet", "--policy", policy], folder).returncode == 0
    file.write_bytes(was)
    assert run(["verify", *last], folder).returncode == 0


def test_a_demonstration_says_so_on_every_page_and_on_the_terminal(folder):
    store(folder, demo=True)
    s = Server(folder, "--clock", "2026-11-25T09:30")
    assert "这是演示存储，数据均为示例" in s.text and "Yichuang-2026" in s.text
    pages = [s.get(p) for p in ("/", "/login", "/track", "/s/time", "/signup", "/nowhere", "/privacy")]
    assert s.stop() == 0
    assert all("演示系统：项目、人员和时间都是示例，不具有法律效力。" in p for p in pages)


def test_the_store_of_a_running_server_is_busy_and_can_still_be_verified(folder):
    store(folder, demo=True)
    s = Server(folder)
    second = run(["serve", "--store", "s", "--policy", policy, "--port", "0"], folder)
    rebuild = run(["rebuild", "--store", "s", "--policy", policy], folder)
    verify = run(["verify", "--store", "s", "--policy", policy], folder)
    port = run(["serve", "--store", "s", "--policy", policy, "--port", str(s.port)], folder)
    s.stop()
    assert second.returncode == 75 and rebuild.returncode == 75 and port.returncode == 75, (second, rebuild, port)
    assert "错误：" in second.stderr.decode(), second.stderr.decode()
    assert verify.returncode == 0, verify.stdout.decode()


def test_a_taken_port_is_named(folder):
    store(folder)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        r = run(["serve", "--store", "s", "--policy", policy, "--port", str(port)], folder)
    assert r.returncode == 75 and f"端口 {port} 已被占用" in r.stderr.decode(), r


def test_listening_beyond_this_machine_needs_the_option(folder):
    store(folder)
    r = run(["serve", "--store", "s", "--policy", policy, "--port", "0", "--listen", "0.0.0.0"], folder)
    assert r.returncode == 2 and "--listen-anywhere" in r.stderr.decode(), r
    r = run(["serve", "--store", "s", "--policy", policy, "--port", "0", "--listen", "[::]"], folder)
    assert r.returncode == 2 and "--listen-anywhere" in r.stderr.decode(), r
    s = Server(folder, "--listen", "0.0.0.0", "--listen-anywhere")
    ok = s.get("/health")
    assert s.stop() == 0 and ok.startswith("HTTP/1.1 200")


def test_behind_tls_cookies_are_for_encrypted_connections_only(folder):
    store(folder)
    s = Server(folder, "--behind-tls")
    page = s.get("/login")
    s.stop()
    assert re.search(r"Set-Cookie: __Host-csrf=[0-9a-f]+; Path=/; HttpOnly; SameSite=Lax; Secure", page), page[:900]
    assert "Strict-Transport-Security: max-age=31536000" in page


def test_a_signal_lets_a_request_finish(folder):
    for number in (signal.SIGTERM, signal.SIGINT):
        with tempfile.TemporaryDirectory() as own:
            store(own)
            s = Server(own)
            with socket.create_connection(("127.0.0.1", s.port), 5) as c:
                c.sendall(b"GET /health HTTP/1.1\r\nHo")
                time.sleep(0.1)
                s.proc.send_signal(number)
                time.sleep(0.3)
                late = s.get("/health")
                assert late.startswith("HTTP/1.1 503") and "Retry-After: 5" in late, late[:200]
                c.sendall(b"st: x\r\n\r\n")
                answer = c.recv(4096).decode()
            assert answer.startswith("HTTP/1.1 200") and "Connection: close" in answer, answer
            assert s.proc.wait(20) == 0


def on_terminal(args, folder, env=None, keys=()):
    """The program on a terminal of its own: what it wrote there."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update(env or {})
        os.execv(program, [program, *args])
    out, keys = b"", list(keys)
    while True:
        try:
            part = os.read(fd, 4096)
        except OSError:
            break
        if not part:
            break
        out += part
        if keys and out.endswith("：".encode()):  # a prompt; what is typed before it is dropped
            time.sleep(0.05)
            os.write(fd, keys.pop(0))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return code, out.decode()


def test_a_password_typed_on_a_terminal_is_not_shown_and_asked_twice(folder):
    store(folder)
    add = ["user", "add", "--store", "s", "--policy", policy, "--id", "admin", "--name", "管理员", "--role", "sysadmin"]
    code, out = on_terminal(add, folder, keys=[b"Good-Password-9\n", b"Good-Password-8\n"])
    assert code == 2 and "两次输入的口令不一样" in out and "Good-Password" not in out, out
    code, out = on_terminal(add, folder, keys=[b"Good-Password-9\n", b"Good-Password-9\n"])
    assert code == 0 and "已建账号 admin" in out and "Good-Password" not in out, out


def test_progress_is_shown_on_a_terminal_and_not_in_a_file(folder):
    demo = ["demo", "--policy", policy, "--day", "2026-11-24", "--projects", "5"]
    code, out = on_terminal([*demo, "--store", "a"], folder)
    assert code == 0 and "生成演示数据" in out and "%" in out, out[:300]
    code, out = on_terminal([*demo, "--store", "b", "--quiet"], folder)
    assert code == 0 and "生成演示数据" not in out
    r = run([*demo, "--store", "c"], folder)
    assert r.returncode == 0 and "生成演示数据" not in r.stderr.decode() + r.stdout.decode()


def test_colour_is_for_terminals_that_want_it(folder):
    store(folder)
    serve = ["serve", "--store", "s", "--policy", policy, "--port", "0"]

    def started(env):
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(folder)
            for name in ("NO_COLOR", "TERM"):
                os.environ.pop(name, None)
            os.environ.update(env)
            os.execv(program, [program, *serve])
        out = b""
        while "Ctrl-C".encode() not in out:
            out += os.read(fd, 4096)
        os.kill(pid, signal.SIGTERM)
        try:
            while os.read(fd, 4096):
                pass
        except OSError:
            pass
        os.waitpid(pid, 0)
        os.close(fd)
        return out
    assert b"\x1b[" in started({"TERM": "xterm"})
    assert b"\x1b[" not in started({"TERM": "xterm", "NO_COLOR": "1"})
    assert b"\x1b[" not in started({"TERM": "dumb"})
    s = Server(folder)
    s.stop()
    assert "\x1b[" not in s.text


def test_a_package_with_a_mistake_is_refused_with_file_line_and_column(folder):
    shutil.copytree(policy, f"{folder}/bad")
    path = pathlib.Path(f"{folder}/bad/categories.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\nnonsense: 1\n", encoding="utf-8")
    r = run(["policy", "check", "bad"], folder)
    assert r.returncode == 1, r
    assert re.search(r"categories\.yaml:\d+:\d+: ", r.stdout.decode()), r.stdout.decode()
    assert run(["serve", "--store", "s", "--policy", "bad"], folder).returncode == 2


def draft_with(folder, name, *changes):
    """A copy of the package with texts of its files replaced."""
    shutil.copytree(policy, f"{folder}/{name}")
    for file, old, new in changes:
        path = pathlib.Path(f"{folder}/{name}/{file}")
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_if_reads_beside_a_running_server_and_changes_nothing(folder):
    store(folder, demo=True)
    draft_with(folder, "sixty",
               ("categories.yaml", "limits: [7, 20, 24, 19]\n    total: 70", "limits: [7, 20, 20, 13]\n    total: 60"),
               ("items.yaml", "limits: {gov-building: 29, renovation: 19}", "limits: {gov-building: 29, industry: 20, renovation: 19}"),
               ("items.yaml", "limits: {industry: 14, renovation: 8}", "limits: {industry: 13, renovation: 8}"),
               ("items.yaml", "limits: {industry: 19, renovation: 12}", "limits: {industry: 13, renovation: 12}"))
    s = Server(folder, "--clock", "2026-11-25T09:30")
    try:
        at = ["whatif", "--store", "s", "--policy", policy, "--clock", "2026-11-25T09:30"]
        r = run([*at, "--draft", "sixty", "--json"], folder)
        assert r.returncode == 0, r
        j = json.loads(r.stdout)
        assert j["as_of"] == "2026-11-25" and j["size"]["projects"] > 0, j["size"]
        for c in j["cells"]:
            shorter = c["category"] == "industry" and c["stage"] in (3, 4)
            assert (c["limit_now"] != c["limit_draft"]) == shorter, c
            assert c["late_draft"] >= c["late_now"] and (shorter or c["late_draft"] == c["late_now"]), c
            assert c["late_now"] <= c["counted_now"] == c["done"] + c["running"], c
        assert j["became_late"] == j["all"]["late_draft"] - j["all"]["late_now"] == len(j["moved"]), j
        assert sum(j["all"]["lamps_draft"].values()) == j["all"]["running"], j["all"]
        same = json.loads(run([*at, "--draft", policy, "--json"], folder).stdout)
        assert not same["moved"] and same["all"]["late_now"] == same["all"]["late_draft"] == j["all"]["late_now"], same
        text = run([*at, "--draft", "sixty", "--quiet"], folder).stdout.decode()
        assert "截至 2026-11-25" in text and "24 → 20" in text and f"共 {j['size']['projects']} 个项目" in text, text
    finally:
        assert s.stop() == 0
    assert run(["verify", "--store", "s", "--policy", policy, "--quiet"], folder).returncode == 0


def test_what_if_says_what_is_wrong_with_a_draft(folder):
    store(folder)
    r = run(["whatif", "--store", "s", "--policy", policy], folder)
    assert r.returncode == 2 and "--draft" in r.stderr.decode(), r
    r = run(["whatif", "--store", "s", "--policy", policy, "--draft", "nowhere"], folder)
    assert r.returncode == 2 and "nowhere" in r.stderr.decode(), r
    draft_with(folder, "short", ("categories.yaml", "limits: [7, 20, 24, 19]", "limits: [6, 20, 24, 19]"))
    r = run(["whatif", "--store", "s", "--policy", policy, "--draft", "short"], folder)
    assert r.returncode == 2 and re.search(r"categories\.yaml:\d+:\d+: ", r.stderr.decode()), r
    assert run(["whatif", "--store", "none", "--policy", policy, "--draft", policy], folder).returncode == 2
    r = run(["whatif", "--store", "s", "--policy", policy, "--draft", policy, "--clock", "2026-11-25T09:30"], folder)
    assert r.returncode == 2 and "演示存储" in r.stderr.decode(), r
    r = run(["whatif", "--store", "s", "--policy", policy, "--draft", policy], folder)
    assert r.returncode == 75 and "rebuild" in r.stderr.decode(), r
    assert run(["rebuild", "--store", "s", "--policy", policy, "--quiet"], folder).returncode == 0
    r = run(["whatif", "--store", "s", "--policy", policy, "--draft", policy], folder)
    assert r.returncode == 0 and "0 个项目" in r.stdout.decode(), r


def test_backup_and_export_work_beside_a_running_server(folder):
    store(folder, demo=True)
    s = Server(folder, "--clock", "2026-11-25T09:30")
    try:
        r = run(["backup", "copy", "--store", "s", "--with-key"], folder)
        assert r.returncode == 0, r
        assert run(["export", "one.jsonl", "--store", "s"], folder).returncode == 0
        r = run(["compact", "--store", "s"], folder)
        assert r.returncode == 75 and "停止服务" in r.stderr.decode(), r
        assert s.get("/login").startswith("HTTP/1.1 200"), s.get("/login")[:200]
    finally:
        assert s.stop() == 0
    r = run(["restore", "copy", "--store", "back", "--policy", policy, "--quiet"], folder)
    assert r.returncode == 0, r
    one = pathlib.Path(folder, "one.jsonl").read_bytes()
    again = run(["export", "-", "--store", "back"], folder).stdout
    assert again == one and one.count(b"\n") > 2, (again, one)
    bad = one.replace(b'"kind":"', b'"kind":"x', 1)
    r = subprocess.run([program, "import", "-", "--store", "new", "--policy", policy], cwd=folder, input=bad, capture_output=True)
    assert r.returncode == 2 and "第 2 行" in r.stderr.decode(), r
    with open(f"{folder}/copy/journal.db", "r+b") as f:
        f.seek(5000)
        f.write(b"?")
    r = run(["restore", "copy", "--store", "back2", "--policy", policy, "--quiet"], folder)
    assert r.returncode == 1 and "copy/journal.db" in r.stderr.decode(), r
    assert not os.path.exists(f"{folder}/back2")


def test_a_full_disk_stops_writing_while_reading_goes_on(folder):
    at = ["--store", "s", "--policy", policy]
    store(folder)
    for who in ("admin", "second", "third"):
        r = run(["user", "add", *at, "--id", who, "--name", "某", "--role", "sysadmin"], folder, "Good-Password-9\n")
        assert r.returncode == 0, r
    token = re.search("[A-Za-z0-9_-]{43}", run(["user", "token", *at, "--id", "admin", "--name", "t"], folder).stdout.decode())[0]

    def disable(who, key):
        body = json.dumps({"stream": f"user/{who}", "args": {}}).encode()
        return s.send(f"POST /api/v1/commands/user.disable HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
                      f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    s = Server(folder)
    try:
        assert s.get("/health").startswith("HTTP/1.1 200")
        before = run(["export", "-", "--store", "s"], folder).stdout
        hard = resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE, (4096, hard))  # as a disk that takes nothing more
        r = disable("second", "disable-second")
        assert r.startswith("HTTP/1.1 507") and "只读" in r, r
        resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE, (hard, hard))
        r = disable("third", "disable-third")
        assert r.startswith("HTTP/1.1 507"), r  # though the disk would take it again
        assert s.get("/login").startswith("HTTP/1.1 200")  # reading goes on
        assert s.get("/health").startswith("HTTP/1.1 503")
        assert run(["export", "-", "--store", "s"], folder).stdout == before  # untouched
        assert "已转为只读" in pathlib.Path(f"{folder}/s/readonly.log").read_text()
    finally:
        assert s.stop() == 0
    s = Server(folder)
    try:
        r = disable("second", "disable-second")
        assert r.startswith("HTTP/1.1 200"), r
    finally:
        assert s.stop() == 0
    assert run(["verify", *at, "--quiet"], folder).returncode == 0


def test_every_verb_explains_itself_and_its_exit_codes_are_told(folder):
    text = run(["help"], folder).stdout.decode()
    verbs = re.findall(r"^  ([a-z]+(?: [a-z-]+)?) {2,}", text.split("\n选项")[0], re.M)
    assert {"serve", "init", "demo", "verify", "rebuild", "policy check", "user add", "help"} <= set(verbs), verbs
    assert "退出码：0 完成；1 核对或检查发现问题" in text and "2 命令写错" in text and "；75 " in text, text
    for verb in verbs:
        r = run([*verb.split(), "--help"], folder)
        out = r.stdout.decode()
        assert r.returncode == 0 and out.startswith(f"用法：yichuang {verb}"), (verb, out)
        assert len(re.findall("[\u4e00-\u9fff]", out)) > 8, out
        assert run(["help", *verb.split()], folder).stdout == r.stdout, verb
        for option in re.findall(r"--([a-z-]+)", out.split("\n")[0]):
            assert f"\n  --{option}" in out, f"{verb}: --{option} is not explained"
        assert "退出码" in out, verb


signal.alarm(900)  # nothing here may wait for ever; a loaded machine took over two minutes
for path in sorted(here.glob("*.txt")):
    play(path)
for _name, _test in list(globals().items()):
    if _name.startswith("test_"):
        with tempfile.TemporaryDirectory() as _folder:
            try:
                started = time.time()
                _test(_folder)
                report(True, _name)
                if time.time() - started > 1:
                    print(f"  {_name}: {time.time() - started:.1f} s", file=sys.stderr)
            except Exception as e:  # a test that stops must not stop the others
                report(False, _name, f"{type(e).__name__}: {e}")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
