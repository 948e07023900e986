# SPDX-License-Identifier: Apache-2.0
"""S37, S26, S24, S33, S28 with their values. `first`: everything; `later`: a fortnight afterwards."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
from api import PDF
from steps import FIRM, decide, dispatch, page, register, run, uscc_of, wait_for, who

# ---- S37 bodies, seats, authorisation -----------------------------------------------------------------------------


def test_s37_the_body_has_29_units_and_9_regions(state):
    view = client.Jar().get("/api/v1/s/bodies").json
    body = view["bodies"][0]
    assert body["name"] == "葫芦岛市工程建设项目审批制度改革领导小组" and (len(body["units"]), len(body["regions"])) == (29, 9)
    assert [u["name"] for u in body["regions"]][:2] == ["兴城市政府", "绥中县政府"] and body["others"] == ["市政府分管副秘书长"]
    html = client.Jar().get("/s/bodies").text
    assert "成员单位 29 个" in html and "县（市）区和开发区 9 个" in html and "/clause/D60-6.19.1" in html


def test_s37_the_seats_are_39_and_come_from_seven_places(state):
    view = client.Jar().get("/api/v1/s/bodies").json
    assert view["seats"] == 39 and [g["seats"] for g in view["groups"]] == [16, 2, 1, 6, 4, 1, 9], view["groups"]
    utilities = {p["unit_name"]: p["seats"] for p in view["posts"] if p["name"].endswith("接入窗口")}
    assert utilities == {"葫芦岛供电公司": 1, "市自来水公司": 1, "市政排水": 1, "燃气公司": 1, "供热公司": 2, "通信公司": 3}, utilities
    assert "窗口编制 39 人" in client.Jar().get("/s/bodies").text


def test_s37_one_person_too_many_is_entered_and_warned_of(state):
    zhao = client.as_user("zhao")
    groups = {g["name"]: g for g in who("zhao").view("/w/seats")["groups"]}
    assert groups["市生态环境局"]["over"] == 1 and groups["市住房城乡建设局"]["over"] == 0, groups  # the demonstration has two persons on one seat
    assert "超编 1 人" in page("zhao", "/w/seats") and "超编 1 人" in client.Jar().get("/s/bodies").text
    wrong = zhao.post("/w/seats", [("act", "second"), ("account", "nobody"), ("post", "seat-natural"), ("fit", "土地管理专业"), ("discipline", "true")])
    assert wrong.status == 422 and "没有账号“nobody”" in wrong.text and "土地管理专业" in wrong.text, wrong.status
    page("zhao", "/w/seats")
    no = zhao.post("/w/seats", [("act", "second"), ("account", "ap-drainage-company"), ("post", "seat-drainage"), ("fit", "给排水专业"), ("discipline", "false")])
    assert no.status == 422 and "接受窗口统一领导" in no.text, no.status
    page("zhao", "/w/seats")
    done = zhao.post("/w/seats", [("act", "second"), ("account", "ap-drainage-company"), ("post", "seat-drainage"), ("fit", "给排水专业"), ("discipline", "true")])
    assert done.status == 303 and done.get("location") == "/w/seats/ap-drainage-company", (done.status, done.text[:400])
    assert "给排水专业" in page("zhao", "/w/seats/ap-drainage-company")
    assert who("zhao").ask("user.second", "user/ap-drainage-company", status=409, post="seat-drainage", fit="给排水专业", discipline=True)
    assert client.as_user("hd-water").post("/w/seats", [("act", "second")]).status == 403
    asked = who("sys").ask("access.create", id="ap3-drainage", name="程某", roles="approver", unit="drainage-company", reason="第三名窗口人员")
    who("sec").ask("access.approve", asked["stream"])
    assert who("zhao").ask("user.second", "user/ap3-drainage", post="seat-drainage", fit="给排水专业", discipline=True)["answer"]["over"] == 1
    # the utilities together have nine seats, so the group is not over; the unit is
    assert "超编" in page("zhao", "/w/seats/ap3-drainage")


def test_s37_whoever_is_not_authorised_for_an_item_cannot_sign_it(state):
    no = register("owner", uscc_of("owner"), FIRM)
    items = dispatch(no, 1)
    item = next(i for i in items if i["unit"] == "natural-resources")
    head = client.as_user("hd-natural-resources")
    html = page("hd-natural-resources", "/w/seats/ap-natural-resources")
    assert "收回授权" in html
    done = head.post("/w/seats/ap-natural-resources", [("act", "revoke"), ("item", item["code"]), ("reason", "岗位调整")])
    assert done.status == 303, done.text[:300]
    refused = decide(no, 1, item, status=403)
    assert "没有办理" in refused["detail"] or "已经失效" in refused["detail"], refused
    assert refused["clause"] == "D60-6.19.2-p2" and refused["field"] == "signature", refused
    assert "不能签字" in page("ap-natural-resources", f"/w/t/{no}/1/{item['code']}")
    other = client.as_user("hd-water")
    assert other.get("/w/seats/ap-natural-resources").status == 404
    page("hd-natural-resources", "/w/seats/ap-natural-resources")
    late = head.post("/w/seats/ap-natural-resources", [("act", "authorise"), ("items[]", item["code"]), ("from", "2026-11-25"), ("until", "2026-11-24"), ("document", "授权书2号")])
    assert late.status == 422 and "不能早于" in late.text and "授权书2号" in late.text, late.status
    page("hd-natural-resources", "/w/seats/ap-natural-resources")
    given = head.post("/w/seats/ap-natural-resources", [("act", "authorise"), ("items[]", item["code"]), ("from", "2026-11-25"), ("document", "授权书2号")])
    assert given.status == 303, given.text[:300]
    decide(no, 1, item, take=False)
    assert "授权书2号" in page("zhao", "/w/seats/ap-natural-resources")


def test_s37_the_three_conditions_of_a_seconded_person_are_shown(state):
    html = page("zhao", "/w/seats/ap2-ecology-environment")
    assert "符合岗位要求" in html and "授权以前不能签字" in html and "接受窗口统一领导" in html
    assert "授权没有到位" in page("zhao", "/w/seats")
    assert client.as_user("owner").get("/w/seats").status == 403


# ---- S26 supporting rules ---------------------------------------------------------------------------------------


def test_s26_the_dated_duties_of_the_document_are_seeded(state):
    rules = who("wu").view("/w/rules")["rules"]
    due = lambda day: [r for r in rules if r.get("due") == day]
    assert len(due("2019-05-31")) == 12 and all(r["before_issue"] for r in due("2019-05-31"))
    assert len([r for r in due("2019-06-30") if r["leads"]]) == 3 and len(due("2019-12-31")) == 2
    assert not any(r["before_issue"] for r in rules if r.get("due") != "2019-05-31")
    assert all(r["source"]["clause"].startswith("D60-") for r in rules if not r.get("basis")), rules
    html = page("wu", "/w/rules")
    assert html.count("发布时已逾期") == 12 + 1 and "/clause/D60-2.8.2-p1" in html


def test_s26_an_uploaded_rule_is_issued_with_number_and_day(state):
    missing = {d["name"]: d["missing"] for d in who("wu").view("/w/rules")["debts"]}
    head = client.as_user("hd-housing-construction")
    path = "/w/rules/acceptance"
    page("hd-housing-construction", path)
    typed = [("act", "issue"), ("title", "工程建设项目联合验收办法"), ("number", "葫建发〔2026〕12号"), ("day", "2026-11-24")]
    bare = head.files(path, typed, [])
    assert bare.status == 422 and "请上传文件正文" in bare.text and "葫建发〔2026〕12号" in bare.text, bare.status
    page("hd-housing-construction", path)
    done = head.files(path, typed, [("file", "联合验收办法.pdf", PDF)])
    assert done.status == 303, (done.status, done.text[:400])
    row = next(r for r in who("wu").view("/w/rules")["rules"] if r["code"] == "acceptance")
    assert (row["status_label"], row["number"], row["day"], row["title"]) == ("已出台", "葫建发〔2026〕12号", "2026-11-24", "《工程建设项目联合验收办法》"), row
    now = {d["name"]: d["missing"] for d in who("wu").view("/w/rules")["debts"]}
    assert now["市住房城乡建设局"] == missing["市住房城乡建设局"] - 1 and now["市发展改革委"] == missing["市发展改革委"]
    assert "已出台 葫建发〔2026〕12号" in page("wu", "/w/super/goals")


def test_s26_the_public_column_lists_it_and_gives_the_file(state):
    html = client.Jar().get("/s/rules").text
    assert "《工程建设项目联合验收办法》" in html and "葫建发〔2026〕12号" in html and "发布时已逾期" in html
    edition = next(r for r in client.Jar().get("/api/v1/s/rules").json["rules"] if r["code"] == "acceptance")["edition"]
    file = client.Jar().get(f"/s/rules/acceptance/{edition}")
    assert file.status == 200 and file.body == PDF, file.status
    assert client.Jar().get("/s/rules/acceptance/99").status == 404 and client.Jar().get("/s/rules/nothing/1").status == 404


def test_s26_what_a_department_still_owes_is_a_list(state):
    view = who("wu").view("/w/rules?unit=development-reform&status=late")
    debts = {d["name"]: d["missing"] for d in who("wu").view("/w/rules")["debts"]}
    owed = view["total"] + who("wu").view("/w/rules?unit=development-reform&status=open")["total"]
    assert owed == debts["市发展改革委"] and all("市发展改革委" in r["leads"] for r in view["rules"])
    assert client.as_user("ap-water").get("/w/rules").status == 403


# ---- S24 problems and answers -----------------------------------------------------------------------------------


def report(account, subject):
    jar = client.as_user(account)
    page(account, "/w/feedback")
    done = jar.post("/w/feedback", [("act", "report"), ("subject", subject), ("text", "人防要求的图纸与规划核实的图纸版本不同")])
    assert done.status == 303, (done.status, done.text[:300])
    return done.get("location")


def test_s24_a_county_reports_and_the_housing_bureau_answers(state):
    at = report("ap-suizhong", "联合验收的图纸要求不一致")
    view = who("ap-suizhong").view(at)
    assert (view["unit_name"], view["owner_name"], view["due"]) == ("绥中县政府", "市住房城乡建设局", "2026-12-02"), view
    assert client.as_user("ap-water").get(at).status == 404 and client.as_user("owner").get(at).status == 403
    hc = client.as_user("hd-housing-construction")
    page("hd-housing-construction", at)
    empty = hc.post(at, [("act", "answer"), ("answer", "")])
    assert empty.status == 422 and "答复" in empty.text
    page("hd-housing-construction", at)
    assert hc.post(at, [("act", "answer"), ("answer", "以规划核实的图纸为准，各部门共用一套。")]).status == 303
    assert "以规划核实的图纸为准" in page("ap-suizhong", at)
    assert client.as_user("ap-suizhong").post(at, [("act", "solve")]).status == 303
    state["solved"] = at


def test_s24_a_solved_problem_becomes_a_question_and_answer(state):
    hc, at = client.as_user("hd-housing-construction"), state["solved"]
    html = page("hd-housing-construction", at)
    assert "以规划核实的图纸为准" in html and "公布为常见问题" in html
    assert hc.post(at, [("act", "publish"), ("question", "联合验收要交几套图纸？"), ("answer", "一套。以规划核实的图纸为准，各部门共用。")]).status == 303
    public = client.Jar().get("/s/answers").text
    assert "联合验收要交几套图纸？" in public and "各部门共用" in public and "绥中" not in public


# ---- S33 the ledger of kindergartens ---------------------------------------------------------------------------------


def ledger(account, path, *fields):
    page(account, path)
    return client.as_user(account).post(path, list(fields))


PAST = "文件规定的期限（2019年9月30日）在登记前已过"  # it counts as late all the same, and says why


def test_s33_an_estate_says_what_has_to_be_built_and_by_when(state):
    wrong = ledger("ap-suizhong", "/w/l/kindergarten/new", ("act", "add"), ("name", "东港小区"), ("households", "1600"), ("state", "built"))
    assert wrong.status == 422 and "请填写“问题”" in wrong.text and "东港小区" in wrong.text, wrong.status
    for households, people, size in (("1600", "", "6 班 1 所"), ("4100", "", "12 班 1 所"), ("1499", "4900", "")):
        new = ledger("ap-suizhong", "/w/l/kindergarten/new", ("act", "add"), ("name", f"东港小区{households}户𠮷"), ("households", households), ("people", people), ("state", "built"),
                     ("issue", "transfer"), ("measure", "purchase"))
        state["estate"] = new.get("location")
        view = who("ap-suizhong").view(state["estate"])
        assert view["size"] == size and view["by"] == "2019-09-30" and view["lamp"]["code"] == "red", view
        assert view["lamp"]["text"] == "超期 2613 天", view["lamp"]  # 2019-09-30 to 2026-11-25
        assert view["past"] == PAST and all(r["past"] == PAST for r in who("ap-suizhong").view("/w/l/kindergarten?lamp=red")["rows"]), view
        assert PAST in page("ap-suizhong", state["estate"]) and PAST in page("ap-suizhong", "/w/l/kindergarten")
    assert "没有达到配建的户数、人数" in page("hd-education", state["estate"]) and "东港小区1499户𠮷" in client.Jar().get("/s/l/kindergarten").text
    rows = client.as_user("ap-suizhong").get("/w/l/kindergarten?format=csv").text
    assert rows.count("东港小区") == 3 and "应配" in rows
    for lamp in ("red", "green"):
        assert all(r["lamp"]["code"] == lamp for r in who("hd-education").view(f"/w/l/kindergarten?county=&lamp={lamp}")["rows"])


def test_s33_no_profit_and_no_private_one_below_half(state):
    edit = state["estate"] + "/edit"
    same = [("act", "change"), ("state", "built"), ("issue", "transfer")]
    no = ledger("ap-suizhong", edit, *same, ("nature", "profit"))
    assert no.status == 422 and "不得办成营利性幼儿园" in no.text, no.status
    assert ledger("ap-education", "/w/l/kindergarten/city", ("act", "share"), ("unit", "suizhong"), ("share", "49"), ("as_of", "2026-10-31")).status == 303
    no = ledger("ap-suizhong", edit, *same, ("nature", "inclusive"))
    assert no.status == 409 and "49%" in no.text, no.status
    assert client.as_user("ap-water").get(edit).status == 403 and ledger("ap-suizhong", edit, *same, ("nature", "public")).status == 303


def test_s33_a_month_goes_to_the_joint_office_and_who_is_late_has_an_order(state):
    ledger("ap-xingcheng", "/w/l/kindergarten/new", ("act", "add"), ("name", "海滨小区"), ("households", "1600"), ("state", "built"), ("issue", "transfer"), ("measure", "purchase"))
    made = ledger("ap-xingcheng", "/w/l/kindergarten", ("act", "make"))
    assert made.status == 303, (made.status, made.text[:300])
    at = made.get("location")
    again = who("ap-xingcheng").ask("monthly.make", status=409, ledger="kindergarten")
    assert "已经生成" in again["detail"], again
    elsewhere = lambda head: [(w["label"], w["href"]) for w in who(head).view("/w")["waits"]]
    assert ("月报等您签字上报", at) in elsewhere("hd-xingcheng") and "月报等您签字上报" in page("hd-xingcheng", "/w"), "on the home of who signs"
    assert ledger("hd-xingcheng", at, ("act", "report")).status == 303
    assert elsewhere("hd-xingcheng") == [] and ("月报等接收", at) in elsewhere("hd-education"), "and of who accepts"
    back = ledger("hd-education", at, ("act", "return"), ("reason", "请补充海滨小区的资产登记"))
    assert back.status == 303 and "请补充海滨小区的资产登记" in page("ap-xingcheng", at)
    assert ledger("ap-xingcheng", at, ("act", "make")).status == 303 and ledger("hd-xingcheng", at, ("act", "report")).status == 303
    assert ledger("hd-education", at, ("act", "accept")).status == 303
    view = who("ap-xingcheng").view(at)
    assert view["status"] == "accepted" and view["version"] == 2 and view["signed_by"], view
    row = who("ap-xingcheng").view("/w/l/kindergarten")["rows"][0]
    assert [[x[k] for k in ("due", "what", "past")] for x in (view["lines"][0], row)] == [["2019-09-30", row["what"], PAST]] * 2, (view["lines"][0], row)
    city = who("hd-education").view("/w/l/kindergarten?county=")["city"]
    assert not city["late"] and all(not r["late"] for r in city["reports"])  # the first row came after the 18th: from December on


def nineteenth_s33_who_is_late_has_an_order(state):
    late = lambda: who("hd-education").view("/w/l/kindergarten?county=")["city"]
    wait_for(lambda: any("order" in r for r in late()["reports"]))
    row = next(r for r in late()["reports"] if r["county"] == "nanpiao")
    assert row["late"] and row["days"] == 3 and row["order_number"].startswith("DBD-") and late()["late"] == 6, row
    order = who("wu").view(f"/w/orders/{row['order']}")
    assert order["about"].startswith("/w/l/kindergarten") and "月报没有按时上报" in order["subject"], order
    assert row["order_number"] in page("hd-nanpiao", "/w/orders") and "逾期未报" in page("hd-education", "/w/l/kindergarten?county=")
    # The report comes in late: the order says so, and who ends it now; what was ordered stays as it was.
    slip = f"/w/orders/{row['order']}"
    assert "该月月报已于" not in page("wu", slip)
    at = ledger("ap-nanpiao", "/w/l/kindergarten", ("act", "make")).get("location")
    assert "该月月报已于" not in page("wu", slip), "made is not signed"
    assert ledger("hd-nanpiao", at, ("act", "report")).status == 303
    for account in ("wu", "hd-nanpiao"):
        text = page(account, slip)
        assert "该月月报已于 2026-12-21 上报（迟报）" in text and "由市营商局的监督人员写明理由办结" in text and "抓紧上报" in text, text[-3000:]
    steps = who("wu").view(slip)["steps"]
    assert [x["kind"] for x in steps] == ["issued", "reported", "settled"] and "南票区" in steps[1]["by"], steps
    # A month before one that was sent: nothing earlier to compare with, and not the first that was sent.
    at = who("ap-xingcheng").ask("monthly.make", ledger="kindergarten", month="2026-10") and "/w/l/kindergarten/report/xingcheng/2026-10"
    assert "一、本月变化（生成时没有更早月份的月报可比）" in page("ap-xingcheng", at) and "第一次上报" not in page("ap-xingcheng", at)


def test_s28_the_plan_of_the_city_waits_for_the_agreement(state):
    at = "/w/l/reclamation/city"
    plan = ledger("hd-natural-resources", at, ("act", "plan"), ("title", "葫芦岛市围填海历史遗留问题处理方案（第二版）"), ("text", "逐项明确处置方式、责任单位和期限。"))
    assert plan.status == 303, (plan.status, plan.text[:300])
    no = ledger("hd-natural-resources", at, ("act", "send"))
    assert no.status == 409 and "还没有登记“市政府同意”" in no.text, no.status
    assert ledger("hd-natural-resources", at, ("act", "agree"), ("document", "市政府第 12 次常务会议"), ("day", "2026-11-25")).status == 303
    assert ledger("hd-natural-resources", at, ("act", "send")).status == 303 and "已报省自然资源厅" in page("ap-longgang", at)
    new = [("name", "芷锚湾二号填海"), ("basis", "海洋功能区划"), ("approval", "none"), ("approver", "未经批准"), ("owner", "示例公司"), ("use", "闲置"), ("legal", "no"), ("complete", "yes"), ("impact", "minor"), ("purpose", "estate")]
    no = ledger("ap-suizhong", "/w/l/reclamation/new", ("act", "add"), *new)
    assert no.status == 422 and "请填写“用海面积”" in no.text and "芷锚湾二号填海" in no.text, no.status
    assert ledger("ap-suizhong", "/w/l/reclamation/new", ("act", "add"), ("area", "12.35"), *new).status == 303
    row = next(r for r in who("ap-suizhong").view("/w/l/reclamation")["rows"] if r["name"] == "芷锚湾二号填海")
    assert row["warning"] == "严格限制：房地产开发" and row["measure"] == "纳入历史遗留问题处理", row
    assert client.Jar().get("/s/l/reclamation").status == 404


def test_s24_one_that_nobody_answers_waits(state):
    at = report("hd-jianchang", "下放事项没有培训教材")
    assert who("hd-jianchang").view(at)["status"] == "open"


def later_s24_unanswered_after_the_days_it_is_an_order(state):
    rows = lambda: [d for d in who("wu").view("/w/super/orders?status=all")["directives"] if d["kind"] == "feedback" and "下放事项没有培训教材" in d["subject"]]
    wait_for(rows)
    order = rows()[0]
    assert order["unit_name"] == "市住房城乡建设局", order
    view = who("wu").view(f"/w/orders/{order['no']}")
    assert view["level"] == "department" and view["about"].startswith("/w/feedback/"), view
    assert order["number"] in page("hd-housing-construction", "/w/orders")
    at = view["about"]
    assert "到期没有答复，已经督办" in page("hd-jianchang", at)
    page("hd-housing-construction", at)
    assert client.as_user("hd-housing-construction").post(at, [("act", "answer"), ("answer", "教材已经印发到县。")]).status == 303


run(globals())
