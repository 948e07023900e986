# SPDX-License-Identifier: Apache-2.0
"""Transcripts: text files that read like a conversation.

  == a sentence                 a test begins; the browser is a new one that nobody has logged in
  as wang                       the browser in which wang has logged in
  token wang                    a client of the interface with the token of wang's account
  GET /path                     send; PUT, HEAD, … likewise; POST sends the form below it
  H Name: value                 a header of that request (an empty value takes a default one away)
  + field=value                 a form field; csrf and key of the page seen last are added by themselves
  -csrf  -key                   … unless this stands below the request
  @ field=filename|content      a file; the form becomes multipart
  J {"a":1}                     a JSON body instead
  B type|bytes                  a body of that Content-Type as it stands
  raw                           the lines "> …" that follow, each ended by CR LF ("> a\\" without), on a new connection
  next                          the following reply on that connection; `end` expects that it was closed
  < 403                         the status
  < Name: text                  a header holds the text;  < Name=: text  it is the text;  <! Name  it is absent
  < Name: 890..900              a header is a number from one to the other
  ~ text    !~ text             the body holds the text, or does not
  ? name = regex                keeps the first group as {name}
  = json.path value             a member of the JSON body

{host} is the address; in raw lines \\r \\n \\t \\0 \\xNN are bytes, and {8*ab} is "ab" eight times."""
import json
import re

import client


class Fail(Exception):
    pass


def repeat(s):
    return re.sub(r"\{(\d+)\*([^}]*)\}", lambda m: m[2] * int(m[1]), s)


def unescape(s):
    named = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}
    out = []
    for part in re.split(r"(\\x[0-9a-f]{2}|\\[rnt0\\])", repeat(s)):
        if re.fullmatch(r"\\x[0-9a-f]{2}", part):
            out.append(bytes([int(part[2:], 16)]))
        else:
            out.append(named.get(part[1:], part.encode()) if part.startswith("\\") else part.encode())
    return b"".join(out)


def plain(page):
    main = page.split("<main", 1)[-1].split("</main>")[0]
    return re.sub(r"<[^>]*>|\s+", " ", main)[:400]


class Run:
    def __init__(self, tokens):
        self.tokens, self.vars = tokens, {}
        self.begin()

    def begin(self):
        self.jar, self.reply, self.wire = client.Jar(), None, None
        self.clear()

    def clear(self):
        self.request, self.headers, self.fields, self.files, self.body, self.plain = None, {}, [], [], None, None
        self.csrf = self.key = True
        self.raw = None

    def fill(self, s):
        s = s.replace("{host}", f"{client.HOST}:{client.PORT}")
        return re.sub(r"\{([a-z_]+)\}", lambda m: self.vars.get(m[1], {"csrf": self.jar.csrf, "key": self.jar.key}.get(m[1], m[0])), s)

    def flush(self):
        """Sends what has been gathered."""
        if self.raw is not None:
            self.wire = client.Wire()
            self.wire.send(self.raw)
            self.reply = self.wire.reply()
            if not self.reply:
                raise Fail("closed without a reply")
        elif self.request:
            method, path = self.request
            if self.files:
                self.reply = self.jar.files(path, self.fields, self.files, self.headers)
            elif self.body:
                self.reply = self.jar.send(method, path, self.headers, self.body[1], self.body[0])
            elif method == "POST":
                self.reply = self.jar.post(path, self.fields, self.headers, self.csrf, self.key)
            else:
                self.reply = self.jar.send(method, path, self.headers)
        else:
            return
        self.clear()

    def header(self, rest):
        if re.fullmatch(r"\d{3}", rest):
            if self.reply.status != int(rest):
                raise Fail(f"status {self.reply.status}, not {rest}: {plain(self.reply.text)}")
            return
        name, value = rest.split(":", 1)
        if name.endswith("="):
            if value.strip() != self.reply.get(name[:-1]):
                raise Fail(f"{name}: {self.reply.get(name[:-1])!r}")
        elif between := re.fullmatch(r" *(\d+)\.\.(\d+)", value):
            if not int(between[1]) <= int(self.reply.get(name) or -1) <= int(between[2]):
                raise Fail(f"{name}: {self.reply.get(name)!r}")
        elif value.strip() not in self.reply.get(name):
            raise Fail(f"{name}: {self.reply.get(name)!r}")

    def member(self, rest):
        path, want = rest.split(" ", 1)
        v = self.reply.json
        for part in path.split("."):
            v = v[int(part)] if isinstance(v, list) else v.get(part)
        if str(v) != want and json.dumps(v, ensure_ascii=False) != want:
            raise Fail(f"{path} is {v!r}")

    def expect(self, sign, rest):
        self.flush()
        if not self.reply:
            raise Fail("no reply")
        if sign == "<":
            self.header(rest)
        elif sign == "<!":
            if self.reply.get(rest):
                raise Fail(f"{rest}: {self.reply.get(rest)}")
        elif sign == "=":
            self.member(rest)
        elif sign == "?":
            name, pattern = (s.strip() for s in rest.split("=", 1))
            m = re.search(pattern, self.reply.text) or re.search(pattern, self.reply.get("location"))
            if not m:
                raise Fail(f"nothing like {pattern}")
            self.vars[name] = m[1]
        elif (rest in self.reply.text) != (sign == "~"):
            raise Fail(f"{sign} {rest}: {plain(self.reply.text)}")

    def build(self, word, rest):
        """Lines that add to the request above them."""
        if word == "H":
            name, value = rest.split(":", 1)
            self.headers[name] = value.strip()
        elif word == "+":
            self.fields.append(tuple(repeat(rest).split("=", 1)))
        elif word == "@":
            name, file = rest.split("=", 1)
            filename, content = file.split("|", 1)
            self.files.append((name, filename, unescape(content)))
        elif word == "J":
            self.body = ("application/json", repeat(rest).encode())
        elif word == "B":
            kind, content = rest.split("|", 1)
            self.body = (kind, unescape(content))
        elif word == "-csrf":
            self.csrf = False
        elif word == "-key":
            self.key = False
        elif word == ">":
            self.raw += unescape(rest[:-1]) if rest.endswith("\\") else unescape(rest) + b"\r\n"
        else:
            return False
        return True

    def line(self, line):
        word, _, rest = line.partition(" ")
        rest = self.fill(rest)
        if self.build(word, rest):
            return
        if word in ("<", "<!", "~", "!~", "?", "="):
            self.expect(word, rest)
            return
        self.flush()
        if word == "as":
            self.jar = client.as_user(rest)
        elif word == "token":
            self.jar = client.Jar()
            self.jar.base = {"Authorization": f"Bearer {self.tokens[rest]}"}
        elif word == "raw":
            self.raw = b""
        elif word == "next":
            self.reply = self.wire.reply()
        elif word == "end":
            if not self.wire.ended():
                raise Fail("the connection is still open")
        elif word.isupper() and rest.startswith(("/", "*", "http")):
            self.request = (word, rest)
        else:
            raise Fail(f"what is “{line}”?")


def play(path, tokens, report):
    run, name, bad = Run(tokens), None, None

    def finish():
        nonlocal bad
        if name is None:
            return
        if bad is None:
            try:
                run.flush()
            except (Fail, AssertionError, KeyError, IndexError) as e:
                bad = str(e)
        report(bad is None, f"{path.name}: {name}", bad or "")

    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("== "):
            finish()
            name, bad = line[3:], None
            run.begin()
        elif bad is None:
            try:
                run.line(line)
            except (Fail, AssertionError, KeyError, IndexError, AttributeError, ValueError) as e:
                bad = f"line {number}: {line}: {e}"
    finish()
