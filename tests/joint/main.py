# SPDX-License-Identifier: Apache-2.0
"""S09, S13 and S19 with their values. `first`: everything; `later`: what is late by then."""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import client
from steps import FIRM, decide, dispatch, issue, page, register, run, through, uscc_of, wait_for, who

ALL_FOUR = ["fire", "lightning", "air-defence", "drawing"]


def started(state, name):
    """A project of the owner whose stage 3 is at the departments, with its items by code."""
    no = register("owner", uscc_of("owner"), FIRM, name=name)
    through(no, 1)
    through(no, 2)
    return no, {i["code"]: i for i in dispatch(no, 3)}


def report(review, discipline, result, status=200, by="drawer"):
    return who(by).ask("review.report", f"review/{review}", status=status, discipline=discipline, result=result, reviewer="何某", registration="S211400017",
                       opinion="经审查，符合强制性标准" if result == "pass" else "疏散走道净宽不足，按第 5.5.18 条修改")


def test_s09_agencies_are_in_a_list(state):
    hc = who("ap-housing-construction")
    drawer, drawer2 = (uscc_of(a) for a in ("drawer", "drawer2"))
    for name, uscc, yes in (("示例施工图审查有限公司", drawer, True), ("示例建筑设计咨询有限公司", drawer2, False)):
        hc.ask("agency.add", name=name, uscc=uscc, recognised=yes, document="辽住建函示例", until="2020-12-31", disciplines=ALL_FOUR)
    html = page("ap-housing-construction", "/w/agencies")
    assert "示例施工图审查有限公司" in html and "未认定，不能选择" in html


def test_s09_one_upload_starts_four_review_tasks_at_once(state):
    no, items = started(state, "联合审图示例")
    state.update(no=no, items=items)
    jar = client.as_user("owner")
    html = page("owner", f"/my/{no}/review")
    assert "示例施工图审查有限公司" in html and "示例建筑设计咨询有限公司" not in html
    empty = jar.files(f"/my/{no}/review", [("act", "apply"), ("agency", "1")], [])
    assert empty.status == 422 and "id=\"apply-file-e\"" in empty.text and "“施工图设计文件”不能为空" in empty.text
    r = jar.files(f"/my/{no}/review", [("act", "apply"), ("agency", "1")], [("file", "施工图.pdf", api.PDF)])
    assert r.status == 303, (r.status, r.text[:900])
    view = who("ap-housing-construction").view("/w/draw/1")
    assert [t["status"] for t in view["tasks"]] == ["pending"] * 4 and len(view["files"]) == 1, view["tasks"]
    assert {t["due"] for t in view["tasks"]} == {"2019-07-24"}, [t["due"] for t in view["tasks"]]
    assert who("drawer").view("/my/draw")["reviews"][0]["pending"] == 4
    agency = client.as_user("drawer")
    assert agency.get("/my").get("location") == "/my/draw", "its home is its own work"
    desk = agency.get("/my/draw").text
    assert "等您出具报告的有 1 个" in desk and 'href="/my/draw/1">出具报告' in desk and 'href="/my/draw" aria-current="page">审图任务' in desk and "我的项目</a>" not in desk, desk[:4000]
    assert client.as_user("drawer").get(f"/my/draw/1/file/{view['files'][0]['blob']}").status == 200
    assert client.as_user("drawer2").get("/my/draw/1").status == 404
    assert "施工许可证等审图" in page("owner", f"/my/{no}")


def test_s09_an_agency_without_the_provincial_recognition_is_refused(state):
    no = register("owner", uscc_of("owner"), FIRM, name="另一个项目")
    blob = who("owner").jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    r = who("owner").ask("review.apply", status=409, project=int(no), agency=2, files=[{"blob": blob, "name": "施工图.pdf", "size": 100}])
    assert r["field"] == "agency" and "没有经省住建厅认定" in r["detail"] and r["clause"] == "D60-2.4.3-(1)-p1", r


def test_s09_fire_asks_for_a_change_and_the_letter_of_promise_unlocks_the_permit(state):
    no, items = state["no"], state["items"]
    report(1, "fire", "pass", status=403, by="drawer2")
    for discipline in ALL_FOUR[1:]:
        report(1, discipline, "pass")
    form = page("drawer", "/my/draw/1")
    assert '<option value="S211400017">何某</option>' in form and 'list="report-reviewer-l"' in form and "照注册证书填写，如 S211400017（示例）" in form, form[-3000:]
    report(1, "fire", "change")
    locked = decide(no, 3, items["construction-permit"], status=409)
    assert "签订《施工图设计文件承诺书》以后，才能通过" in locked["detail"], locked
    assert "需要修改" in page("hd-housing-construction", "/w/draw/1")
    r = client.as_user("hd-housing-construction").post("/w/draw/1", [("act", "conclude"), ("result", "change"), ("text", "消防专业按第 5.5.18 条修改"), ("signature", "错")])
    assert r.status == 422 and "请签上您自己的姓名：" in r.text
    name = r.text.split("请签上您自己的姓名：")[1].split("<")[0]
    page("hd-housing-construction", "/w/draw/1")
    r = client.as_user("hd-housing-construction").post("/w/draw/1", [("act", "conclude"), ("result", "change"), ("text", "消防专业按第 5.5.18 条修改"), ("signature", name)])
    assert r.status == 303, r.status
    state["head"] = name
    page("owner", f"/my/{no}/review")
    r = client.as_user("owner").files(f"/my/{no}/review", [("act", "promise"), ("consent", "true"), ("signature", "错")], [])
    assert r.status == 422, r.status
    state["owner"] = r.text.split("请签上您自己的姓名：")[1].split("<")[0]
    who("owner").ask("review.promise", "review/1", consent=True, signature=state["owner"])
    assert "已签承诺书" in page("owner", f"/my/{no}/review") and "已签承诺书" in page("ap-housing-construction", f"/w/t/{no}/3/construction-permit")
    decide(no, 3, items["construction-permit"], take=False)
    for code in ("drawing-review", "drawing-opinion"):
        decide(no, 3, items[code])
    for code, item in items.items():
        if code not in ("construction-permit", "drawing-review", "drawing-opinion"):
            decide(no, 3, item)
    issue(no, 3)
    assert "联合审图有了进展" in page("owner", f"/my/{no}")


def test_s09_after_the_permit_no_department_opens_another_technical_review(state):
    r = who("ap-housing-construction").ask("review.guide", "review/1", status=409, discipline="fire", text="请再审一遍消防", again=True)
    assert "施工许可证已经核发，相关部门不再进行技术审查" in r["detail"], r
    blob = who("owner").jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    files = [{"blob": blob, "name": "施工图.pdf", "size": 100}]
    who("owner").ask("review.apply", status=409, project=int(state["no"]), agency=1, files=files)
    # The owner's own second round with the agency goes on, and ends the review.
    who("owner").ask("review.resubmit", "review/1", files=files, note="已加宽疏散走道")
    report(1, "fire", "pass")
    who("hd-housing-construction").ask("review.conclude", "review/1", result="pass", text="修改以后合格", signature=state["head"])
    assert who("ap-housing-construction").view("/w/draw/1")["status"] == "passed"


def test_s09_once_there_is_a_result_an_item_is_neither_refused_nor_returned(state):
    no, items = started(state, "审查合格的项目")
    blob = who("owner").jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    who("owner").ask("review.apply", project=int(no), agency=1, files=[{"blob": blob, "name": "施工图.pdf", "size": 100}])
    for discipline in ALL_FOUR:
        report(2, discipline, "pass")
    who("hd-housing-construction").ask("review.conclude", "review/2", result="pass", text="四个专业合格", signature=state["head"])
    r = decide(no, 3, items["drawing-review"], status=409, result="refuse", opinion="部门认为不符合规范的要求", article="《示例法》第一条")
    assert "不再进行技术审查" in r["detail"], r
    late = register("owner", uscc_of("owner"), FIRM, name="期限以后的项目")
    who("owner").ask("review.apply", project=int(late), agency=1, files=[{"blob": blob, "name": "施工图.pdf", "size": 100}])


def test_s09_drawings_in_review_need_not_be_handed_in_again(state):
    no = register("owner", uscc_of("owner"), FIRM, name="先审图的项目")
    blob = who("owner").jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    who("owner").ask("review.apply", project=int(no), agency=1, files=[{"blob": blob, "name": "施工图.pdf", "size": 100}])
    through(no, 1)
    through(no, 2)
    asked = {m["code"] for m in who("owner").view(f"/my/{no}/stage/3")["materials"]}
    assert "drawings" not in asked and "quality-safety" in asked, asked


def sign_name(account, path, act, **fields):
    """The name that a form wants under it."""
    page(account, path)
    r = client.as_user(account).post(path, [("act", act), ("signature", "错")] + list(fields.items()))
    assert r.status == 422 and "请签上您自己的姓名：" in r.text, (r.status, r.text[-900:])
    return r.text.split("请签上您自己的姓名：")[1].split("<")[0]


def test_s13_who_may_not_promise(state):
    no, items = started(state, "告知承诺示例")
    state["p13"], state["i13"] = no, items
    r = who("owner").ask("promise.sign", status=409, project=int(no), kind="item", stage=3, item="fire-design-filing", consent=True, signature="某")
    assert "直接涉及公共安全，不能实行告知承诺" in r["detail"] and r["clause"] == "D60-2.10.1", r
    r = who("owner").ask("promise.sign", status=409, project=int(no), kind="item", stage=3, item="construction-permit", consent=True, signature="某")
    assert "没有写明" in r["detail"], r
    if "waste-disposal" in items:
        assert items["waste-disposal"]["name"] in page("owner", f"/my/{no}/promise")


def test_s13_a_promise_of_the_architect_gives_the_permit_with_two_clocks(state):
    no, items, path = state["p13"], state["i13"], f"/my/{state['p13']}/promise"
    fields = dict(bim="true", architect="梁建筑师 示例注册号", consent="true")
    page("owner", path)
    r = client.as_user("owner").post(path, [("act", "architect"), ("signature", state["owner"])] + list(fields.items()))
    assert r.status == 303, (r.status, r.text[-900:])
    assert "建设单位已签订承诺书 CN-2019-" in page("ap-housing-construction", f"/w/t/{no}/3/construction-permit")
    decide(no, 3, items["construction-permit"])
    mine = [p for p in who("owner").view(path)["promises"] if p["kind"] == "architect"]
    assert [(p["status"], p["check_due"], p["review_due"]) for p in mine] == [("accepted", "2019-09-10", "2019-10-10")], mine
    state["promise"] = mine[0]["no"]
    for code, item in items.items():
        if code != "construction-permit":
            decide(no, 3, item)
    issue(no, 3)
    count = who("wu").view("/w/promise")["coverage"]
    for figure, n in count.items():
        rows = who("wu").view(f"/w/promise?figure={figure}")
        assert rows["total"] == n == len(rows["promises"]), (figure, n, rows["total"])
    assert f'href="/w/promise?figure=due">{count["due"]} 个' in page("wu", "/w/promise"), count
    assert count["accepted"] >= 1 and count["accepted"] == count["due"] + count["late"] + count["kept"] + count["broken"], count


def test_s13_before_its_time_the_check_says_not_due(state):
    hc = who("ap-housing-construction")
    name = sign_name("ap-housing-construction", f"/w/promise/{state['promise']}", "check", result="kept", findings="查了施工图审查")
    state["hc"] = name
    r = hc.ask("promise.check", f"promise/{state['promise']}", status=409, result="kept", findings="查了施工图审查", signature=name)
    assert "还没有到期的写“未到期”" in r["detail"], r
    r = hc.ask("promise.check", f"promise/{state['promise']}", status=403, result="broken", findings="还没有审查，施工已经开始", signature=name)
    assert "负责人" in r["detail"], r


CREDIT = dict(fact="未取得施工许可擅自开工", evidence="现场检查笔录和照片", basis="D60-5.17.3", decision="葫建罚字〔2019〕示例1号")


def test_s19_lists_have_their_conditions_written_first(state):
    """Without a condition of that day nobody is listed; the enterprise is told, and speaks, before it is."""
    html = client.Jar().get("/credit?list=black").text
    assert "没有取得施工许可擅自施工" in html and "自 2019-09-01 起" in html, html[-1500:]
    wu, bad = client.as_user("wu"), uscc_of("owner2")
    state["bad"] = bad
    html = page("wu", "/w/credit/new?kind=black-enterprise")
    assert "没有取得施工许可擅自施工" in html
    assert "出具虚假的审查" not in page("wu", "/w/credit/new?kind=black-person")
    fields = [("act", "black-enterprise"), ("subject", "葫芦岛示例置业有限公司"), ("uscc", bad)] + list(CREDIT.items())
    r = wu.post("/w/credit/new", fields)
    assert r.status == 422 and "列入的情形" in r.text and bad in r.text and "class=\"err\"" in r.text, (r.status, [l for l in r.text.splitlines() if "err" in l])
    r = wu.post("/w/credit/new", [(k, "示例失信公司" if k == "subject" else v) for k, v in fields] + [("condition", "unlawful-works")])
    assert r.status == 422 and "在本系统里是“葫芦岛示例置业有限公司”的" in r.text, r.status
    assert "如 D60-" not in html and '<option value="葫政办发〔2019〕60号 五、（十七）3">' in html
    for typed, said in (("没有这几个字的条款", "没有找到“没有这几个字的条款”这一条"), ("失信", "个条款里都有")):
        r = wu.post("/w/credit/new", [(k, typed if k == "basis" else v) for k, v in fields] + [("condition", "unlawful-works")])
        assert r.status == 422 and said in r.text and "葫建罚字〔2019〕示例1号" in r.text, (r.status, typed)
    fields = [(k, "完善申请人信用记录" if k == "basis" else v) for k, v in fields]  # some words of the clause are enough
    r = wu.post("/w/credit/new", fields + [("condition", "unlawful-works")])
    assert r.status == 303, (r.status, r.text[-900:])
    entry = who("wu").view("/w/credit?list=black")["credits"][0]
    assert entry["basis"] == "D60-5.17.3", entry
    assert entry["number"] == "HEI-2019-0001" and entry["status_label"] == "告知中", entry
    state["black"] = entry["no"]
    r = who("wu").ask("credit.publish", f"credit/{entry['no']}", status=403, text="情形成立，列入")
    assert "是您登记的，不能由您列入：请市营商局的另一位监督人员办理" in r["detail"] and "等另一个人审核" in page("wu", f"/w/credit/{entry['no']}"), r
    r = who("wu2").ask("credit.publish", f"credit/{entry['no']}", status=409, text="情形成立，列入")
    assert "2019年7月17日以前可以陈述" in r["detail"], r
    assert "HEI-2019-0001" in page("owner2", "/my/credit") and "告知书" in page("owner2", f"/my/credit/{entry['no']}")
    assert client.as_user("owner").get(f"/my/credit/{entry['no']}").status == 404
    told = who("owner2").view("/msg")["messages"][0]
    assert told["title"] == "信用信息告知书" and "HEI-2019-0001" in told["text"] and "到 2019-07-17 为止可以陈述" in told["text"] and told["link"] == f"/my/credit/{entry['no']}", told
    assert not [m for m in who("owner").view("/msg")["messages"] if "HEI-2019-0001" in m["text"]]
    letter = page("owner2", f"/my/credit/{entry['no']}/letter/1")
    for part in ("列入黑名单告知书", "HEI-2019-0001-1", bad, CREDIT["fact"], CREDIT["evidence"], "葫政办发〔2019〕60号 五、（十七）3", CREDIT["decision"], "2019年7月17日以前（含当日）", "书面交到市营商局"):
        assert part in letter, (part, letter)
    pdf = client.as_user("wu").get(f"/w/credit/{entry['no']}/letter/1/pdf")
    assert pdf.status == 200 and pdf.body.startswith(b"%PDF-"), (pdf.status, pdf.body[:40])
    assert [client.as_user(a).get(f"/{w}/credit/{entry['no']}/letter/{n}").status for a, w, n in (("owner", "my", 1), ("ap-natural-resources", "w", 1), ("owner2", "my", 2))] == [404, 404, 404]
    assert bad not in client.Jar().get("/credit?list=black").text
    r = client.as_user("ap-natural-resources").get("/w/credit/new?kind=black-enterprise")
    assert r.status == 403 and "由市营商局办理" in r.text, r.status


def test_s19_step3_a_person_and_an_enterprise_are_apart(state):
    approver = client.as_user("ap-housing-construction")
    person = [("act", "record-person"), ("person", "何审图"), ("registration", "SL211400017"), ("employer", state["bad"]), ("account", "drawer")] + list(CREDIT.items())
    r = approver.post("/w/credit/new", person)
    assert r.status == 303, (r.status, r.text[-900:])
    no = who("ap-housing-construction").view("/w/credit")["credits"][0]["no"]
    state["person"] = no
    assert client.as_user("ap-natural-resources").get(f"/w/credit/{no}").status == 404
    page("wu", f"/w/credit/{no}")
    r = client.as_user("wu").post(f"/w/credit/{no}", [("act", "publish"), ("text", "事实清楚，公布")])
    assert r.status == 303, r.status
    assert "何审图（执业注册号 SL211400017）" in page("drawer", f"/my/credit/{no}/letter/2") and "何审图" not in page("wu", f"/w/credit/{no}/letter/2")
    html = client.Jar().get("/credit").text
    assert "何*图" in html and "SL****17" in html and "何审图" not in html and "SL211400017" not in html, html[-1500:]
    assert [c["no"] for c in who("drawer").view("/my/credit")["credits"]] == [no]
    assert no not in [c["no"] for c in who("owner2").view("/my/credit")["credits"]]
    page("drawer", f"/my/credit/{no}")
    r = client.as_user("drawer").files(f"/my/credit/{no}", [("act", "object"), ("text", "审查意见不是我出具的，请核实")], [("file", "说明.pdf", api.PDF)])
    assert r.status == 303, (r.status, r.text[-900:])
    assert "异议处理中" in client.Jar().get("/credit").text
    assert "说明.pdf" in page("wu", f"/w/credit/{no}")
    r = client.as_user("wu").post(f"/w/credit/{no}", [("act", "answer"), ("result", "dismissed"), ("text", "签章核对过，是本人出具的")])
    assert r.status == 303, r.status
    answer = who("drawer").view("/msg")["messages"][0]
    assert answer["title"] == "信用异议已答复" and "异议不成立" in answer["text"], answer
    letter = page("drawer", f"/my/credit/{no}/letter/4")
    assert "异议不成立" in letter and "签章核对过" in letter and "行政复议" in letter, letter


def later_s19_step2_a_black_listed_firm_is_warned_about_and_still_accepted(state):
    bad = uscc_of("owner2")
    entry = who("wu").view("/w/credit?list=black")["credits"][0]
    page("wu2", f"/w/credit/{entry['no']}")
    r = client.as_user("wu2").post(f"/w/credit/{entry['no']}", [("act", "list"), ("text", "告知期满，没有异议，列入")])
    assert r.status == 303, (r.status, r.text[-900:])
    assert bad in client.Jar().get("/credit?list=black").text
    view = who("owner2").view("/my/new")
    no = register("owner2", bad, view["owner"], name="黑名单企业的新项目", code="2304-211403-04-01-799002")
    # 容缺 is barred: neither offered nor taken
    form = who("owner2").view(f"/my/{no}/stage/1")
    assert not any(m.get("lack") for m in form["materials"]), form["materials"]
    answers = {k.removeprefix("f_"): v for k, v in api.answers(form["fields"]).items()}
    r = who("owner2").ask("stage.submit", f"project/{no}", status=422, personal={k: answers[k] for k in ("contact_name", "contact_phone") if k in answers}, stage=1,
                          form={k: f"personal:{k}" if k in ("contact_name", "contact_phone") else v for k, v in answers.items()}, files=[],
                          lacking=[{"material": "licence", "promised": "2019-07-30"}])
    assert "黑名单" in r["detail"], r
    # the promise too
    r = who("owner2").ask("promise.sign", status=409, project=int(no), kind="architect", bim=True, architect="梁建筑师", consent=True, signature="某")
    assert "黑名单" in r["detail"] and r["clause"] == "D60-5.17.1", r
    # a warning for the window, and acceptance as for everybody
    api.submit(who("owner2"), no)
    html = page("wang", f"/w/c/{no}/1")
    assert "这家企业在黑名单上（HEI-2019-0001）" in html and "名单不是不予受理、不予许可的理由" in html, html[:3000]
    who("wang").ask("stage.accept", f"project/{no}", stage=1)
    items = [i["code"] for i in who("wang").view(f"/w/c/{no}/1")["slip_items"]]
    who("wang").ask("stage.draft-slip", f"project/{no}", stage=1, items=items, opinion="同意派转")
    who("zhao").ask("stage.dispatch", f"project/{no}", stage=1, opinion="同意")
    for item in who("wang").view(f"/w/c/{no}/1")["here"]["items"]:
        decide(no, 1, item)
    issue(no, 1)
    assert "黑名单" not in page("wang", f"/w/c/{register('owner', uscc_of('owner'), FIRM, name='别家的项目', code='2304-211403-04-01-799003')}/1")


def later_s19_step4_the_files_for_the_sites_have_each_record_and_each_change(state):
    view = who("wu").view("/w/credit/out")
    assert [s["name"] for s in view["sites"]] == ["辽宁省公共信用信息平台", "信用中国（辽宁）", "全国信用信息共享平台"], view["sites"]
    lines = [json.loads(l) for l in client.as_user("wu").get("/w/credit/out/2/jsonl").text.splitlines()]
    assert lines[0]["format"] == "yichuang-credit/1" and lines[0]["site"] == "信用中国（辽宁）" and lines[0]["sample"] is True, lines[0]
    got = [(l["number"], l["change"]) for l in lines[1:]]
    assert got[:3] == [("XY-2019-0002", "公布"), ("XY-2019-0002", "异议处理中"), ("XY-2019-0002", "异议不成立")] and ("HEI-2019-0001", "列入") in got, got
    person = lines[1]
    assert person["subject"] == "何*图" and person["subject_kind"] == "从业人员" and person["subject_no"] == "SL****17" and person["decision"] == CREDIT["decision"], person
    text = client.as_user("wu").get("/w/credit/out/2/csv").text
    assert text.startswith("\ufeff\"变更编号\"") and text.count("\r\n") == len(lines), text
    assert "HEI-2019-0001" in text and uscc_of("owner2") in text
    since = client.as_user("wu").get("/w/credit/out/2/jsonl?since=2019-07-20").text
    assert "XY-2019-0002" not in since and "HEI-2019-0001" in since, since
    assert client.as_user("wu").get("/w/credit/out/9/csv").status == 404 and client.as_user("ap-housing-construction").get("/w/credit/out").status == 403


def after_s19_repair_goes_to_the_sites_too(state):
    entry = who("wu").view("/w/credit?list=black")["credits"][0]
    r = who("owner2").ask("credit.ask-repair", f"credit/{entry['no']}", status=409, text="已经补办施工许可，罚款已经缴清")
    assert "公布满 3 个月" in r["detail"] and "2019年10月25日起" in r["detail"], r
    who("wu").ask("credit.repair", f"credit/{entry['no']}", document="信用修复决定示例2号")
    assert uscc_of("owner2") not in client.Jar().get("/credit?list=black").text
    html = page("wu", f"/w/credit/{entry['no']}")
    assert "已移出（修复）" in html and "可以申请修复" not in html and "，到 20" not in html, html[:2500]
    last = json.loads(client.as_user("wu").get("/w/credit/out/1/jsonl").text.splitlines()[-1])
    assert last["number"] == "HEI-2019-0001" and last["change"] == "已移出（修复）" and last["text"] == "信用修复决定示例2号", last


def test_joint_pages_open_for_every_role(state):
    for account, paths in {"owner": [f"/my/{state['no']}/review"], "drawer": ["/my/draw", "/my/draw/2"],
                           "ap-housing-construction": ["/w/draw", "/w/draw/2", "/w/agencies", "/w/agencies/new", "/w/agencies/1"],
                           "ap-meteorology": ["/w/draw", "/w/draw/3"], "wu": ["/w/draw", "/w/draw/1", "/w/agencies", "/w/promise", "/w/promise/1", "/w/credit", "/w/credit/1", "/w/credit/new", "/w/credit/out"],
                           "leader": ["/w/draw", "/w/promise", "/w/credit"]}.items():
        for path in paths:
            page(account, path)
    assert client.as_user("owner").get("/w/draw").status == 403
    assert client.as_user("owner2").get(f"/my/{state['no']}/review").status == 404
    assert client.as_user("ap-meteorology").get("/w/agencies/new").status == 403


def after_s13_on_the_day_after_three_months_the_work_is_stopped(state):
    """The server was off until 2019-10-11; the timer catches up by itself."""
    promise = next(p for p in who("wu").view("/w/promise")["promises"] if p["kind"] == "architect")
    no = str(promise["project"])
    for _ in range(50):
        promise = next(p for p in who("wu").view("/w/promise")["promises"] if p["kind"] == "architect")
        if promise["halted"]:
            break
        time.sleep(0.1)
    assert promise["halted"] and promise["lamp"]["code"] == "red", promise
    assert "停工" in page("owner", f"/my/{no}")
    cert = page("owner", f"/cert/{no}/3")
    assert "停工" in cert, cert[-1500:]
    r = who("owner").ask("stage.submit", f"project/{no}", status=409, stage=4, form={}, files=[])
    assert "叫停" in r["detail"], r


def after_s13_after_passing_the_stop_is_lifted_with_a_time(state):
    promise = next(p for p in who("wu").view("/w/promise")["promises"] if p["kind"] == "architect")
    no = promise["project"]
    blob = who("owner").jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    review = int(who("owner").ask("review.apply", project=no, agency=1, files=[{"blob": blob, "name": "施工图.pdf", "size": 100}])["stream"].split("/")[1])
    for discipline in ALL_FOUR:
        report(review, discipline, "pass")
    name = sign_name("hd-housing-construction", f"/w/draw/{review}", "conclude", result="pass", text="四个专业合格")
    who("hd-housing-construction").ask("review.conclude", f"review/{review}", result="pass", text="四个专业合格", signature=name)
    view = who("ap-housing-construction").view(f"/w/promise/{promise['no']}")
    assert not view["halted"] and view["halts"][0]["to"].startswith("2019-10-11"), view["halts"]
    assert "叫停，承诺" not in page("owner", f"/my/{no}")


def after_s13_a_failed_check_revokes_the_permit_and_drafts_a_credit_record(state):
    promise = next(p for p in who("wu").view("/w/promise")["promises"] if p["kind"] == "architect")
    name = sign_name("hd-housing-construction", f"/w/promise/{promise['no']}", "check", result="broken", findings="施工与审查通过的图纸不符，擅自减少疏散楼梯")
    r = who("hd-housing-construction").ask("promise.check", f"promise/{promise['no']}", result="broken", findings="施工与审查通过的图纸不符，擅自减少疏散楼梯", signature=name)
    decision = r["answer"]["decision"]
    assert decision.startswith("CX-2019-"), r
    assert decision in page("owner", f"/my/{promise['project']}") and "已撤销" in page("owner", f"/cert/{promise['project']}/3")
    assert decision not in client.Jar().get("/credit").text
    draft = who("wu").view("/w/credit?status=draft&list=record")["credits"]
    assert [c["decision"] for c in draft] == [decision], draft
    page("wu", f"/w/credit/{draft[0]['no']}")
    r = client.as_user("wu").post(f"/w/credit/{draft[0]['no']}", [("act", "publish"), ("text", "事实清楚，公布")])
    assert r.status == 303, r.status
    assert decision in client.Jar().get("/credit").text
    no = register("owner", uscc_of("owner"), FIRM, name="失信以后的项目", code="2304-211403-04-01-799001")
    r = who("owner").ask("promise.sign", status=409, project=int(no), kind="architect", bim=True, architect="梁建筑师", consent=True, signature=state.get("x", "某"))
    assert "信用修复以前不能再作出承诺" in r["detail"], r


def later_the_clocks_beside_the_case_are_on_the_board_with_their_orders(state):
    """Late reports of a review have an order of the daily look; checks of promises wait in green."""
    client_wait = lambda: any(c.get("directive") for c in who("wu").view("/w/super/lamps?kind=review&lamp=red")["clocks"])
    wait_for(client_wait)
    kinds = {k["kind"]: k for k in who("wu").view("/w/super/lamps")["kinds"]}
    assert kinds["review"]["red"] >= 1 and kinds["promise"]["green"] + kinds["promise"]["yellow"] >= 1, kinds
    row = next(c for c in who("wu").view("/w/super/lamps?kind=review&lamp=red")["clocks"] if c.get("directive"))
    assert row["kind_label"] == "联合审图" and "联合审图超期没有报告" in page("wu", f"/w/orders/{row['directive']}")
    page("wu", row["href"])


def later_s09_a_report_that_is_late_is_red(state):
    rows = {r["name"]: r["lamp"]["code"] for r in who("wu").view("/w/draw")["reviews"] if r["pending"]}
    assert rows["期限以后的项目"] == "red", rows


run(globals())
