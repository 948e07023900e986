# SPDX-License-Identifier: Apache-2.0
"""S10 and S16 with their values: joint acceptance from the owner's start to the one opinion, and utilities, over four days."""
import base64
import io
import pathlib
import re
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
from steps import FIRM, dispatch, page, register, run, through, uscc_of, wait_for, who

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
NEEDS = {f"need_{n}": True for n in ("water", "power", "gas", "heat", "drainage", "telecom")}
SPECIAL = ["accept-air-defence", "accept-archive", "accept-fire", "accept-land", "accept-planning"]
UTILITY = ["drainage", "gas", "heat", "power", "telecom", "water"]


def built(name, apply=False):
    """A 90-day project whose works are done: its fourth stage has just gone to the departments."""
    no = register("owner", uscc_of("owner"), FIRM, category="gov-building", name=name)
    through(no, 1)
    through(no, 2, air_defence=True)
    if apply:
        who("owner").ask("utility.apply", project=int(no), kinds=UTILITY, needs="用水 60 吨/日，用电 800 千伏安")
    through(no, 3, **NEEDS)
    dispatch(no, 4)
    return no


def case():
    return who("ap-housing-construction").view("/w/a/1")["project"]


def send(account, path, fields, files=None):
    """The page, and its form: each with its own key."""
    jar = client.as_user(account)
    jar.get(path)
    return jar.files(path, fields, files) if files is not None else jar.post(path, fields)


def give_agent(no):
    """The project has an agent from now on."""
    assert send("hd-suizhong", "/w/catalogue/suizhong", [("act", "draft"), ("lines", "审批：竣工验收"), ("guide", "在网上委托，不收任何费用。")]).status == 303
    who("leader").ask("catalogue.issue", "catalogue/suizhong", no=1)
    who("hd-development-reform").ask("roster.train", agents=["agent2"], day="2026-11-20", topic="统一培训")
    who("owner").ask("agent.order", county="suizhong", name="联合验收代办", items=["竣工验收"], project=int(no), direct=True, consent=True)
    who("hd-suizhong").ask("agent.assign", "agent/1", agent="agent2")


def test_s10_the_owner_starts_and_all_have_their_tasks_the_same_day(state):
    no = built("联合验收示例", apply=True)
    give_agent(no)
    early = register("owner", uscc_of("owner"), FIRM, category="gov-building")
    assert "受理并转给各部门以后" in page("owner", f"/my/{early}/accept")
    assert "转给各部门以后" in who("owner").ask("acceptance.start", status=409, project=int(early), **{"from": "2026-11-26"})["detail"]
    assert f'href="/my/{no}/accept"' in page("owner", f"/my/{no}")
    html = page("owner", f"/my/{no}/accept")
    wished = next(v["value"] for v in who("wang").view(f"/w/c/{no}/4")["values"] if v["label"] == "希望联合勘验日期")
    assert wished > "2026-11-26" and f'name="from" value="{wished}"' in html, (wished, re.findall(r'name="from"[^>]*', html))
    wrong = send("owner", f"/my/{no}/accept", [("act", "start"), ("from", "2026-11-01"), ("note", "门卫处等候")], [])
    assert wrong.status == 422 and "不能早于今天" in wrong.text and "门卫处等候" in wrong.text, (wrong.status, wrong.text[:300])
    done = send("owner", f"/my/{no}/accept", [("act", "start"), ("from", "2026-11-26"), ("avoid", "2026-12-01"), ("note", "门卫处等候")], [])
    assert "不便的日子：2026年12月1日" in client.as_user("owner").get(f"/my/{no}/accept").text
    assert done.status == 303, (done.status, done.text[:400])
    view = who("owner").view(f"/my/{no}/accept")
    assert view["number"] == "LHYS-2026-0001" and view["limit"] == 25 and view["due"] == "2026-12-30", view
    assert sorted(p["code"] for p in view["parts"] if not p["utility"]) == SPECIAL
    assert sorted(p["unit"].removesuffix("-company") for p in view["parts"] if p["utility"]) == UTILITY
    for unit in ["natural-resources"] + [f"{u}-company" for u in UTILITY]:
        rows = who(f"ap-{unit}").view("/w/a")["acceptances"]
        assert [r["number"] for r in rows] == ["LHYS-2026-0001"], (unit, rows)
    assert client.as_user("ap-water").get("/w/a/1").status == 404  # the water bureau takes no part
    item = who("ap-housing-construction").view(f"/w/t/{no}/4/accept-fire")
    who("ap-housing-construction").ask("item.take", f"project/{no}", stage=4, item="accept-fire")
    alone = who("ap-housing-construction").ask("item.decide", f"project/{no}", status=409, stage=4, item="accept-fire", result="pass",
                                               opinion="同意，符合条件", signature=item["signer"])
    assert "联合验收 LHYS-2026-0001" in alone["detail"], alone
    assert "去联合验收" in page("ap-housing-construction", f"/w/t/{no}/4/accept-fire")
    late = built("没有勘验的项目")
    who("owner").ask("acceptance.start", project=int(late), **{"from": "2026-11-26"})


def test_s16_one_form_asks_six_and_the_permit_warns_when_one_is_missing(state):
    no = register("owner", uscc_of("owner"), FIRM, category="gov-building", name="报装示例")
    through(no, 1)
    through(no, 2)
    dispatch(no, 3, **NEEDS)
    permit = f"/w/t/{no}/3/construction-permit"
    names = ["供水报装", "供电报装", "燃气报装", "供热报装", "排水报装", "通信报装"]
    assert sorted(who("ap-housing-construction").view(permit)["unasked"]) == sorted(names)
    assert "还没有报装" in page("ap-housing-construction", permit)
    form = page("owner", f"/my/{no}/utility")
    assert all(f'value="{k}"' in form for k in UTILITY)
    wrong = send("owner", f"/my/{no}/utility", [("act", "apply"), ("needs", "用水 60 吨/日")])
    assert wrong.status == 422 and 'class="err"' in wrong.text, wrong.status
    assert "吨/日</textarea>" in wrong.text, repr(wrong.text[wrong.text.find("apply-needs") - 10:][:400])
    five = [("act", "apply"), ("needs", "用水 60 吨/日，用电 800 千伏安")] + [("kinds[]", k) for k in UTILITY if k != "gas"]
    assert send("owner", f"/my/{no}/utility", five).status == 303
    assert who("ap-housing-construction").view(permit)["unasked"] == ["燃气报装"]
    assert send("owner", f"/my/{no}/utility", [("act", "apply"), ("needs", "燃气 200 方/日"), ("kinds[]", "gas")]).status == 303
    assert who("ap-housing-construction").view(permit)["unasked"] == []
    assert len({u["number"] for u in who("owner").view(f"/my/{no}/utility")["utilities"]}) == 2
    task = next(u for u in who("ap-water-company").view("/w/utility?view=open")["utilities"] if u["project_name"] == "报装示例")
    path = f"/w/utility/{task['no']}/water"
    assert client.as_user("ap-gas-company").get(path).status == 404
    task = who("ap-water-company").view(path)  # where to go, and the door to the telephone number
    assert task["site"] and task["site"] in page("ap-water-company", path) and task["county_name"], task
    assert f"/w/personal/{no}" in page("ap-water-company", path), "who works on it may ask for the telephone"
    bare = register("owner", uscc_of("owner"), FIRM, category="gov-building")  # no stage yet, so no item of theirs
    assert client.as_user("ap-water-company").get(f"/w/personal/{bare}").status == 404
    who("owner").ask("utility.apply", project=int(bare), kinds=["water"], needs="用水 60 吨/日，用电 800 千伏安")
    call = who("ap-water-company").view(f"/w/personal/{bare}")
    assert call["contact_only"] and [v["name"] for v in call["values"]] == ["phone"], call
    seen = send("ap-water-company", f"/w/personal/{bare}", [("ref", call["values"][0]["ref"]), ("purpose", "contact"), ("note", "约定现场查看的时间")])
    assert seen.status == 200 and "只显示这一次" in seen.text, seen.text[:300]
    assert who("ap-water-company").view(f"/w/personal/{bare}")["looks"][0]["unit_name"], "the look stands in the record"
    assert client.as_user("ap-gas-company").get(f"/w/personal/{bare}").status == 404, "no work, no number"
    assert send("ap-water-company", path, [("act", "answer"), ("plan", "从滨海路 DN200 给水管接入，设水表井一座。")]).status == 303
    assert "从滨海路 DN200 给水管接入" in page("owner", f"/my/{no}/utility")
    items = {i["code"]: i for i in who("wang").view(f"/w/c/{no}/3")["here"]["items"]}
    assert items["supply-water"]["status"] == "passed", items["supply-water"]
    power = who("ap-power-company")
    power.ask("item.take", f"project/{no}", stage=3, item="supply-power")
    power.ask("item.decide", f"project/{no}", stage=3, item="supply-power", result="pass", opinion="同意，双电源接入",
              signature=power.view(f"/w/t/{no}/3/supply-power")["signer"])
    states = {u["kind"]: u["status"] for u in who("owner").view(f"/my/{no}/utility")["utilities"]}
    assert states["water"] == states["power"] == "answered" and states["heat"] == "applied", states


def test_s10_dates_are_proposed_from_everyones_calendar(state):
    bad = send("hd-natural-resources", "/w/a/busy", [("act", "add"), ("from", "2026-11-26"), ("until", "2026-11-25"), ("reason", "集中培训")])
    assert bad.status == 422 and "集中培训" in bad.text
    assert send("hd-natural-resources", "/w/a/busy", [("act", "add"), ("from", "2026-11-26"), ("until", "2026-11-26"), ("reason", "集中培训")]).status == 303
    who("hd-housing-construction").ask("busy.add", **{"from": "2026-11-30", "until": "2026-11-30", "reason": "全员大会"})
    days = who("ap-housing-construction").view("/w/a/1")["days"]
    assert [(d["day"], d["fits"]) for d in days[:2]] == [("2026-11-26", False), ("2026-11-27", True)], days
    assert days[0]["why"] == ["市自然资源局：集中培训（2026年11月26日）"], days
    assert all(d["day"] not in ("2026-11-30", "2026-12-01") for d in days[2:]), days  # behind the earliest only days that fit
    html = page("ap-housing-construction", "/w/a/1")
    assert "集中培训" in html and 'value="2026-11-27"' in html
    refused = send("ap-housing-construction", "/w/a/1", [("act", "schedule"), ("day", "2026-12-01")])
    assert refused.status == 409 and "建设单位当天不便" in refused.text, (refused.status, refused.text[:300])
    assert "有人先您一步" not in refused.text, "a rule refused it, nobody was first"
    assert send("ap-housing-construction", "/w/a/1", [("act", "schedule"), ("day", "2026-11-27")]).status == 303
    moved = page("ap-housing-construction", "/w/a/1")
    assert "改到哪一天" in moved and 'name="day" value=""' in moved and "选填" not in moved.split("改期的理由")[1][:40], moved
    bare = send("ap-housing-construction", "/w/a/1", [("act", "move"), ("day", "2026-12-02"), ("reason", "")])
    assert bare.status == 422 and 'id="move-reason-e"' in bare.text and 'value="2026-12-02"' in bare.text, (bare.status, bare.text)
    assert "2026年11月27日" in page("owner", f"/my/{case()}/accept")
    told = who("owner").view("/msg")["messages"][0]
    assert told["title"] == "联合勘验日期已定" and "定在 2026-11-27" in told["text"], told
    agents = who("agent2").view("/msg")["messages"][0]
    assert (agents["title"], agents["text"]) == (told["title"], told["text"]), agents
    assert told["link"] == "/my/accepts/1" and "联合验收" in page("owner", f"/my/{case()}/accept"), told
    takes_part = [m["title"] for m in who("ap-gas-company").view("/msg")["messages"] if not m["done"] and m["number"] == told["number"]]
    lead = page("lead-housing-construction", "/w/a/1")
    assert "勘验日期已于" in lead and "未读" in lead and "已读" not in lead.split("消息发给：")[1].split("</span>")[0].split("（未读）")[0], lead[:4000]
    assert "联合勘验日期已定" in takes_part and "有联合验收要参加" not in takes_part, takes_part
    assert "到那天才能登记" in page("ap-gas-company", "/w/a/1/visit/connect-gas")


def visit_s37_whoever_may_not_sign_a_part_reads_so_before_he_goes_there(state):
    head, signer = who("hd-housing-construction"), "user/ap-housing-construction"
    assert "不能签" not in page("ap-housing-construction", "/w/a/1")
    head.ask("user.revoke-authority", signer, item="accept-fire", reason="岗位调整")
    one = page("ap-housing-construction", "/w/a/1")
    assert one.count("您不能签这一项") == 1, one.count("您不能签这一项")
    assert "您登记情况，由有授权的人签结论" in one and "现在可以签的：" in one and "（负责人）" in one, one[-4000:]
    assert "您不能签这一项" not in page("ap-natural-resources", "/w/a/1") + page("hd-housing-construction", "/w/a/1")
    spot = page("ap-housing-construction", "/w/a/1/visit/accept-fire")
    assert "不能签字" in spot and "可以先登记" in spot and "不能签字" not in page("hd-housing-construction", "/w/a/1/visit/accept-fire"), spot
    head.ask("user.authorise", signer, items=["accept-fire"], document="授权书示例1号", **{"from": "2026-11-27"})
    assert "不能签" not in page("ap-housing-construction", "/w/a/1") + page("ap-housing-construction", "/w/a/1/visit/accept-fire")


def visit_s10_fire_fails_and_the_others_keep_their_result(state):
    no, spot = case(), "/w/a/1/visit/accept-fire"
    phone = page("ap-housing-construction", "/w/a/1/visit/accept-fire")
    assert 'capture="environment"' in phone and 'accept="image/jpeg,image/png"' in phone
    assert client.as_user("ap-natural-resources").get("/w/a/1/visit/accept-fire").status == 404
    note = [("act", "note"), ("kind", "issue"), ("text", "二层东侧疏散门开启方向反了"), ("place", "二层东侧")]
    short = send("ap-housing-construction", spot, [(k, v if k != "text" else "反") for k, v in note], [])
    assert short.status == 422 and "二层东侧" in short.text, short.status
    assert send("ap-housing-construction", spot, note, [("file", "门.png", PNG), ("file", "门2.png", PNG + b"\0")]).status == 303
    view = who("ap-housing-construction").view("/w/a/1/visit/accept-fire")
    shots = view["issues"][0]["files"]
    assert [f["image"] for f in shots] == [True, True], shots
    assert client.as_user("ap-housing-construction").get(shots[0]["href"]).status == 200
    assert client.as_user("owner").get(f"/my/{no}/accept/file/{shots[0]['blob']}").status == 200
    assert client.as_user("owner2").get(f"/my/{no}/accept").status == 404
    signer = who("ap-housing-construction").view(f"/w/t/{no}/4/accept-fire")["signer"]
    r = send("ap-housing-construction", spot, [("act", "report"), ("result", "pass"), ("opinion", "符合要求"), ("signature", signer)])
    assert r.status == 409 and "不能写合格" in r.text, r.status
    r = send("ap-housing-construction", spot, [("act", "report"), ("result", "rectify"), ("opinion", "一处要整改"), ("signature", signer)])
    assert r.status == 303, (r.status, r.text[:300])
    for part in [p for p in SPECIAL if p != "accept-fire"] + [f"connect-{u}" for u in UTILITY]:
        unit = next(p["unit"] for p in who("ap-housing-construction").view("/w/a/1")["parts"] if p["code"] == part)
        person = who(f"ap-{unit}")
        wrong = person.ask("acceptance.report", "acceptance/1", status=422, part=part, result="pass", opinion="符合要求", signature="别人")
        name = wrong["detail"].split("：")[1].split("（")[0]
        person.ask("acceptance.report", "acceptance/1", part=part, result="pass", opinion="符合要求", signature=name)
    view = who("owner").view(f"/my/{no}/accept")
    assert view["status"] == "rectify" and view["open_points"] == 1
    assert [p["code"] for p in view["parts"] if not p["passed"]] == ["accept-fire"]
    public = client.Jar().get(f"/track/{view['project_number']}").text  # nobody else is waited for, wherever one reads it
    assert "登记整改" in page("owner", f"/my/{no}")
    for text in (public, page("wang", f"/w/p/{no}")):
        assert "等建设单位整改，改完后由它提请复查" in text, text[-3000:]
    assert re.search("现在等：申请单位\\s*联合验收", re.sub("<[^>]*>", "", public)), public
    item = page("ap-natural-resources", f"/w/t/{no}/4/accept-planning")
    assert "这一专项已经合格，等建设单位整改" in item and "整改期间不计时" in item and "恢复计时" not in item and "已暂停" in item, item[:4000]
    board = client.as_user("lead-housing-construction")
    rows = [r for q in ("?lamp=grey", "") for r in board.get("/api/v1/w/stage/4" + q).json["items"] if r["number"] == view["project_number"]]
    joint = [r for r in rows if r["joint_turn"]]
    assert joint and not any(r["can_urge"] for r in joint) and all("等建设单位整改" in r["joint_turn"] for r in joint), rows
    assert "逐条整改" in page("owner", f"/my/{no}/accept")
    fix = [("act", "rectify"), ("point", "1"), ("text", "疏散门已改为向外开启")]
    assert send("owner", f"/my/{no}/accept", fix, [("file", "改好.png", PNG)]).status == 303
    said = page("owner", f"/my/{no}/accept")
    assert "整改都已登记，请提请复查" in said and "都已登记整改，待复查" in said and "逐条整改" not in said, said
    assert send("owner", f"/my/{no}/accept", [("act", "recheck")], []).status == 303
    lead = who("ap-housing-construction")
    assert [p["code"] for p in lead.view("/w/a/1")["parts"] if p["due"]] == ["accept-fire"]
    lead.ask("acceptance.schedule", "acceptance/1", day="2026-12-02")


def held_until_the_kindergarten_is_built(no, name):
    """S34: an estate is linked, the filing waits, the county closes, the joint office confirms; and the developer's credit."""
    number = who("wang").view(f"/w/c/{no}/4")["number"]
    new = [("act", "add"), ("name", "验收示例小区"), ("households", "1620"), ("state", "building"), ("issue", "stopped"), ("measure", "supplement")]
    at = send("ap-longgang", "/w/l/kindergarten/new", new).get("location")
    wrong = send("ap-longgang", at, [("act", "link"), ("number", "HLD-999999-C")])
    assert wrong.status == 422 and "没有编号是" in wrong.text, wrong.status
    assert send("ap-longgang", at, [("act", "link"), ("number", number)]).status == 303
    words, row = "暂不办理，幼儿园整改未到位", who("ap-longgang").view(at)
    assert row["project"]["holds"] and row["size"] == "6 班 1 所", row
    item = f"/w/t/{no}/4/completion-filing"
    for account, path in (("ap-housing-construction", "/w/a/1"), ("ap-housing-construction", item), ("owner", f"/my/{no}"), ("owner", f"/my/{no}/accept")):
        html = page(account, path)
        assert words in html and row["number"] in html and "/kindergarten" in html, (account, path)
    assert f'href="{at}"' in page("ap-housing-construction", item) and "验收示例小区" in client.Jar().get("/s/l/kindergarten").text
    r = send("hd-housing-construction", "/w/a/1", [("act", "conclude"), ("opinion", "各专项全部合格，同意通过联合验收。"), ("signature", name)])
    assert r.status == 409 and words in r.text, r.status
    desk = who("ap-housing-construction")
    desk.ask("item.take", f"project/{no}", stage=4, item="completion-filing")
    no_pass = desk.ask("item.decide", f"project/{no}", status=409, stage=4, item="completion-filing", result="pass", opinion="同意备案", signature=desk.view(item)["signer"])
    assert words in no_pass["detail"] and no_pass["clause"] == "D59-2.2-p1", no_pass
    assert send("hd-longgang", at, [("act", "refuse"), ("fact", "约谈三次，没有复工"), ("evidence", "约谈记录三份")]).status == 303
    draft = [c for c in who("wu").view("/w/credit?status=draft")["credits"] if "约谈三次，没有复工" in page("wu", f"/w/credit/{c['no']}")]
    assert len(draft) == 1, draft
    late = send("hd-longgang", at, [("act", "close"), ("result", "已经按标准建成 6 班园")])
    assert late.status == 409 and "竣工验收日期" in late.text, late.status
    edit = [("act", "change"), ("name", "验收示例小区"), ("planned", "2026-11-01"), ("built", "2026-12-01"), ("issue", "stopped"), ("state", "building")]
    assert send("ap-longgang", at + "/edit", edit).status == 303
    assert send("hd-longgang", at, [("act", "close"), ("result", "已经按标准建成 6 班园")]).status == 303
    assert words in page("owner", f"/my/{no}")  # closed, not confirmed
    assert "市治理工作联合办公室" in who("ap-longgang").ask("entry.confirm", "entry/" + at.split("/")[-1], status=403)["detail"]
    assert send("ap-education", at, [("act", "confirm")]).status == 303
    for account, path in (("owner", f"/my/{no}"), ("ap-housing-construction", "/w/a/1")):
        assert f'tag--bad">{words}' not in page(account, path), path  # what happened stays in the time line


def again_s10_the_second_visit_is_for_the_open_points_and_one_opinion_passes_all(state):
    no, lead = case(), who("ap-housing-construction")
    kept = who("ap-natural-resources").ask("acceptance.note", "acceptance/1", status=409, part="accept-land", kind="record", text="再看一看现场")
    assert "结论保留" in kept["detail"]
    new = lead.ask("acceptance.note", "acceptance/1", status=409, part="accept-fire", kind="issue", text="又发现一个新的问题")
    assert "只复查整改清单上的问题" in new["detail"]
    signer = lead.view(f"/w/t/{no}/4/accept-fire")["signer"]
    lead.ask("acceptance.report", "acceptance/1", part="accept-fire", result="pass", opinion="已整改到位，合格", signature=signer)
    r = send("hd-housing-construction", "/w/a/1", [("act", "conclude"), ("opinion", "各专项全部合格，同意通过联合验收。"), ("signature", "别人")])
    name = r.text.split("请签上您自己的姓名：")[1].split("（")[0]
    held_until_the_kindergarten_is_built(no, name)
    r = send("hd-housing-construction", "/w/a/1", [("act", "conclude"), ("opinion", "各专项全部合格，同意通过联合验收。"), ("signature", name)])
    assert r.status == 303, (r.status, r.text[:300])
    view = who("owner").view(f"/my/{no}/accept")
    assert view["opinion_no"] == "LHYJ-2026-0001" and view["status"] == "concluded"
    paper = page("owner", f"/my/{no}/accept/opinion")
    assert "联合验收意见书" in paper and "LHYJ-2026-0001" in paper and "已整改到位，合格" in paper
    items = {i["code"]: i for i in who("wang").view(f"/w/c/{no}/4")["here"]["items"]}
    for code in SPECIAL + ["joint-acceptance"]:
        assert items[code]["status"] == "passed", items[code]
    assert "LHYJ-2026-0001" in page("owner", f"/my/{no}")
    for item in [i for i in items.values() if i["status"] != "passed" and not i["code"].startswith("connect-")]:
        person = who(f"ap-{item['unit']}")
        if item["code"] != "completion-filing":
            person.ask("item.take", f"project/{no}", stage=4, item=item["code"])
        person.ask("item.decide", f"project/{no}", stage=4, item=item["code"], result="pass", opinion="同意备案",
                   signature=person.view(f"/w/t/{no}/4/{item['code']}")["signer"])
    who("wang").ask("stage.certify", f"project/{no}", stage=4)
    stage = who("owner").view(f"/my/{no}")["stages"][3]
    assert stage["certificate_name"] == "竣工验收备案书", stage["certificate_name"]
    rows = who("owner").view(f"/my/{no}/utility")["utilities"]
    assert [(r["kind"], r["status"]) for r in rows] == [(k, "connecting") for k in UTILITY], rows  # S16: six tasks open by themselves
    done = send("ap-water-company", "/w/utility/1/water", [("act", "connect"), ("text", "已通水，水表号 0117")])
    assert done.status == 303, (done.status, done.text[:300])
    items = {i["code"]: i for i in who("wang").view(f"/w/c/{no}/4")["here"]["items"]}
    assert items["connect-water"]["status"] == "passed" and items["connect-gas"]["status"] != "passed", items["connect-water"]


def late_s10_day_26_is_red_and_the_lead_gets_a_supervision_order(state):
    rows = who("wu").view("/w/a")["acceptances"]
    red = next(r for r in rows if r["number"] == "LHYS-2026-0002")
    assert red["lamp"]["code"] == "red" and red["due"] == "2026-12-30" and red["waiting"] == 11, red
    assert next(r for r in rows if r["number"] == "LHYS-2026-0001")["lamp"]["code"] == "done", rows

    def orders():
        return [d for d in who("wu").view("/w/super/orders?status=all")["directives"] if d["kind"] == "stage" and "没有勘验的项目" in str(d)]
    wait_for(orders)
    order = orders()[0]
    assert order["number"].startswith("DBD-") and order["reply_by"] and order["unit_name"] == "市住房城乡建设局", order


def late_s16_overdue_days_of_each_utility_are_listed(state):
    rows = [u for u in who("wu").view("/w/utility")["utilities"] if u["no"] == 1]
    late = {u["kind"]: (u["status"], u["overdue_days"]) for u in rows}
    assert late["water"] == ("connected", 0) and late["gas"] == ("connecting", 20), late  # due on 2026-12-07, three working days after the certificate
    assert ">20</td>" in page("ap-gas-company", "/w/utility")


def late_every_page_opens_for_those_it_is_for(state):
    for account, paths in {"ap-housing-construction": ["/w/a", "/w/a/1", "/w/a/1/opinion", "/w/a/busy", "/w/a/2/visit/accept-fire"],
                           "wang": ["/w/a", "/w/a/1"], "zhao": ["/w/a"], "leader": ["/w/a", "/w/a/2"], "wu": ["/w/a?status=started"],
                           "ap-telecom-company": ["/w/a", "/w/a/2", "/w/a/2/visit/connect-telecom", "/w/a/busy", "/w/utility", "/w/utility/1/telecom"]}.items():
        for path in paths:
            page(account, path)
    assert client.as_user("owner").get("/w/a").status == 403


# ---- S11 --------------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.4 sample"


def test_s11_an_agency_enters_the_hall_after_its_qualification_is_checked(state):
    typed = [("act", "apply"), ("grade", "a"), ("document", "甲测资字示例1号"), ("until", "2027-12-31")]
    bare = send("surveyor", "/my/surveys", typed, [])
    assert bare.status == 422 and "测绘资质证书" in bare.text, (bare.status, bare.text[-600:])
    done = send("surveyor", "/my/surveys", typed, [("file", "资质.pdf", PDF)])
    assert done.status == 303, (done.status, done.text[-800:])
    desk = page("surveyor", "/my/surveys")
    assert "现在由<strong>市自然资源局</strong>核查" in desk and "建设单位不能选您单位，所以这里还没有测绘任务" in desk, desk[-3000:]
    no = register("owner", uscc_of("owner"), FIRM, category="gov-building", name="多测合一示例")
    state["survey"] = no
    r = who("owner").ask("survey.commission", status=409, project=int(no), surveyor=1, fee=50000)
    assert "没有入驻" in r["detail"], r
    done = send("ap-natural-resources", "/w/surveyors/1", [("act", "check"), ("result", "enter"), ("note", "已在资质系统核对")])
    assert done.status == 303, (done.status, done.text[-600:])
    assert "现在由<strong>" not in page("surveyor", "/my/surveys")
    hall = client.Jar().get("/s/surveys").text
    told = who("surveyor").view("/msg")["messages"][0]
    assert told["title"] == "测绘机构入驻已核查" and "准予入驻" in told["text"] and told["link"] == "/my/surveys", told
    assert "甲测资字示例1号" in hall and "2019-示例-1" in hall and "消防车道和登高操作场地" in hall


def test_s11_one_commission_covers_all_surveys_of_the_acceptance(state):
    no = state["survey"]
    r = send("owner", f"/my/{no}/survey", [("act", "commission"), ("surveyor", "1"), ("fee", "50000")])
    assert r.status == 303, (r.status, r.text[-800:])
    view = who("owner").view(f"/my/{no}/survey/1")
    assert [t["name"] for t in view["tasks"]] == ["规划核实测量", "土地核验测量", "消防测量", "人防工程测量", "竣工管线和地形测量", "房产测绘（不动产登记）"], view["tasks"]
    desk = client.as_user("surveyor")
    assert desk.get("/my").get("location") == "/my/surveys", "its home is its own work"
    assert "等您交成果的有 1 次" in desk.get("/my/surveys").text and 'href="/my/surveys/1">交成果' in desk.get("/my/surveys").text
    for account in ("surveyor", "owner"):
        told = who(account).view("/msg")["messages"][0]
        assert told["title"] == "联合测绘已委托" and "CH-2026-0001" in told["text"] and told["link"] == "/my/surveys/1", told
    there = client.as_user("owner").get("/my/surveys/1")
    assert there.status == 303 and there.get("location") == f"/my/{no}/survey/1", (there.status, there.get("location"))
    assert client.as_user("owner2").get("/my/surveys/1").status == 404


def test_s11_all_departments_open_the_same_result_with_the_version_of_the_area_rule(state):
    no = state["survey"]
    blob = who("surveyor").jar.send("POST", "/api/v1/blobs", None, PDF, "application/pdf").json["blob"]
    name = who("surveyor").ask("survey.deliver", "survey/1", status=422, total="12000.5", above="10000.5", below="2000", counted="9800", signature="谁", checked=True,
                             files=[{"blob": blob, "name": "成果.pdf", "size": len(PDF)}])["detail"].split("：")[1]
    typed = [("act", "deliver"), ("total", "12000.5"), ("above", "10000.5"), ("below", "2000"), ("counted", "9800"), ("signature", name)]
    # One look says all, each beside its field; thousands in groups and a unit behind them are the number that was meant, other groups are not.
    bad = {"total": "12，000.5 ㎡", "above": "1,00", "below": "-2", "counted": "", "signature": "谁"}
    r = send("surveyor", "/my/surveys/1", [(k, bad.get(k, v)) for k, v in typed], [])
    said = dict(re.findall(r'<p class="err" id="deliver-(\w+)-e"><span class="vh">错误：</span>(.*?)</p>', r.text))
    wanted = {"above": "“1,00”不是数", "below": "-2 ㎡是负数", "counted": "请填写计容建筑面积", "checked": "还没有签字提交", "signature": "请签上您自己的姓名", "file": "请选择成果文件"}
    assert r.status == 422 and set(said) == set(wanted) and all(wanted[k] in said[k] for k in wanted), (r.status, said)
    assert 'value="12000.5"' in r.text and 'value="1,00"' in r.text, "the number that was meant, and the one that cannot be read"
    for below, good in {"2,000": True, "2，000 平方米": True, "2 000㎡": True, " 2000m2 ": True, "２０００": True, "2,00": False, "0,200": False, "2,000,": False, "2,0000": False}.items():
        r = send("surveyor", "/my/surveys/1", [(k, below if k == "below" else v) for k, v in typed], [])
        assert r.status == 422 and ("地下建筑面积“" in r.text) != good and ('value="2000"' in r.text) == good, (below, r.text[-3000:])
    PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
    for account_file in ("照片.png", "报告"):  # what it is, not what it is called
        r = send("surveyor", "/my/surveys/1", typed, [("file", account_file, PNG)])
        assert r.status == 422 and "不是测绘报告能用的格式" in r.text and "成果只收 PDF、OFD 文件" in r.text and 'value="12000.5"' in r.text, (r.status, r.text[-1500:])
    photo = who("surveyor").jar.send("POST", "/api/v1/blobs", None, PNG, "image/png").json["blob"]
    r = who("surveyor").ask("survey.deliver", "survey/1", status=422, total="12000.5", above="10000.5", below="2000", counted="9800", signature=name,
                            files=[{"blob": photo, "name": "成果.pdf", "size": len(PNG)}])
    assert "不是测绘报告能用的格式" in r["detail"] and r["field"] == "files", r
    r = send("surveyor", "/my/surveys/1", [(k, "20000" if k == "below" else v) for k, v in typed], [("file", "联合测绘成果.pdf", PDF)])
    assert r.status == 422 and "已经收到“联合测绘成果.pdf”，不用再选" in r.text, (r.status, r.text[-1500:])
    # What differs from what was declared is said before anything is signed, beside the form with all that was typed; so through the interface.
    assert "登记项目时申报的建筑面积是 1200 ㎡" in page("surveyor", "/my/surveys/1") and "我已核对" not in page("surveyor", "/my/surveys/1")
    r = send("surveyor", "/my/surveys/1", typed, [("file", "联合测绘成果.pdf", PDF)])
    kept = [("kept_" + k, re.search(f'name="kept_{k}" value="([^"]+)"', r.text).group(1)) for k in ("blob", "name", "size")]
    assert r.status == 422 and "申报的建筑面积 1200 ㎡，多 10800.5 ㎡" in r.text and "还没有签字提交" in r.text, (r.status, r.text[-1500:])
    assert 'name="checked[]" value="true"' in r.text and 'value="12000.5"' in r.text and f'value="{name}"' in r.text, r.text[-2500:]
    r = send("surveyor", "/my/surveys/1", [(k, "20000" if k == "below" else v) for k, v in typed] + kept, [])  # nothing chosen anew, and wrong once more
    assert r.status == 422 and "已经收到“联合测绘成果.pdf”，不用再选" in r.text and f'name="kept_blob" value="{kept[0][1]}"' in r.text, (r.status, r.text[-1500:])
    assert who("surveyor").view("/my/surveys/1")["status"] == "commissioned"
    refused = who("surveyor").ask("survey.deliver", "survey/1", status=422, total="12000.5", above="10000.5", below="2000", counted="9800", signature=name,
                                  files=[{"blob": blob, "name": "成果.pdf", "size": len(PDF)}])
    assert refused["field"] == "checked" and "还没有签字提交" in refused["detail"], refused
    r = send("surveyor", "/my/surveys/1", typed + kept + [("checked[]", "true")], [])
    assert r.status == 303, (r.status, r.text[-900:])
    assert "签字前已核对这一差别" in page("ap-natural-resources", "/w/surveys/1")
    blobs = {who(a).view("/w/surveys/1")["blob"] for a in ("ap-natural-resources", "ap-housing-construction", "hd-natural-resources", "hd-housing-construction")}
    assert len(blobs) == 1
    off = "测得的总建筑面积 12000.5 ㎡，登记项目时申报的建筑面积 1200 ㎡，多 10800.5 ㎡，约 900%，超过 3%（示例）"
    for account, at in (("surveyor", "/my/surveys/1"), ("owner", f"/my/{no}/survey/1"), ("ap-natural-resources", "/w/surveys/1")):
        assert off in page(account, at), (account, at)
        text = page(account, at)
        assert "1200 ㎡　测得的比它多 10800.5 ㎡，约 900%" in text and ("接下来" in text) == (account == "surveyor"), (account, at)
    after = page("surveyor", "/my/surveys/1")
    assert f"已发消息告诉建设单位：{FIRM}" in after and "交出的成果不能改" in after and "再委托一次补测、重测" in after, after[-3000:]
    assert re.search("已发消息告诉各部门：[^<]*市自然资源局[^<]*市住房城乡建设局", after), after[-3000:]
    for account, link in (("owner", "/my/surveys/1"), ("ap-natural-resources", "/w/surveys/1")):
        told = [m for m in who(account).view("/msg")["messages"] if m["title"].startswith("联合测绘")]
        assert told[0]["title"] == "联合测绘成果已交" and told[0]["link"] == link, (account, told)
        assert all(m["done"] for m in told[1:]), told
    for account in ("ap-natural-resources", "ap-housing-construction"):
        assert client.as_user(account).get(f"/w/surveys/1/file/{list(blobs)[0]}").text.startswith("%PDF")
        assert "2019-示例-1" in page(account, "/w/surveys/1")
    assert client.as_user("ap-water").get("/w/surveys/1").status == 404
    assert "多测合一 CH-2026-0001" in page("owner", f"/my/{no}/library")


def test_s11_a_second_paid_survey_of_the_same_kind_raises_a_warning(state):
    no = state["survey"]
    again = [("act", "again"), ("surveyor", "1"), ("parts[]", "property"), ("fee", "8000")]
    r = send("owner", f"/my/{no}/survey", again)
    assert r.status == 409 and "重复测绘：房产测绘（不动产登记）已经在 CH-2026-0001 里委托过" in r.text, (r.status, r.text[-900:])
    r = send("owner", f"/my/{no}/survey", again + [("reason", "分户调整以后要重新测绘，原成果不能用。")])
    assert r.status == 303, (r.status, r.text[-900:])
    rows = who("wu").view("/w/surveys?view=repeat")["surveys"]
    assert [(s["number"], s["reason"]) for s in rows] == [("CH-2026-0002", "分户调整以后要重新测绘，原成果不能用。")], rows


def test_s11_the_acceptance_uses_the_result_without_its_being_submitted_again(state):
    no = state["survey"]
    through(no, 1)
    through(no, 2, air_defence=True)
    through(no, 3, **NEEDS)
    shows = {x["label"]: x["text"] for x in who("owner").view(f"/cert/{no}/3")["shows"]}
    assert set(shows) >= {"施工单位", "建筑面积"} and any(v.endswith(" ㎡") for v in shows.values()), shows
    printed, sheet = (client.as_user("owner").get(f"/cert/{no}/3/{kind}") for kind in ("pdf", "ofd"))
    pdf = re.sub(r"\s", "", subprocess.run(["pdftotext", "-", "-"], input=printed.body, capture_output=True).stdout.decode())
    with zipfile.ZipFile(io.BytesIO(sheet.body)) as z:
        ofd = "".join(re.sub(r"<[^>]*>|\s", "", z.read(n).decode()) for n in sorted(z.namelist()) if "/Pages/" in n)
    for label, text in shows.items():  # what stands on the page stands in the files
        wanted = re.sub(r"\s", "", label + text)
        assert wanted in pdf and wanted in ofd, (wanted, pdf)
    known = next(m for m in who("owner").view(f"/my/{no}/stage/4")["materials"] if m["code"] == "survey-result")["known"]
    assert known["source"] == "多测合一 CH-2026-0001" and known["name"] == "联合测绘成果.pdf", known
    measured = who("owner").view(f"/my/{no}/survey/1")
    stands = {f["name"]: f["value"] for f in who("owner").view(f"/my/{no}/stage/4")["fields"]}
    assert stands["f_survey_agency"] == measured["surveyor"] and stands["f_built_area"] == measured["total"], (stands, measured)
    dispatch(no, 4)
    file = next(f for f in who("wang").view(f"/w/c/{no}/4")["files"] if f["material"] == "联合测绘成果（多测合一）")
    assert file["source"] == "多测合一 CH-2026-0001", file
    who("owner").ask("acceptance.start", project=int(no), **{"from": "2026-11-26"})
    a = next(x["no"] for x in who("ap-natural-resources").view("/w/a")["acceptances"] if x["project_name"] == "多测合一示例")
    for account in ("ap-natural-resources", "ap-housing-construction"):
        assert client.as_user(account).get(f"/api/v1/w/a/{a}").json["survey"]["href"] == "/w/surveys/1"
        assert "面积相差较大" in page(account, f"/w/a/{a}"), account
    item = next(i["code"] for i in who("wang").view(f"/w/c/{no}/4")["here"]["items"] if i["unit"] == "natural-resources")
    assert "面积相差较大" in page("ap-natural-resources", f"/w/t/{no}/4/{item}"), item
    assert "survey" not in who("ap-water-company").view(f"/w/a/{a}")  # it takes part, and measures nothing
    who("owner").ask("acceptance.withdraw", f"acceptance/{a}", reason="示例到此为止，先撤回")


run(globals())
