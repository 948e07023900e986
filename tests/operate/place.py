# SPDX-License-Identifier: Apache-2.0
"""A store, a server and what systemd would do for it."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

program = str(pathlib.Path(sys.argv[1]).resolve())
policy = str(pathlib.Path("policies/huludao").resolve())
os.environ["YICHUANG_CONFIG"] = ""
PASSWORD = "Good-Password-9"
started = []  # servers of the test that runs: none outlives it


def run(args, folder, text="", env=None):
    return subprocess.run([program, *args], cwd=folder, input=text.encode(), capture_output=True, env=dict(os.environ, **(env or {})), timeout=60)


def ok(args, folder, text=""):
    r = run(args, folder, text)
    assert r.returncode == 0, (args, r.stdout.decode(), r.stderr.decode())
    return r.stdout.decode()


AT = ["--store", "s", "--policy", policy]


def make(folder, accounts=("admin",)):
    ok(["init", "--store", "s"], folder)
    for who in accounts:
        ok(["user", "add", *AT, "--id", who, "--name", "某", "--role", "sysadmin"], folder, PASSWORD + "\n")


def token(folder, who="admin"):
    return re.search("[A-Za-z0-9_-]{43}", ok(["user", "token", *AT, "--id", who, "--name", "t"], folder))[0]


class Manager:
    """Listens as systemd does, hands the socket over, hears what the program says."""

    def __init__(self, folder, count=1, unix=False):
        self.sockets = []
        for i in range(count):
            if unix:
                s = socket.socket(socket.AF_UNIX)
                s.bind(f"{folder}/web.sock")
            else:
                s = socket.socket()
                s.bind(("127.0.0.1", 0))
            s.listen(128)
            self.sockets.append(s)
        self.port = 0 if unix else self.sockets[0].getsockname()[1]
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(f"{folder}/notify")
        self.heard = ""
        self.folder = folder

    def start(self, *more, watchdog_us=0):
        env = dict(os.environ, NOTIFY_SOCKET=f"{self.folder}/notify", LISTEN_FDS=str(len(self.sockets)))
        if watchdog_us:
            env["WATCHDOG_USEC"] = str(watchdog_us)
        fds = [s.fileno() for s in self.sockets]

        def before():  # LISTEN_PID is that of the program itself
            high = [os.dup2(fd, 200 + i) for i, fd in enumerate(fds)]
            for i, fd in enumerate(high):
                os.dup2(fd, 3 + i)
                os.close(fd)

        words = ["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", program, "serve", *more]
        self.proc = subprocess.Popen(words, cwd=self.folder, env=env, stdout=open(f"{self.folder}/out", "a"), stderr=open(f"{self.folder}/err", "a"),
                                     close_fds=False, preexec_fn=before)
        started.append(self.proc)
        self.wait_for("READY=1")
        return self

    def wait_for(self, word, seconds=10):
        self.ear.settimeout(seconds)
        seen = ""
        while word not in seen:
            seen = self.ear.recv(4096).decode()
            self.heard += seen

    def stop(self):
        self.proc.send_signal(signal.SIGTERM)
        return self.proc.wait(20)

    def close(self):
        for s in [*self.sockets, self.ear]:
            s.close()


class Server:
    def __init__(self, folder, *more, env=None, at=AT):
        self.folder = folder
        out = pathlib.Path(f"{folder}/out")
        out.write_text("")
        self.proc = subprocess.Popen([program, "serve", *at, "--port", "0", *more], cwd=folder, stdout=out.open("w"), stderr=open(f"{folder}/err", "a"),
                                     env=dict(os.environ, **(env or {})))
        started.append(self.proc)
        for _ in range(200):
            m = re.search(r"http://[^:]*:(\d+)/", out.read_text(encoding="utf-8"))
            if m:
                self.port = int(m[1])
                return
            assert self.proc.poll() is None, pathlib.Path(f"{folder}/err").read_text()
            time.sleep(0.03)
        raise AssertionError("it did not start")

    def get(self, path, **headers):
        return get(self.port, path, **headers)

    def stop(self):
        self.proc.send_signal(signal.SIGTERM)
        return self.proc.wait(20)


def get(port, path, **headers):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    c.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    r = c.getresponse()
    r.text = r.read().decode("utf-8", "replace")
    c.close()
    return r


def command(port, bearer, name, stream, key, args=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        c.request("POST", f"/api/v1/commands/{name}", json.dumps({"stream": stream, "args": args or {}}),
                  {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json", "Idempotency-Key": key})
        r = c.getresponse()
        r.text = r.read().decode()
        return r
    finally:
        c.close()


passed = failed = 0


def play(tests, only):
    global passed, failed
    for name, test in tests:
        if only and not any(o in name for o in only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            began = time.time()
            try:
                test(folder)
                passed += 1
            except Exception as e:  # a test that stops must not stop the others
                failed += 1
                print(f"FAILED {name}\n  {type(e).__name__}: {e}")
            for proc in started:
                if proc.poll() is None:
                    proc.kill()
                    proc.wait()
            started.clear()
            if time.time() - began > 1:
                print(f"  {name}: {time.time() - began:.1f} s", file=sys.stderr)
    return passed, failed
