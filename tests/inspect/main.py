# SPDX-License-Identifier: Apache-2.0
"""S18 with its values. `first`: until all have revealed; `drawn`: after the public number; `later`: what is late."""
import datetime
import json
import os
import pathlib
import re
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import client
import draw

TOKENS = dict(t.split("=", 1) for t in os.environ["TOKENS"].split())
KEPT = pathlib.Path(os.environ["WORK"]) / "kept.json"
HEAD = "hd-housing-construction"
PAIR = re.compile(r"LN-\d\d")


def who(account):
    return api.Client(TOKENS, account)


def page(account, path, status=200):
    r = (client.as_user(account) if account else client.Jar()).get(path)
    assert r.status == status, (path, r.status, r.text[:400])
    return r.text


def post(account, path, **fields):
    page(account, path)
    r = client.as_user(account).post(path, [(k, x) for k, v in fields.items() for x in (v if isinstance(v, list) else [v])])
    return r


def uscc_of(account):
    return who(account).view("/my/new")["uscc"]


def file_of(no):
    return page(None, f"/s/random/draw/{no}/file")


def picks_of(no):
    return [[d["object"], d["class"]] + PAIR.findall(d["inspectors"]) for d in who("wu").view(f"/w/random/draw/{no}")["drawn"]]


# ---- a list of 120 projects and 16 inspectors ----------------------------------------------------------------------

def first_120_projects_and_16_inspectors(state):
    for i in range(120):
        account = "owner" if i % 2 else "owner2"
        view = who(account).view("/my/new") if i < 2 else state["view"][account]
        state.setdefault("view", {})[account] = view
        facts = {k[2:]: v for k, v in api.answers(view["fields"]).items()}
        r = who(account).ask("project.register", code=f"2611-211422-04-01-{800000 + i}", name=f"抽查示例 {i}", category="industry", county="jianchang",
                             owner=view["owner"], uscc=view["uscc"], facts=facts, contact_name="钱某", contact_phone="personal:phone", personal={"phone": "13800001234"})
        assert r["stream"].startswith("project/")
    for i in range(1, 17):
        asked = who("sys").ask("access.create", id=f"check{i:02}", name=f"检查员{i}", roles="approver", unit="housing-construction", reason="执法检查人员")
        who("sec").ask("access.approve", asked["stream"])
        r = post(HEAD, "/w/random/pool", act="add", person=f"check{i:02}", cert=f"LN-{i:02}", avoid=uscc_of("owner") if i <= 12 else "")
        assert r.status == 303, r.text[:800]
    assert page("wu", "/w/random/pool").count("检查员") >= 16
    wrong = post(HEAD, "/w/random/pool", act="recuse", cert="LN-13", uscc="91211400MA0000000X", reason="配偶在这家企业任职，应当回避")
    assert wrong.status == 422 and "校验码" in wrong.text and "配偶在这家企业任职" in wrong.text
    who("ap-housing-construction").ask("pool.recuse", "pool/main", status=403, cert="LN-13", uscc=uscc_of("owner"), reason="配偶在这家企业任职，应当回避")
    state.pop("view")


def first_red_listed_firms_have_a_lower_rate(state):
    r = post("wu", "/w/random/pool", **{"act": "class", "uscc": uscc_of("owner2"), "class": "A", "basis": "守信联合激励名单（示例）"})
    assert r.status == 303, r.text[:800]
    public = who("wu").view("/s/random")
    assert [(x["class"], x["rate"]) for x in public["rates"]] == [("A", 3), ("B", 10), ("C", 30), ("D", 100)] and public["sample"] is True
    assert "示例" in page(None, "/s/random") and "国家企业信用信息公示系统（辽宁）" in page(None, "/s/random")


def plan(title, count):
    fields = {"act": "make", "title": title, "items": "施工许可事后检查\n工程质量安全主体责任", "units[]": "housing-construction", "county": "jianchang",
              "count": count, "from": "2026-12-01", "to": "2026-12-31", "basis": "2026 年度抽查工作计划"}
    r = post("wu", "/w/random/new", **fields)
    assert r.status == 303, r.text[:800]
    return int(r.get("location").rsplit("/", 1)[1])


def opened(no, beacon_at="2026-11-27T15:30"):
    r = post("wu", f"/w/random/plan/{no}", **{"act": "open", "parties[]": ["wu", "audit", HEAD], "beacon": "11 月 27 日上证综合指数收盘点位", "beacon_at": beacon_at})
    assert r.status == 303, r.text[:800]
    return int(r.get("location").rsplit("/", 1)[1])


def first_a_plan_is_published_before_anything_is_drawn(state):
    no = state["plan"] = plan("建昌县部门联合抽查", "10")
    page(None, f"/s/random/{no}", 404)
    early = who("wu").ask("draw.open", status=409, plan=no, parties=["wu", "audit"], beacon="收盘点位", beacon_at="2026-11-27T15:30")
    assert "还没有公布" in early["detail"]
    assert post("wu", f"/w/random/plan/{no}", act="publish").status == 303
    assert "建昌县部门联合抽查" in page(None, f"/s/random/{no}") and "建昌县部门联合抽查" in page(None, "/s/random")
    one = post("wu", f"/w/random/plan/{no}", **{"act": "open", "parties[]": "wu", "beacon": "收盘点位", "beacon_at": "2026-11-27T15:30"})
    assert one.status == 422 and "至少要两方" in one.text and "收盘点位" in one.text
    english = client.Jar()
    english.cookies["prefs"] = "..en"
    text = english.get(f"/s/random/{no}").text
    assert "Departments taking part" in text and "Nothing has been drawn yet" in text


def first_the_hash_of_the_list_is_public_before_the_seed(state):
    no = state["draw"] = opened(state["plan"])
    view = client.Jar().get(f"/api/v1/s/random/draw/{no}").json
    text = file_of(no)
    assert view["hash"] == draw.h(text.split("\n\n")[0] + "\n") and view["hash"] in page(None, f"/s/random/draw/{no}")
    assert (view["objects"], view["inspectors"], view["wanted"]) == (120, 16, 10), view
    assert text.count("\nobject ") == 120 and text.count("\ninspector ") == 16 and draw.check(text) == []
    state["hash"] = view["hash"]


def secrets(no, accounts):
    """Each party's commitment and the secret that the page proposes, through the form without JavaScript."""
    out = {}
    for account in accounts:
        html = page(account, f"/w/random/draw/{no}")
        out[account] = re.search(r"本页代拟的暗语</h2><p><code>([0-9a-f]{32})</code>", html).group(1)
        commitment = re.search(r">\s*([0-9a-f]{64})</textarea>", html).group(1)
        assert commitment == draw.h(f"yichuang-draw/1 commit\n{who('wu').view(f'/w/random/draw/{no}')['hash']}\n{account}\n{out[account]}\n")
        r = client.as_user(account).post(f"/w/random/draw/{no}", [("act", "commit"), ("commitment", commitment)])
        assert r.status == 303, r.text[:800]
        assert out[account] not in page(account, f"/w/random/draw/{no}")
    return out


def first_parties_commit_and_then_reveal(state):
    no, parties = state["draw"], ["wu", "audit", HEAD]
    names = {p["id"]: p["name"] for p in who("wu").view(f"/w/random/draw/{no}")["parties"]}
    turn = lambda: next(d["turn"] for d in who("audit").view("/w/random")["draws"] if d["no"] == no)
    for account, home in (("wu", "/w/super"), ("audit", "/audit"), (HEAD, "/w")):
        text = page(account, home)
        assert "双随机抽取等您承诺或揭示 <strong>1</strong>" in text and "最近一次在 2026-11-27 15:30 以前" in text, (account, re.findall("双随机抽取.{90}", text))
        assert not re.search(r"</strong> <span class=.tag tag--bad.>超期 *(?!\d)", text), "late is a number"
    assert "双随机抽取等您承诺或揭示" not in page("ap-housing-construction", "/w")
    assert "等您承诺" in page("audit", "/w/random") and turn() == f"轮到 {'、'.join(names[a] for a in parties)} 承诺", turn()
    known = secrets(no, parties[:2])
    assert turn() == f"轮到 {names[HEAD]} 承诺" and turn() in page("audit", "/w/random")
    assert "双随机抽取等您承诺或揭示" not in page("wu", "/w/super") and "双随机抽取等您承诺或揭示" in page(HEAD, "/w")
    early = post("wu", f"/w/random/draw/{no}", act="reveal", secret=known["wu"])
    assert early.status == 409 and "还没有承诺" in early.text
    known.update(secrets(no, parties[2:]))
    assert "等您揭示" in page("audit", "/w/random")
    wrong = post("wu", f"/w/random/draw/{no}", act="reveal", secret=known["audit"])
    assert wrong.status == 422 and "不符" in wrong.text
    for account in parties:
        assert names[account] in turn() and turn().endswith("揭示")
        assert post(account, f"/w/random/draw/{no}", act="reveal", secret=known[account]).status == 303
    assert "公开的数产生以后" in turn()
    early = who("wu").ask("draw.complete", f"draw/{no}", status=409, value="3021.55")
    assert "到时候再录入" in early["detail"]
    who("leader").ask("draw.commit", f"draw/{no}", status=403, commitment="0" * 64)
    assert client.as_user("owner").get("/w/random").status == 403


def first_one_party_of_another_draw_withholds(state):
    no = state["withheld_plan"] = plan("建昌县专项抽查", "")
    assert post("wu", f"/w/random/plan/{no}", act="publish").status == 303
    other = state["withheld"] = opened(no)
    known = secrets(other, ["wu", "audit", HEAD])
    for account in ("wu", "audit"):
        assert post(account, f"/w/random/draw/{other}", act="reveal", secret=known[account]).status == 303
    assert who("wu").view(f"/w/random/draw/{other}")["wanted"] == 2 + 6  # 3 % of 60 of class A, 10 % of 60 of class B


# ---- after the public number -----------------------------------------------------------------------------------------

def drawn_ten_of_120_and_two_of_16_and_anybody_can_repeat_it(state):
    no = state["draw"]
    r = post("wu", f"/w/random/draw/{no}", act="complete", value="3021.55")
    assert r.status == 303, r.text[:800]
    text, engine = file_of(no), picks_of(no)
    assert len(engine) == 10 and all(len(set(row[2:])) == 2 for row in engine)
    assert draw.check(text) == engine
    assert draw.h(text.split("\n\n")[0] + "\n") == state["hash"], "the list is the one of before"


def drawn_what_is_altered_is_found(state):
    text = file_of(state["draw"])
    row = next(x for x in text.splitlines() if x.startswith("drawn "))
    for wrong in (text.replace("LN-16 housing-construction - ", "LN-16 housing-construction 91211400MA0XYW122L ", 1), text.replace(" A 抽查示例", " B 抽查示例", 1),
                  text.replace("value 3021.55", "value 3021.56"), text.replace(row + "\n", ""), text.replace("rule 2 10", "rule 2 11")):
        assert wrong != text
        try:
            draw.check(wrong)
        except (AssertionError, KeyError):
            continue
        raise AssertionError("accepted")


def drawn_whoever_stands_aside_is_never_drawn(state):
    firm = uscc_of("owner")
    view = who("wu").view(f"/w/random/draw/{state['draw']}")["drawn"]
    mine = [PAIR.findall(d["inspectors"]) for d in view if d["uscc"] == firm]
    assert mine and all(int(cert[3:]) > 12 for pair in mine for cert in pair), mine


def drawn_a_withheld_secret_is_named_and_a_draw_that_is_tried_again_says_so(state):
    no, name = state["withheld"], next(p["name"] for p in who("wu").view(f"/w/random/draw/{state['withheld']}")["parties"] if p["id"] == HEAD)
    html = page(None, f"/s/random/draw/{no}")
    assert "已中止" in html and f"{name}没有揭示" in html and "没有揭示</span>" in html, html[:2000]
    assert f"voided 2026-11-27T16:0" in file_of(no)
    late = who(HEAD).ask("draw.reveal", f"draw/{no}", status=409, secret="0123456789abcdef")
    assert "不能揭示" in late["detail"]
    again = state["again"] = opened(state["withheld_plan"], "2026-12-04T15:30")
    text = file_of(again)
    assert f"\nplan {who('wu').view(f'/w/random/draw/{again}')['number']} 2\n" in text and "\nbefore 1 " in text and f"{name}没有揭示\n" in text
    assert "重抽" in page(None, f"/s/random/draw/{again}")
    public = page(None, f"/s/random/{state['withheld_plan']}")
    assert "第 1 次" in public and "第 2 次" in public and f"{name}没有揭示" in public
    refused = who("wu").ask("draw.open", status=409, plan=state["plan"], parties=["wu", "audit", HEAD], beacon="收盘点位", beacon_at="2026-12-04T15:30")
    assert "不能再抽" in refused["detail"]


def check_of(no, n=0):
    d = who("wu").view(f"/w/random/draw/{no}")["drawn"][n]
    return d["object"], [f"check{c[3:]}" for c in PAIR.findall(d["inspectors"])]


def drawn_two_inspectors_find_one_thing(state):
    no = state["draw"]
    for n in (0, 1):
        obj, (one, two) = check_of(no, n)
        for account in (one, two):
            if account not in TOKENS:
                TOKENS[account] = f"{account}-token-of-43-characters-as-they-are-made"[:43]
                who("sys").ask("user.issue-token", f"user/{account}", name="测试", hash=draw.h(TOKENS[account]))
                state.setdefault("tokens", {})[account] = TOKENS[account]
        turn = lambda: next(c["turn"] for c in who("wu").view("/w/random")["checks"] if c["object"] == obj)
        assert re.fullmatch("轮到 .+ 或 .+ 记录", turn()), turn()
        pair = re.split(" 或 ", turn()[3:-3])
        duty = lambda a: sum(w["n"] for w in who(a).view("/w")["waits"] if w["label"] == "双随机检查等您记录或确认")
        before = duty(one), duty(two)
        assert any(w.get("by", "").startswith("最近一项的检查日期到 20") and w["href"] == "/w/random" for w in who(one).view("/w")["waits"])
        who(one).ask("draw.confirm", f"draw/{no}", status=409, object=obj)
        who(one).ask("draw.record", f"draw/{no}", object=obj, result="ordered", finding="扬尘防治措施不到位，已责令三日内改正。")
        assert turn() == f"轮到 {pair[1]} 确认" and turn() in page("wu", "/w/random"), (turn(), pair)
        assert duty(one) == before[0] - 1 and duty(two) == before[1], (before, duty(one), duty(two))  # it waits for the other alone now
        lone = who(one).ask("draw.confirm", f"draw/{no}", status=403, object=obj)
        assert "不少于两人" in lone["detail"]
        who("ap-housing-construction").ask("draw.record", f"draw/{no}", status=403, object=obj, result="ok", finding="未发现问题。")
        if n:
            who(two).ask("draw.send-back", f"draw/{no}", object=obj, reason="照片没有附上，请补充以后再记")
            assert who(one).view(f"/w/random/check/{no}/{obj}")["returned"]
            continue
        who(two).ask("draw.confirm", f"draw/{no}", object=obj)
        assert turn() == "轮到监督人员公示", turn()
        way = f'<a href="/w/random/draw/{no}">到抽取页公示全部确认了的结果</a>'
        assert way in page("wu", f"/w/random/check/{no}/{obj}") and "公示全部确认了的结果" in page("wu", f"/w/random/draw/{no}")
        mine = who(two).view(f"/w/random")["checks"]
        assert any(c["object"] == obj and c["status"] == "confirmed" for c in mine), mine
    assert "扬尘" not in page(None, f"/s/random/draw/{no}")
    # A check is a link for the two who do it and for who watches, and words for the others.
    obj, pair = check_of(no, 0)
    opens = lambda account: {c["object"]: c["opens"] for c in who(account).view(f"/w/random/draw/{no}")["drawn"]}[obj]
    assert all(opens(a) for a in (*pair, "wu")) and not opens("ap-housing-construction")
    assert f"/w/random/check/{no}/{obj}" not in page("ap-housing-construction", f"/w/random/draw/{no}")


# ---- five weeks later ---------------------------------------------------------------------------------------------------

def later_not_published_within_20_working_days_is_red(state):
    late = [c for c in who("wu").view("/w/random")["checks"] if c["draw"] == state["draw"] and c["status"] == "confirmed"]
    assert [(c["lamp"]["code"], c["due"]) for c in late] == [("red", "2026-12-25")], late


def later_a_result_after_the_days_of_the_plan_says_so(state):
    no = state["draw"]
    (done, _), (again, (one, two)) = check_of(no), check_of(no, 1)
    path = f"/w/random/check/{no}/{again}"
    past = who(one).view(path)
    days = (datetime.date(2027, 1, 6) - datetime.date.fromisoformat(past["to"])).days
    assert days > 0 and past["past"] == days and f"计划期已过 {days} 天" in page("wu", path), past
    who(one).ask("draw.record", f"draw/{no}", object=again, result="ok", finding="已经改正，未发现问题。")
    assert f"结果在计划期过后 {days} 天记录" in page("wu", path) and "past" not in who("wu").view(f"/w/random/check/{no}/{done}")
    who(two).ask("draw.send-back", f"draw/{no}", object=again, reason="照片还没有附上，请补充")


def later_one_click_publishes_to_three_sites(state):
    no = state["draw"]
    obj, _ = check_of(no)
    r = post("wu", f"/w/random/draw/{no}", act="publish")
    assert r.status == 303, r.text[:600]
    event = page(None, f"/s/random/draw/{no}")
    for site in ("国家企业信用信息公示系统（辽宁）", "信用中国（辽宁）", "信用葫芦岛"):
        assert site in event, site
    assert "扬尘防治措施不到位" in event
    rows = page(None, f"/s/random/draw/{no}/results").lstrip("\ufeff").splitlines()
    assert len(rows) == 2 and obj in rows[1] and "发现问题已责令改正" in rows[1] and "2027-01-06" in rows[1], rows
    assert "没有可以公示的结果" in who("wu").ask("draw.publish", f"draw/{no}", status=409)["detail"]


def main():
    passed = failed = 0
    client.PORT = int(os.environ["BASE"].rsplit(":", 1)[1])
    state = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    TOKENS.update(state.get("tokens", {}))
    api.ALL.update(TOKENS)
    for name, test in list(globals().items()):
        if not name.startswith(sys.argv[1] + "_"):
            continue
        try:
            test(state)
            assert not client.faults, client.faults
            passed += 1
        except Exception:
            failed += 1
            client.faults.clear()
            print(f"FAILED {name}\n{traceback.format_exc(limit=-3)}")
    KEPT.write_text(json.dumps(state))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
