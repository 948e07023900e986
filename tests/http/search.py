# SPDX-License-Identifier: Apache-2.0
"""Searching finds for each visitor what is his, at once, and for nobody else anything of it."""
import json
import pathlib
import re
import urllib.parse

import api
import client

STARTED = {"submitted", "correction", "accepted", "slip", "running", "decided", "certified", "delivered", "refused", "withdrawn"}


def view(who, path):
    r = who.api(path) if hasattr(who, "api") else who.jar.api(path)
    assert r.status == 200, (path, r.status, r.text)
    return r.json


def public_view(path):
    r = client.Jar().get(f"/api/v1{path}")
    assert r.status == 200, (path, r.status, r.text)
    return r.json


def ask(q, kind, start=0):
    return f"/s?q={urllib.parse.quote(q)}&kind={kind}&from={start}"


def found(read, q, kind):
    """All titles or numbers of a kind, page by page; the total must be their number."""
    cards, total, start = [], None, 0
    while total is None or start < total:
        groups = read(ask(q, kind, start))["groups"]
        page = groups[0] if groups else {"cards": [], "total": 0}
        assert total in (None, page["total"])
        total = page["total"]
        cards += page["cards"]
        start += 20
    assert len(cards) == total, (q, kind, len(cards), total)
    return cards


def readers(tokens):
    names = ["owner", "owner2", "wang", "wu", "sys", "sec", "audit", "ap-development-reform", "ap-natural-resources",
             "ap-housing-construction"]
    return {"": public_view, **{n: api.program(tokens, n).view for n in names}}


def cases(read):
    rows, start = [], 0
    while True:
        page = read(f"/w/projects?from={start}")
        rows += page["projects"]
        if not page.get("next"):
            return rows
        start = page["next"]


def concerned(read, case):
    """Units with an item in it, units that lead a stage that was handed in, and whether a stage was handed in and is not dispatched yet."""
    whole = read(f"/w/p/{case['no']}")
    items, leads, waits = set(), set(), False
    for stage in whole["stages"]:
        items |= {i["unit"] for i in stage.get("items", [])}
        if stage["status"] in STARTED:
            leads.add(stage["n"])
        waits |= stage["status"] in ("submitted", "correction", "accepted", "slip")
    return items, leads, waits


LEADS = {"ap-development-reform": {1}, "ap-natural-resources": {2}, "ap-housing-construction": {3, 4}}


def test_each_visitor_finds_his_cases_and_nobody_elses(tokens):
    read = readers(tokens)
    every = cases(read["wu"])
    numbers = {c["number"] for c in every}
    got = {who: {c["number"] for c in found(read[who], "HLD-0", "case")} for who in read}
    assert len(numbers) > 25 and got["wang"] == numbers and got["wu"] == numbers
    for nobody in ("", "sys", "sec", "audit"):
        assert got[nobody] == set() and found(read[nobody], "HLD", "paper") == [], nobody
    for owner in ("owner", "owner2"):
        own = {p["number"] for p in read[owner]("/my")["projects"]}
        assert own and got[owner] == own, (owner, got[owner] ^ own)
    for unit, stages in LEADS.items():
        for case in every:
            items, leads, waits = concerned(read["wu"], case)
            here = case["number"] in got[unit]
            if unit[3:] in items or leads & stages:
                assert here, (unit, case["number"])
            if here:
                assert unit[3:] in items or leads & stages or waits, (unit, case["number"])
    assert got["ap-housing-construction"] < numbers and got["ap-housing-construction"]


def test_a_name_of_anothers_case_is_not_even_counted(tokens):
    read = readers(tokens)
    mine = read["owner2"]("/my")["projects"][0]
    for q in (mine["name"], mine["number"], mine["name"][:4]):
        assert mine["number"] in {c["number"] for c in found(read["owner2"], q, "case")}
        for who in ("", "owner", "sys"):
            assert mine["number"] not in {c.get("number") for c in found(read[who], q, "case")}, (who, q)
    papers = [c["title"] for c in found(read["owner2"], mine["number"], "paper")]
    assert papers
    number = re.search(r"〔\d+〕\S+", papers[0])[0]
    assert found(read["owner2"], number, "paper") and not found(read["owner"], number, "paper") and not found(read[""], number, "paper")


def test_what_was_acknowledged_is_found_by_the_next_request(tokens):
    owner, read = api.program(tokens, "owner"), readers(tokens)
    name = "鸬鹚码头检索示例"
    assert not found(read["owner"], name, "case")
    api.register(owner, "2304-211403-04-01-137701", name)
    for q in (name, "鸬鹚", "鸬", "2304-211403-04-01-137701", "137701"):
        assert [c["title"] for c in found(read["owner"], q, "case")] == [name], q
        assert len(found(read["wang"], q, "case")) == 1
        for who in ("", "owner2", "sys", "ap-natural-resources"):
            assert not found(read[who], q, "case"), (who, q)


def test_a_published_answer_is_found_by_everybody_and_nothing_else_of_the_problem(tokens):
    answers = public_view("/s/answers")["answers"]
    assert answers, "the demonstration has a published answer"
    for a in answers[:3]:
        cards = found(public_view, a["question"][:12], "answer")
        assert a["question"] in [c["title"] for c in cards], (a, cards)
        assert all(c["acts"][0]["href"] == "/s/answers" for c in cards)
    known = {a["question"] for a in answers}
    for f in api.program(tokens, "wu").view("/w/feedback")["feedbacks"]:
        assert {c["title"] for c in found(public_view, f["subject"][:8], "answer")} <= known, f


def first_shown(q):
    """How it was taken, and the first thing on the page: the answer to a question, or the first card."""
    v = public_view(f"/s?q={urllib.parse.quote(q)}")
    if v.get("answer"):
        return "answer", v["answer"]
    if not v["groups"]:
        return "none", ""
    return v["how"], v["groups"][0]["cards"][0]["title"]


def test_what_people_type_leads_to_what_they_mean(tokens):
    wrong, lines = [], 0
    with open(pathlib.Path(__file__).with_name("queries.txt"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if line.strip() and line[0] != "#"]
    for q, how, want in rows:
        got, shown = first_shown(q)
        lines += 1
        kind, _, said = want.partition(" ")
        if how == "answer":
            fits = got == "answer" and shown["kind"] == kind and said in json.dumps(shown, ensure_ascii=False)
        else:
            fits = got == how and shown == want
        if not fits:
            wrong.append((q, how, want, got, shown))
    assert lines >= 60 and not wrong, wrong


def test_nothing_found_leads_on(tokens):
    html = client.Jar().get("/s?q=" + urllib.parse.quote("xylophone lessons")).text.split("<main")[1]
    for way in ('href="/ask"', 'href="tel:8890"', 'href="/s/list"', 'href="/s/advisor"'):
        assert way in html, way
    near = public_view("/s?q=" + urllib.parse.quote("办个烧烤摊的施工许可咨询"))
    assert near["groups"] or near["near"]


def test_who_is_in_charge_is_answered_for_today_with_its_clause(tokens):
    answer = public_view("/s?q=" + urllib.parse.quote("谁分管建设"))["answer"]
    assert answer["day"] == "2026-11-25" and answer["unit_name"] == "市住房城乡建设局"
    assert [(x["leader"], x["clause"]) for x in answer["leaders"]][:1] == [("马文志", "D63-6")]
    html = client.Jar().get("/s?q=" + urllib.parse.quote("谁分管建设")).text
    assert 'href="/clause/D63-6"' in html and 'href="/s/leaders?unit=housing-construction"' in html


def test_english_pages_say_it_in_english(tokens):
    html = client.Jar().get("/en/s?q=building%20permits").text.split("<main")[1]
    assert "was read as" in html and re.search("construction permit", html, re.I), html[:2000]
    html = client.Jar().get("/en/s?q=office%20hours").text.split("<main")[1]
    assert "Phone, address and hours" in html
    html = client.Jar().get("/en/s?q=documents%20for%20a%20building%20permit").text.split("<main")[1]
    assert re.search(r"\d+ documents", html)


def test_what_nobody_finds_is_counted_without_whose_it_is(tokens):
    api.program(tokens, "owner").jar.get("/s?q=" + urllib.parse.quote("鹈鹕栈桥验收 13800001111"))
    for _ in range(2):
        client.Jar().get("/s?q=" + urllib.parse.quote("鹈鹕栈桥验收 13800001111"))
    client.Jar().get("/s?q=" + urllib.parse.quote("施工许可证"))
    client.Jar().get("/s?q=" + urllib.parse.quote("鹈鹕栈桥验收") + "&kind=case")
    rows = {m["text"]: m for m in view(api.program(tokens, "sys"), "/adm/misses")["misses"]}
    mine = rows["鹈鹕栈桥验收 〔号码〕"]
    assert mine["count"] == 3 and mine["last"] == "2026-11-25" and "验收" in mine["near"]["title"], mine
    assert "施工许可证" not in rows and "鹈鹕栈桥验收" not in rows and not any("138" in t for t in rows), rows
    html = client.as_user("wu").get("/adm/misses").text
    assert "鹈鹕栈桥验收 〔号码〕" in html and "owner" not in html.split("<main")[1]
    assert client.as_user("wang").get("/adm/misses").status == 403 and client.as_user("owner").get("/adm/misses").status == 403
