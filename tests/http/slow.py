# SPDX-License-Identifier: Apache-2.0
"""Clients that are slow on purpose. They begin first and are looked at last, so that their ten seconds pass
while the other tests run."""
import time

import client


def begin():
    head = client.Wire(20)
    head.send(b"GET / HTTP/1.1\r\nHost: x\r\n")  # and the rest never comes
    body = client.Wire(20)
    jar = client.Jar()
    jar.get("/login")
    body.send(jar.head("POST", "/login", {}, 400000, "application/x-www-form-urlencoded") + b"account=")
    return {"at": time.time(), "head": head, "body": body}


def finish(w, report):
    for name, what in (("head", "a head that does not end is answered with 408 after ten seconds"),
                       ("body", "a body that does not come is answered with 408")):
        r = w[name].reply()
        took = time.time() - w["at"]
        ok = r and r.status == 408 and "请求超时" in r.text and r.get("connection") == "close" and 8 < took < 25
        report(bool(ok), what, f"{r and r.status} after {took:.1f} s")
        w[name].close()
