# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/1.1 client that hides nothing: raw bytes out, status, headers and body back. Each reply is also
checked for what every reply of the program must have (see `always`)."""
import gzip
import html
import json
import re
import socket

HOST = "127.0.0.1"
PORT = 0
PASSWORD = "Yichuang-2026"
BANNER = "演示系统：项目、人员和时间都是示例"
ENGLISH_BANNER = "Demonstration system: projects, people and times are samples"
faults = []  # what `always` found; the runner adds them to the test that was running


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def get(self, name):
        return "\n".join(v for k, v in self.headers if k == name.lower())

    @property
    def text(self):
        data = gzip.decompress(self.body) if self.get("content-encoding") == "gzip" and self.body else self.body
        return data.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text)


def connect(timeout=10):
    s = socket.create_connection((HOST, PORT), timeout)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


class Wire:
    """One connection, read reply by reply."""

    def __init__(self, timeout=10):
        self.sock, self.left = connect(timeout), b""

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server may refuse before all was sent; its answer is still to be read

    def more(self):
        try:
            data = self.sock.recv(65536)
        except (ConnectionResetError, socket.timeout):
            data = b""
        self.left += data
        return data

    def reply(self, head_only=False):
        """None when the connection ended without a reply."""
        while b"\r\n\r\n" not in self.left:
            if not self.more():
                return None
        head, self.left = self.left.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = [(k.lower(), v.strip()) for k, v in (line.split(":", 1) for line in lines[1:])]
        r = Reply(status, headers, b"")
        if status == 100:
            return r
        length = 0 if head_only or status == 304 else int(r.get("content-length") or 0)
        while len(self.left) < length:
            if not self.more():
                faults.append(f"{status}: the body is shorter than Content-Length")
                break
        r.body, self.left = self.left[:length], self.left[length:]
        always(r, head_only)
        return r

    def ended(self):
        return not self.left and not self.more()

    def close(self):
        self.sock.close()


def always(r, head_only):
    """True of every reply: strict headers; pages of a demonstration store say so; a refusal speaks Chinese."""
    def must(ok, what):
        if not ok:
            faults.append(f"reply {r.status}: {what}")
    csp = r.get("content-security-policy")
    must("default-src" in csp and "unsafe-" not in csp, f"Content-Security-Policy: {csp!r}")
    must("frame-ancestors 'none'" in csp or csp.startswith("sandbox"), f"frame-ancestors: {csp!r}")
    must(r.get("x-content-type-options") == "nosniff", "X-Content-Type-Options")
    must(r.get("referrer-policy") == "same-origin", "Referrer-Policy")
    must(r.get("x-frame-options") == "DENY", "X-Frame-Options")
    must(r.get("server") == "", "no Server header")
    for cookie in r.get("set-cookie").split("\n"):
        must(not cookie or ("HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie), f"cookie {cookie!r}")
    if head_only or r.status == 304:
        return
    kind, text = r.get("content-type"), r.text
    if kind.startswith("text/html"):
        must(BANNER in text or ENGLISH_BANNER in text, "the banner of a demonstration store")
        must(not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=", text), "inline script or style")
    if r.status >= 400:
        must('lang="en"' in text or len(re.findall("[\u4e00-\u9fff]", text)) >= 3, f"no Chinese sentence: {text[:80]!r}")
        if kind.startswith("application/json"):
            j = json.loads(text)
            must(isinstance(j.get("error"), str) and j.get("detail"), f"error and detail: {text[:120]}")
            must(set(j) <= {"error", "detail", "field", "clause", "ref"}, f"members of an error: {sorted(j)}")


def raw(data, timeout=10):
    """Sends bytes on a fresh connection; the first reply."""
    w = Wire(timeout)
    w.send(data)
    r = w.reply()
    w.close()
    return r


class Jar:
    """One browser: cookies, and the tokens of the page it saw last."""

    def __init__(self):
        self.cookies, self.csrf, self.key, self.shown, self.base = {}, "", "", "", []
        self.wire = None

    def head(self, method, path, extra, length=None, kind=None):
        headers = {"Host": f"{HOST}:{PORT}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if length is not None:
            headers["Content-Length"] = str(length)
        if kind:
            headers["Content-Type"] = kind
        headers.update(self.base)
        headers.update(extra or {})
        lines = [f"{method} {path} HTTP/1.1"] + [f"{k}: {v}" for k, v in headers.items() if v != ""]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def send(self, method, path, extra=None, body=None, kind=None):
        data = self.head(method, path, extra, None if body is None else len(body), kind) + (body or b"")
        for _ in range(2):
            fresh = self.wire is None
            self.wire = self.wire or Wire()
            self.wire.send(data)
            r = self.wire.reply(head_only=method == "HEAD")
            if r and r.status == 100:
                r = self.wire.reply()
            if r:
                break
            self.wire.close()  # an idle connection may have been ended; a fresh one must answer
            self.wire = None
            if fresh:
                raise AssertionError(f"{method} {path}: no reply")
        if r.get("connection") == "close":
            self.wire.close()
            self.wire = None
        self.learn(r)
        return r

    def learn(self, r):
        for line in r.get("set-cookie").split("\n"):
            m = re.match(r"([\w-]+)=([^;]*)", line)
            if m and "Max-Age=0" in line:
                self.cookies.pop(m[1], None)
            elif m:
                self.cookies[m[1]] = m[2]
        if not r.get("content-type").startswith("text/html") or not r.body:
            return
        m = re.search(r'name="csrf" value="([0-9a-f]{64})"', r.text)
        self.csrf = m[1] if m else self.csrf
        m = re.search(r'name="key" value="([\w-]+)"', r.text)
        self.key = m[1] if m else self.key
        m = re.search(r'name="shown" value="(\d+)"', r.text)
        self.shown = m[1] if m else self.shown

    def get(self, path, extra=None):
        return self.send("GET", path, extra)

    def post(self, path, fields, extra=None, csrf=True, key=True):
        return self.send("POST", path, extra, form(self.with_tokens(fields, csrf, key)), "application/x-www-form-urlencoded")

    def with_tokens(self, fields, csrf=True, key=True):
        fields, names = list(fields), [f[0] for f in fields]
        if csrf and "csrf" not in names:
            fields.append(("csrf", self.csrf))
        if key and "key" not in names:
            fields.append(("key", self.key))
        if self.shown and "shown" not in names:
            fields.append(("shown", self.shown))
        return fields

    def files(self, path, fields, files, extra=None):
        """files: (name, filename, bytes)."""
        mark = "x1y2z3boundary"
        out = b""
        for name, value in self.with_tokens(fields):
            out += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, filename, data in files:
            out += (f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
                    "Content-Type: application/octet-stream\r\n\r\n").encode() + data + b"\r\n"
        out += f"--{mark}--\r\n".encode()
        return self.send("POST", path, extra, out, f"multipart/form-data; boundary={mark}")

    def login(self, account, password=PASSWORD):
        self.get("/login")
        return self.post("/login", [("account", account), ("password", password)], key=False)

    def api(self, path, body=None, extra=None):
        """With a token in `base`: GET a view, or POST JSON."""
        if body is None:
            return self.send("GET", f"/api/v1{path}", extra)
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return self.send("POST", f"/api/v1{path}", extra, data, "application/json")


def form(fields):
    def quote(s):
        return "".join(chr(b) if chr(b).isalnum() and b < 128 else f"%{b:02X}" for b in s.encode())
    return "&".join(f"{quote(k)}={quote(v)}" for k, v in fields).encode()


def fields_of(page):
    """What a form of the page would send now: hidden fields, texts, the checked choices."""
    out = []
    for tag in re.findall(r"<input\b[^>]*>", page):
        a = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if a.get("type") in ("file", "submit") or "name" not in a:
            continue
        if a.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        out.append((a["name"], html.unescape(a.get("value", ""))))
    for name, value in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page):
        out.append((name, html.unescape(value)))
    return out


jars = {}


def as_user(account):
    """A browser in which this account has logged in; one for the whole run."""
    if account not in jars:
        jar = jars[account] = Jar()
        r = jar.login(account)
        assert r.status == 303, f"login of {account}: {r.status}"
    return jars[account]
