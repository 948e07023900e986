# SPDX-License-Identifier: Apache-2.0
"""Clients that are slow on purpose. They begin first and are heard on threads of their own, so that their ten seconds
pass while the other tests run."""
import threading
import time

import client

PATIENCE = 300  # seconds: a busy machine may be late, but a server without a deadline never answers


class Slow(threading.Thread):
    def __init__(self, wire):
        super().__init__(daemon=True)
        self.wire, self.at, self.came, self.answer = wire, time.monotonic(), None, None

    def run(self):
        self.answer = self.wire.reply()
        self.came = time.monotonic() - self.at


def begin():
    head = client.Wire(PATIENCE)
    head.send(b"GET / HTTP/1.1\r\nHost: x\r\n")  # and the rest never comes
    body = client.Wire(PATIENCE)
    jar = client.Jar()
    jar.get("/login")
    body.send(jar.head("POST", "/login", {}, 400000, "application/x-www-form-urlencoded") + b"account=")
    slow = {"head": Slow(head), "body": Slow(body)}
    for s in slow.values():
        s.start()
    return slow


def finish(slow, report):
    for name, what in (("head", "a head that does not end is answered with 408 after ten seconds"),
                       ("body", "a body that does not come is answered with 408")):
        s = slow[name]
        s.join()
        r = s.answer
        ok = r and r.status == 408 and "请求超时" in r.text and r.get("connection") == "close" and s.came > 8
        report(bool(ok), what, f"{r and r.status} after {s.came:.1f} s")
        s.wire.close()
