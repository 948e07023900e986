# SPDX-License-Identifier: Apache-2.0
"""S35, S20, S21 with their values. `first`: everything; `later`: a fortnight afterwards; `last`: another week."""
import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import client
from steps import FIRM, page, register, run, uscc_of, wait_for, who

# ---- S35 --------------------------------------------------------------------------------------------------------


def in_charge(unit, day):
    view = client.Jar().get(f"/api/v1/s/leaders?unit={unit}&day={day}").json["asked"]
    return [(a["relation_label"], a["leader"]) for a in view["answers"]]


def test_s35_who_is_in_charge_is_answered_for_a_day(state):
    assert in_charge("business-environment", "2019-09-01") == [("分管", "朱云")]
    assert in_charge("natural-resources", "2019-09-01") == [("分管", "马文志")]
    assert in_charge("audit", "2019-09-01") == [("分管", "王力威"), ("协助分管", "马文志")]
    assert in_charge("audit", "2019-07-01") == []
    nobody = client.Jar().get("/s/leaders?unit=audit&day=2019-07-01").text
    assert "未收录" in nobody and "朱云" not in nobody
    assert client.Jar().get("/s/leaders?day=yesterday").status == 422
    assert client.Jar().get("/s/leaders?unit=nobody").status == 404


def test_s35_the_counts_are_those_of_the_document(state):
    leaders = client.Jar().get("/api/v1/s/leaders?day=2019-09-01").json["leaders"]
    counts = [(le.get("charge_count", 0), le.get("liaison_count", 0)) for le in leaders]
    assert counts == [(1, 3), (3, 5), (5, 3), (11, 14), (9, 6), (23, 9), (2, 4), (0, 0)], counts


def test_s35_the_public_page_shows_duties_address_hours_and_contact(state):
    html = client.Jar().get("/s/leaders?unit=housing-construction").text
    assert "马文志" in html and "负责乡村振兴、民政、财税、自然资源、城建规划" in html
    assert "电话：" in html and "地址：" in html and "时间：" in html


def test_s35_a_change_is_entered_and_holds_from_its_day(state):
    html = page("sys", "/adm/portfolio")
    assert "63 号文件" in html
    sys_ = client.as_user("sys")
    bad = sys_.post("/adm/portfolio", [("act", "change"), ("from", "2026-12-01"), ("document", "葫政办发〔2026〕示例号"), ("rows", "朱云：主管：市教育局")])
    assert bad.status == 422 and "只能是分管、协助分管" in bad.text and "朱云：主管：市教育局" in bad.text, bad.status
    done = sys_.post("/adm/portfolio", [("act", "change"), ("from", "2026-12-01"), ("document", "葫政办发〔2026〕示例号"),
                                        ("rows", "胡伟：分管：营商环境建设局（行政审批局）、教育局、市医疗保障局\n无：协助分管：市审计局")])
    assert done.status == 303, (done.status, done.text[:400])
    assert in_charge("business-environment", "2026-11-30") == [("分管", "朱云")]
    assert in_charge("business-environment", "2026-12-01") == [("分管", "胡伟")]
    assert in_charge("education", "2026-12-01") == in_charge("medical-security", "2026-12-01") == [("分管", "胡伟")]
    assert in_charge("audit", "2026-12-01") == [("分管", "王力威")]
    assert who("wu").ask("portfolio.change", status=403, **{"from": "2026-12-01", "document": "示例文件", "rows": [{"unit": "audit", "relation": "charge", "leader": "朱云"}]})
    assert "不再有人" in page("sys", "/adm/portfolio")


# ---- S20 --------------------------------------------------------------------------------------------------------


def test_s20_every_clock_is_on_one_board_and_opens_into_its_list(state):
    uscc = uscc_of("owner")
    no = register("owner", uscc, FIRM)
    state["case"] = no
    api.submit(who("owner"), no, 1)
    board = {k["kind"]: k for k in who("wu").view("/w/super/lamps")["kinds"]}
    assert board["answer"]["green"] == 1 and board["stage"]["green"] == 0, board
    who("wang").ask("stage.accept", f"project/{no}", stage=1)
    who("owner").ask("consult.ask", unit="water", subject="防洪评价", question="拟建厂区临河，需要做防洪评价吗？", open=False)
    board = {k["kind"]: k for k in who("wu").view("/w/super/lamps")["kinds"]}
    assert board["answer"]["green"] == 0 and board["stage"]["green"] == 1 and board["consult"]["green"] == 1, board
    rows = who("wu").view("/w/super/lamps?kind=stage&lamp=green")["clocks"]
    assert [(r["unit_name"], r["limit"], r["used"]) for r in rows] == [("工程建设项目审批综合服务窗口", 7, 0)], rows
    assert client.as_user("ap-water").get("/w/super/lamps").status == 403


def test_s21_the_goals_due_at_the_end_of_may_were_over_when_published(state):
    goals = who("wu").view("/w/super/goals?due=2019-05-31")
    assert goals["total"] == 12 and all(g["before_issue"] for g in goals["goals"]), goals["total"]
    assert page("wu", "/w/super/goals?due=2019-05-31").count("发布时已过期") == 12 + 1  # and the sentence that explains it


def test_s21_orders_go_to_the_three_lead_departments(state):
    wu = client.as_user("wu")
    for n, unit in enumerate(["development-reform", "natural-resources", "housing-construction"], 1):
        page("wu", "/w/super/orders/new?goal=parallel")
        typed = [("act", "send"), ("unit", unit), ("subject", "制定并实施并联审批管理办法"), ("demand", "请报办理情况和完成的日期"), ("days", "2"), ("milestone", "parallel")]
        done = wu.post("/w/super/orders/new", typed)
        assert done.status == 303 and done.get("location") == f"/w/orders/{n}", (done.status, done.text[:300])
        view = who("wu").view(f"/w/orders/{n}")
        assert (view["number"], view["level"], view["reply_by"]) == (f"DBD-2026-000{n}", "department", "2026-11-27"), view
    page("wu", "/w/super/orders/new")
    bad = wu.post("/w/super/orders/new", [("act", "send"), ("unit", "natural-resources"), ("subject", "并联审批"), ("demand", "快")])
    assert bad.status == 422 and "并联审批" in bad.text and 'id="send-demand-e"' in bad.text, bad.status
    by_day = lambda **more: wu.post("/w/super/orders/new", list({"act": "send", "unit": "water", "subject": "汛期检查", "demand": "报检查情况", **more}.items()))
    for more, says in ({"reply_on": "2026-12-05"}, "不是工作日，请写 2026-12-07"), ({"reply_on": "2026-11-25"}, "最早写 2026-11-26"), \
                      ({"reply_on": "2027-12-31"}, "最多 60 个工作日"), ({"reply_on": "2026-12-04", "days": "3"}, "只写一样"), ({"reply_on": "下周"}, "写成日期"):
        page("wu", "/w/super/orders/new")
        bad = by_day(**more)
        assert bad.status == 422 and 'id="send-reply_on-e"' in bad.text and says in bad.text and "汛期检查" in bad.text, (more, bad.status)
    page("wu", "/w/super/orders/new")
    done = by_day(reply_on="2026年12月4日").get("location")
    view = who("wu").view(done)
    assert (view["reply_by"], view["days"]) == ("2026-12-04", 7) and "2026年12月4日</time>（7 个工作日）" in page("wu", done), view
    page("wu", done)
    assert wu.post(done, [("act", "close"), ("reason", "试发，撤回")]).status == 303
    mine = who("hd-natural-resources").view("/w/orders")["directives"]
    assert [d["number"] for d in mine] == ["DBD-2026-0002"], mine
    waits = {w["label"]: (w["n"], w["late"], w["href"]) for w in who("hd-natural-resources").view("/w")["waits"]}
    assert waits["督办单等您回复"] == (1, 0, "/w/orders?status=owed"), waits
    told = [m for m in who("hd-natural-resources").view("/msg")["messages"] if m["title"] == "收到督办单"]
    assert [(m["text"], m["link"]) for m in told] == [("督办单 DBD-2026-0002：制定并实施并联审批管理办法。请在 2026-11-27 前回复。", "/w/orders/2")], told
    assert "督办单等您回复" not in [w["label"] for w in who("ap-natural-resources").view("/w")["waits"]], "the department answers by its head"
    assert not who("ap-natural-resources").view("/msg")["messages"]
    assert who("ap-water").view("/w/orders")["total"] == 0
    found = client.as_user("hd-natural-resources").get("/s?q=dbd-2026-0002")
    assert found.status == 303 and found.get("location") == "/w/orders/2", (found.status, found.get("location"))
    assert client.as_user("ap-water").get("/s?q=DBD-2026-0002").status == 200, "whoever may not open it finds none"
    assert client.as_user("owner").get("/s?q=DBD-2026-0002").status == 200
    assert client.as_user("wang").get("/s?q=" + "%E4%BD%8F%E5%AE%85%E5%B0%8F%E5%8C%BA").status == 200, "住宅小区 is no number"
    trail = client.as_user("audit").get("/s?q=DBD-2026-0002")
    assert trail.status == 303 and trail.get("location") == "/audit?about=DBD-2026-0002", (trail.status, trail.get("location"))
    sent = next(e for e in who("audit").view("/audit?about=DBD-2026-0002")["events"] if e["kind"] == "directive.issued")
    assert sent["rights"].startswith("发给市自然资源局负责人（"), sent
    assert client.as_user("ap-water").get("/w/orders/2").status == 404
    assert client.as_user("owner").get("/w/orders").status == 403


def test_s20_the_recipient_replies_and_closing_needs_a_reason(state):
    head = client.as_user("hd-natural-resources")
    assert "回复督办单" in page("hd-natural-resources", "/w/orders/2") and "办结督办单" not in page("hd-natural-resources", "/w/orders/2")
    early = head.post("/w/orders/2", [("act", "reply"), ("reply", "已经起草"), ("promised", "2026-11-01")])
    assert early.status == 422 and "不能早于今天" in early.text and "已经起草" in early.text, early.status
    assert head.post("/w/orders/2", [("act", "reply"), ("reply", "已经起草，正在征求意见"), ("promised", "2026-12-04")]).status == 303
    assert "督办单等您回复" not in [w["label"] for w in who("hd-natural-resources").view("/w")["waits"]]
    matters = {o["label"]: o["n"] for o in who("wu").view("/w/super")["matters"]}
    assert matters["督办单已回复，看要不要办结"] == 1 and "DBD-2026-0002：制定并实施并联审批管理办法。已经回复，承诺 2026-12-04 办结" in page("wu", "/msg"), matters
    wu = client.as_user("wu")
    page("wu", "/w/orders/2")
    bad = wu.post("/w/orders/2", [("act", "close"), ("reason", "")])
    assert bad.status == 422 and "理由" in bad.text, bad.status
    assert wu.post("/w/orders/2", [("act", "close"), ("reason", "办法已经印发，文号已经登记")]).status == 303
    view = who("wu").view("/w/orders/2")
    assert view["status"] == "closed" and view["close_reason"] == "办法已经印发，文号已经登记"


def test_s20_a_random_sample_of_five_is_listed_before_its_number_exists(state):
    for _ in range(6):
        register("owner", uscc_of("owner"), FIRM)
    page("wu", "/w/super/samples")
    wu = client.as_user("wu")
    bad = wu.post("/w/super/samples", [("act", "list"), ("size", "5"), ("source", "今天的开奖号码"), ("day", "2026-11-25")])
    assert bad.status == 422 and "明天以后" in bad.text and "今天的开奖号码" in bad.text, bad.status
    done = wu.post("/w/super/samples", [("act", "list"), ("size", "5"), ("source", "2026-12-08 福彩3D开奖号码"), ("day", "2026-12-08")])
    assert done.status == 303 and done.get("location") == "/w/super/samples/1", (done.status, done.text[:300])
    view = client.Jar().get("/api/v1/s/samples/1").json
    assert view["pool"] == 7 and view["hash"] == hashlib.sha256("".join(n + "\n" for n in view["list"]).encode()).hexdigest()
    assert "到 2026-12-08 才产生" in who("wu").ask("sample.draw", "sample/1", status=409, number="713")["detail"]


def test_s21_the_bureau_looks_into_any_case_at_any_time(state):
    assert "前期办理示例" in page("wu", f"/w/p/{state['case']}")


def test_signs_are_judged_and_their_precision_is_told(state):
    assert "线索准不准" in page("wu", "/w/super/signs")
    missing = client.as_user("wu")
    page("wu", "/w/super/signs/quick-1")
    r = missing.post("/w/super/signs/quick-1", [("act", "judge"), ("verdict", "true"), ("reason", "看过办件和材料")])
    assert r.status != 303 and "没有线索" in r.text and "看过办件和材料" in r.text, r.status


def test_s21_a_talk_with_jianchang_is_recorded(state):
    page("wu", "/w/super/talks")
    wu = client.as_user("wu")
    talk = [("act", "record"), ("whom", "建昌县政府"), ("unit", "jianchang"), ("day", "2026-11-25"), ("about", "配套幼儿园移交迟缓"), ("demand", "月底前完成移交"),
            ("until", "2026-11-30"), ("directive", "1")]
    done = wu.post("/w/super/talks", talk)
    assert done.status == 303 and done.get("location") == "/w/super/talks/1", (done.status, done.text[:300])
    assert "建昌县政府" in page("wu", "/w/orders/1") and "登记约谈" not in page("hd-development-reform", "/w/orders/1")
    page("wu", "/w/super/talks/1")
    assert wu.post("/w/super/talks/1", [("act", "end"), ("outcome", "已经移交")]).status == 303


# ---- a fortnight later: the server was off in between --------------------------------------------------------------


def later_s20_what_turned_red_has_its_order_the_longest_overdue_first(state):
    wait_for(lambda: who("wu").view("/w/super/orders?status=all")["total"] >= 5)
    rows = who("wu").view("/w/super/orders?status=all")["directives"]
    kinds = {d["kind"]: d for d in rows if d["kind"] != "manual"}
    assert kinds["stage"]["unit_name"] == "工程建设项目审批综合服务窗口" and kinds["stage"]["level"] == "department", kinds
    assert kinds["consult"]["unit_name"] == "市水利局" and kinds["consult"]["level"] == "section", kinds
    dues = [(d["no"], who("wu").view(f"/w/orders/{d['no']}")["due"]) for d in rows if d["kind"] != "manual"]
    assert [x[1] for x in sorted(dues)] == sorted(x[1] for x in dues), dues
    board = who("wu").view("/w/super/lamps?kind=stage&lamp=red")["clocks"]
    assert board[0]["directive_number"] == kinds["stage"]["number"], board
    assert kinds["consult"]["number"] in page("ap-water", "/w/orders")
    # Whoever may reply is told, and finds it on the home: those who work there on the lower rung, the heads on the upper one.
    told = lambda account: [m["text"] for m in who(account).view("/msg")["messages"] if m["title"] == "收到督办单"]
    owed = lambda account: {w["label"]: w["n"] for w in who(account).view("/w")["waits"]}.get("督办单等您回复", 0)
    assert any(kinds["consult"]["number"] in text for text in told("ap-water")) and owed("ap-water"), told("ap-water")
    assert any(kinds["stage"]["number"] in text for text in told("zhao")) and owed("zhao"), told("zhao")
    assert not any(kinds["stage"]["number"] in text for text in told("wang")) and not owed("wang"), told("wang")


def later_s20_silence_went_up_one_rung_and_the_reply_has_its_time_again(state):
    view = who("wu").view("/w/orders/1")
    assert view["level"] == "bureau" and view["reply_by"] == "2026-12-11", view
    assert view["steps"][-1]["text"].startswith("到期没有回复，升到市营商局"), view["steps"]
    risen = [m for m in who("wu").view("/msg")["messages"] if m["title"] == "督办单升级到您这里" and view["number"] in m["text"]]
    assert len(risen) == 1 and "请在 2026-12-11 前回复" in risen[0]["text"], risen
    assert [m["done"] for m in who("hd-development-reform").view("/msg")["messages"] if view["number"] in m["text"]] == [True], "it is not theirs any more"
    assert who("wu").view("/w/super/orders?status=late")["total"] == 0  # nobody is late whose day began today


def later_s20_anyone_draws_the_same_five(state):
    who("wu").ask("sample.draw", "sample/1", number="713")
    view = client.Jar().get("/api/v1/s/samples/1").json
    lots = sorted(view["list"], key=lambda n: hashlib.sha256(f"{view['hash']} 713 {n}".encode()).hexdigest())
    assert [p["number"] for p in view["picked"]] == lots[:5], view["picked"]
    assert "sha256sum" in client.Jar().get("/s/samples/1").text and "1" in client.Jar().get("/s/samples").text
    for n in lots[:5]:
        who("wu").ask("sample.look", "sample/1", case=n, result="fine", note="材料齐全，时限内办理")
    assert who("wu").view("/w/super/samples/1")["status"] == "done"


def last_s21_no_reply_drafts_a_notice_with_department_task_and_days(state):
    wait_for(lambda: who("wu").view("/w/bulletins")["bulletins"])
    rows = who("wu").view("/w/bulletins/1")["rows"]
    assert [(r["unit_name"], r["task"]) for r in rows if r["number"] == "DBD-2026-0001"] == [("市发展改革委", "制定并实施并联审批管理办法")], rows
    assert all(r["days"] >= 2 for r in rows)
    assert client.as_user("hd-water").get("/w/bulletins/1").status == 404  # not yet sent
    page("wu", "/w/bulletins/1")
    assert client.as_user("wu").post("/w/bulletins/1", [("act", "save"), ("text", "写了一半的<正文>")]).status == 303
    assert "写了一半的&lt;正文&gt;" in page("wu", "/w/bulletins/1") and "只有监督部门看得到" in page("wu", "/w/bulletins/1")
    assert client.as_user("leader").get("/w/bulletins/1").status == 404 and "写了一半" not in page("hd-water", "/w/bulletins")
    assert client.as_user("wu").post("/w/bulletins/1", [("act", "issue"), ("text", "下列单位过期没有回复，现予通报。")]).status == 303
    assert "href=\"/w/orders/" in page("wu", "/w/bulletins/1")
    assert "TBG-2026-0001" in page("hd-water", "/w/bulletins") and "市发展改革委" in page("hd-water", "/w/bulletins/1")


def last_s35_an_escalated_order_of_the_housing_bureau_goes_to_ma_wenzhi(state):
    wait_for(lambda: who("wu").view("/w/orders/3")["level"] == "leader")
    view = who("wu").view("/w/orders/3")
    assert view["to_name"] == "马文志", view
    assert "DBD-2026-0003" in page("ma", "/w/orders")
    assert "DBD-2026-0003" in page("hd-housing-construction", "/w/orders") and "已升级到分管市领导" in page("hd-housing-construction", "/w/orders")
    # Whoever is in charge without an account is answered for by any of them, who reads so; where he has one, by nobody else.
    assert who("wu").view("/w/orders/1")["to_name"] == "胡伟"
    assert "督办单等您回复 1 件" in page("leader", "/w/stats/sheet")
    says = "没有本系统的账号，哪位市领导都可以回复"
    assert "胡伟" + says in page("leader", "/w/orders/1") and says not in page("ma", "/w/orders/3") and says not in page("wu", "/w/orders/1")
    head = client.as_user("hd-housing-construction")
    page("hd-housing-construction", "/w/orders/3")
    assert head.post("/w/orders/3", [("act", "note"), ("text", "办法正在会签，本周印发")]).status == 303
    assert "责任单位补充办理情况：办法正在会签" in page("ma", "/w/orders/3") and who("wu").view("/w/orders/3")["level"] == "leader"
    assert "由收件人回复" in who("zhu").ask("directive.reply", "directive/3", status=403, reply="已经部署", promised="2026-12-31")["detail"]
    who("ma").ask("directive.reply", "directive/3", reply="已经部署，十二月底前印发", promised="2026-12-31")


run(globals())
