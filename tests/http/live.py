# SPDX-License-Identifier: Apache-2.0
"""News for open pages: who hears what, that nothing between the page and the first line is lost, and how it ends."""
import re
import time

import api
import client


def listen(jar, path):
    """The stream that a page asks for: a raw connection, its head read."""
    wire = client.Wire(8)
    wire.send(jar.head("GET", path, {"Accept": "text/event-stream"}))
    while b"\r\n\r\n" not in wire.left:
        assert wire.more(), f"{path}: the connection ended: {wire.left[:300]}"
    head, wire.left = wire.left.split(b"\r\n\r\n", 1)
    return head.decode(), wire


def heard(wire, seconds):
    """Is there a line of news within that time?"""
    end = time.monotonic() + seconds
    wire.sock.settimeout(0.5)
    while time.monotonic() < end:
        if b"data:" in wire.left:
            return True
        wire.more()
    return b"data:" in wire.left


def register(account, code, name):
    jar = client.as_user(account)
    r = jar.post("/my/new", api.registration(jar.get("/my/new").text, code, name))
    assert r.status == 303, r.text[:500]
    return int(re.search(r"/my/(\d+)", r.get("location"))[1])


def test_a_page_hears_of_what_was_written_after_it_was_made(_tokens):
    own = register("owner6", "2019-211403-47-03-012410", "实时消息示例一")
    owner, wang = client.as_user("owner6"), client.as_user("wang")
    address = client.html.unescape(re.search(r'data-events="([^"]+)"', owner.get(f"/my/{own}").text)[1])
    assert address.startswith(f"/live?of=project/{own}&from="), address
    head, first = listen(owner, address)
    assert " 200 " in head and "text/event-stream" in head and "Content-Length" not in head, head
    whole = re.search(r'data-events="([^"]+)"', wang.get("/w").text)[1]
    _, all_projects = listen(wang, client.html.unescape(whole))
    register("owner7", "2019-211403-47-03-012411", "实时消息示例二")
    assert heard(all_projects, 6), "the window hears of any project"
    assert not heard(first, 1.5), "the owner of another project hears nothing"
    page = client.html.unescape(re.search(r'data-events="([^"]+)"', owner.get(f"/my/{own}").text)[1])
    behind = re.sub(r"from=\d+", "from=1", page)
    _, late = listen(owner, behind)
    assert heard(late, 6), "what was written between the page and its first line is told"
    for w in (first, all_projects, late):
        w.close()


def test_nobody_hears_of_what_is_not_his(_tokens):
    own = register("owner6", "2019-211403-47-03-012412", "实时消息示例三")
    other = client.as_user("owner7")
    assert other.get(f"/live?of=project/{own}").status == 404
    assert other.get("/live?of=project").status == 403
    assert other.get("/live?of=user").status == 422
    assert client.Jar().get("/live?of=project").status in (303, 401)
