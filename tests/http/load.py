# SPDX-License-Identifier: Apache-2.0
"""Many at once: connections of one address, one form sent many times together."""
import threading
import time

import client


def test_more_than_two_hundred_connections_of_one_address_are_turned_away():
    held = []
    turned = None
    try:
        for _ in range(230):
            held.append(client.connect())
        for s in held[180:]:
            s.settimeout(0.3)
            try:
                data = s.recv(4096)
            except (TimeoutError, ConnectionResetError):
                continue
            if data:
                turned = data
                break
        assert turned, "all 230 connections are open"
        assert turned.startswith(b"HTTP/1.1 503 ") and b"Retry-After: 5" in turned, turned[:200]
        assert "连接过多" in turned.decode(), turned
    finally:
        for s in held:
            s.close()
    for _ in range(50):  # they are free again
        time.sleep(0.05)
        w = client.Wire(2)
        w.send(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        r = w.reply()
        w.close()
        if r and r.status == 200:
            return
    raise AssertionError("the places were not given back")


def together(jobs):
    threads = [threading.Thread(target=j) for j in jobs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def test_one_form_sent_eight_times_together_makes_one_project():
    jar = client.as_user("owner3")
    page = jar.get("/my/new").text
    before = client.as_user("wu").get("/api/v1/w/projects").json["total"]
    import api
    fields = api.registration(page, "2019-211403-47-03-012399", "并发登记示例")
    replies = []

    def once():
        one = client.Jar()
        one.cookies, one.csrf, one.key = dict(jar.cookies), jar.csrf, jar.key
        replies.append(one.post("/my/new", fields))
    together([once] * 8)
    assert {r.status for r in replies} == {303}, [r.status for r in replies]
    assert len({r.get("location") for r in replies}) == 1, [r.get("location") for r in replies]
    after = client.as_user("wu").get("/api/v1/w/projects").json["total"]
    assert after == before + 1, (before, after)


def test_two_people_decide_at_once_and_one_of_them_wins():
    from api import dispatched
    no, item, unit = dispatched("2019-211403-47-03-012388")
    jar = client.as_user(f"ap-{unit}")
    path = f"/w/t/{no}/1/{item}"
    jar.get(path)
    assert jar.post(path, [("act", "take")]).status == 303
    page = jar.get(path).text
    seen = dict(client.fields_of(page)).get("seen")
    replies = []

    def pause(n):
        one = client.Jar()
        one.cookies, one.csrf = dict(jar.cookies), jar.csrf
        replies.append(one.post(path, [("act", "pause"), ("seen", seen), ("cause", api_cause(page)), ("planned", "2026-12-02"),
                                       ("notice", f"第 {n} 份书面告知：需要专家评审"), ("key", f"pause-at-once-{n}")]))
    together([lambda n=n: pause(n) for n in range(6)])
    codes = sorted(r.status for r in replies)
    assert codes == [303] + [409] * 5, codes
    for r in replies:
        if r.status == 409:
            assert "办理过这个事项" in r.text and "2026-11-25" in r.text, r.text[-2000:]
            assert "份书面告知：需要专家评审" in r.text, "what was typed is gone"


def api_cause(page):
    import re
    return re.search(r'<option value="([\w-]+)"', page.split('id="cause"')[1])[1]


for _name in [n for n in globals() if n.startswith("test_")]:
    globals()[_name] = (lambda f: lambda tokens: f())(globals()[_name])
