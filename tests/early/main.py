# SPDX-License-Identifier: Apache-2.0
"""S06, S07, S08, S12, and S30 (blueprint.py), with their values. `first`: everything; `later`: a fortnight afterwards, what is late."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import blueprint
import client
import regions
from steps import FIRM, code, decide, page, register, run, through, uscc_of, who

# ---- S06 --------------------------------------------------------------------------------------------------------

CONDITIONS = {"plot_ratio": "1.80", "building_density": "40", "green_rate": "20", "building_height": "24", "parking": "", "land_area": "28600"}


def test_s06_a_plot_goes_into_the_library_and_its_conditions_are_filled(state):
    dr, nr = who("ap-development-reform"), who("ap-natural-resources")
    plot = dict(name="龙港区北港地块", county="longgang", boundary="东至滨海路，西至北港街", scale="厂房约 51000 平方米",
                basis="葫芦岛市国土空间总体规划", granted=True)
    nr.ask("reserve.add", status=403, **plot)
    assert dr.ask("reserve.add", **plot)["answer"]["number"] == "CB-000001"
    nr.ask("reserve.set-conditions", "reserve/1", conditions=CONDITIONS, survey="已完成", land_review="符合标准")
    view = dr.view("/w/reserve/1")
    assert [c["value"] for c in view["conditions"] if c["name"] == "plot_ratio"] == ["1.8"], view["conditions"]
    assert "不作要求" in page("ap-development-reform", "/w/reserve/1")


def test_s06_four_pre_opinions_are_asked_in_parallel(state):
    page("ap-development-reform", "/w/reserve/1")
    kinds = ["planning", "land", "forest", "sea"]
    r = client.as_user("ap-development-reform").post("/w/reserve/1", [("act", "asks")] + [("kinds[]", k) for k in kinds])
    assert r.status == 303, (r.status, r.text[:600])
    view = who("ap-natural-resources").view("/w/early")
    assert [o["kind"] for o in view["opinions"]] == ["forest", "land", "planning", "sea"], view["opinions"]
    assert len({o["due"] for o in view["opinions"]}) == 1 and view["opinions"][0]["limit"] == 10
    waits = {w["label"]: (w["n"], w["late"]) for w in who("ap-natural-resources").view("/w")["waits"]}
    assert waits["前期意见等您单位出具"] == (4, 0), waits
    early = who("hd-development-reform").ask("reserve.generate", "reserve/1", status=409)
    assert "还没有出具" in early["detail"]
    for kind in kinds:
        who("ap-natural-resources").ask("reserve.give-opinion", "reserve/1", kind=kind, result="agree", opinion="同意，符合规划。")
    who("hd-development-reform").ask("reserve.generate", "reserve/1")


def test_s06_conditions_of_granted_land_are_published_once_and_complete(state):
    head = who("hd-natural-resources")
    head.ask("reserve.publish", "reserve/1")
    assert "不能再次公布" in head.ask("reserve.publish", "reserve/1", status=409)["detail"]
    nobody = client.Jar().get("/s/reserve/1").text
    for label in ("容积率", "建筑密度", "绿地率", "建筑高度", "机动车停车位", "用地面积"):
        assert label in nobody, label
    english = client.Jar()
    english.cookies["prefs"] = "..en"
    text = english.get("/s/reserve/1").text
    assert "All conditions" in text or "全部建设条件" in text


def test_s06_the_indicators_arrive_read_only(state):
    uscc = uscc_of("owner")
    who("ap-development-reform").ask("reserve.assign", "reserve/1", owner=FIRM, uscc=uscc)
    new = page("owner", "/my/new?reserve=1")
    assert "CB-000001" in new and 'value="28600" readonly' in new, "land_area is locked"
    changed = who("owner")
    view = changed.view("/my/new")
    facts = {k[2:]: v for k, v in api.answers(view["fields"]).items()}
    facts["land_area"] = "30000"
    r = changed.ask("project.register", status=409, code=code(), name="改用地面积", category="industry", county="longgang", owner=FIRM,
                    uscc=uscc, facts=facts, contact_name="钱某", contact_phone="personal:phone", reserve=1, personal={"phone": "13800001234"})
    assert "锁定为 28600" in r["detail"], r
    no = register("owner", uscc, FIRM, reserve=1, without=["land_area"])
    state["locked"] = no
    assert who("ap-development-reform").view("/w/reserve/1")["status"] == "converted"
    through(no, 1)
    fields = {f["name"]: f for f in who("owner").view(f"/my/{no}/stage/2")["fields"]}
    assert fields["f_plot_ratio"]["kind"] == "locked" and fields["f_plot_ratio"]["value"] == "1.8", fields["f_plot_ratio"]
    assert fields["f_parking"]["kind"] != "locked"  # 不作要求
    html = page("owner", f"/my/{no}/stage/2")
    assert 'name="f_plot_ratio" value="1.8" readonly' in html
    assert "锁定的建设条件" in page("owner", f"/my/{no}")


def test_s06_changing_the_plot_ratio_in_stage_2_is_refused_and_the_override_shows_in_supervision(state):
    no = state["locked"]
    r = who("owner").ask("stage.save-draft", f"project/{no}", status=409, stage=2, form={"plot_ratio": "2.0"})
    assert r["field"] == "plot_ratio" and "CB-000001 锁定为 1.8，不能改为 2" in r["detail"], r
    form = client.as_user("owner")
    fields = [(k, v) for k, v in client.fields_of(page("owner", f"/my/{no}/stage/2")) if k.startswith("f_") and k != "f_plot_ratio"]
    posted = form.files(f"/my/{no}/stage/2", fields + [("f_plot_ratio", "2.5"), ("draft", "1")], [])
    assert posted.status == 422 and "不能改为 2.5" in posted.text, (posted.status, posted.text[:300])
    head = who("hd-natural-resources")
    short = head.ask("reserve.change-condition", "reserve/1", status=422, name="plot_ratio", value="2.2", reason="调整", doc="葫自然资函1号")
    assert short["field"] == "reason"
    head.ask("reserve.change-condition", "reserve/1", name="plot_ratio", value="2.2", reason="控规修改，容积率上限调整。", doc="葫自然资函1号")
    watch = who("wu").view("/w/super/early")["overrides"]
    assert [(o["was"], o["now"], o["reason"]) for o in watch] == [("1.8", "2.2", "控规修改，容积率上限调整。")], watch
    assert "控规修改，容积率上限调整。" in page("wu", "/w/super/early")
    fields = {f["name"]: f for f in who("owner").view(f"/my/{no}/stage/2")["fields"]}
    assert fields["f_plot_ratio"]["value"] == "2.2"
    assert "控规修改，容积率上限调整。" in client.Jar().get("/s/reserve/1").text


# ---- S12 --------------------------------------------------------------------------------------------------------

REGION = "葫芦岛经济开发区"
GROUND = dict(special_site="true", geo_hazard="true", water_soil="false", near_river="false", mineral="false", seismic="true", heritage="false", forest="false")
NEEDS_NONE = "共享区域成果，无需单独编报"


def test_s12_a_region_is_registered_with_its_assessment(state):
    dr = client.as_user("ap-development-reform")
    page("ap-development-reform", "/w/regions/new")
    typed = [("act", "add"), ("name", REGION), ("kind", "zone"), ("county", "longgang"), ("boundary", "东至滨海路，西至疏港路"), ("body", "开发区管理委员会")]
    assert client.as_user("ap-natural-resources").get("/w/regions/new").status == 403
    r = dr.post("/w/regions/new", typed)
    assert r.status == 303 and r.get("location") == "/w/regions/1", (r.status, r.text[:600])
    assert "范围还没有画" in page("ap-development-reform", "/w/regions/1")
    typed = [("act", "assess"), ("kind", "geology"), ("body", "市自然资源局"), ("doc", "葫自然资评示例1号"), ("since", "2026-11-25"), ("until", "2026-12-08"),
             ("requirements", "坡脚 30 米内不得开挖，边坡按评估措施支护。")]
    bare = dr.files("/w/regions/1", typed, [])
    assert bare.status == 422 and "请选择成果文件" in bare.text and "坡脚 30 米内不得开挖" in bare.text, bare.status
    done = dr.files("/w/regions/1", typed, [("file", "区域地灾评估.pdf", api.PDF)])
    assert done.status == 303, (done.status, done.text[:900])
    blob = who("owner").jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    last = dict(kind="seismic", body="市应急管理局", doc="示例2号", since="2026-11-25", requirements="按区域小区划结果确定抗震设防要求。",
                files=[{"blob": blob, "name": "区域安评.pdf", "size": len(api.PDF)}])
    who("ap-natural-resources").ask("region.assess", "region/1", status=403, until="2026-12-09", **last)
    assert who("ap-development-reform").ask("region.assess", "region/1", until="2026-12-09", **last)["answer"]["number"] == "QYPG-2026-0002"
    public = client.Jar().get("/s/regions").text
    assert REGION in public and "2026-12-08" in public
    one = client.Jar().get("/s/regions/1").text
    assert "地质灾害危险性评估" in one and "坡脚 30 米内不得开挖" in one and "登录后可以下载" in one
    blob = client.Jar().get("/api/v1/s/regions/1").json["assessments"][1]["blob"]
    assert client.Jar().get(f"/s/regions/1/file/{blob}").status != 200
    assert client.as_user("owner").get(f"/s/regions/1/file/{blob}").text.startswith("%PDF")
    english = client.Jar()
    english.cookies["prefs"] = "..en"
    assert "Assessment of geological hazards" in english.get("/s/regions").text


def test_s12_the_guide_says_where_it_is_shared(state):
    guide = client.Jar().get("/s/item/geo-hazard").text
    assert REGION in guide and NEEDS_NONE in guide and "这一项可以告知承诺" in guide
    eia = client.Jar().get("/s/item/eia-approval").text
    assert "这一项不能告知承诺，照常审批" in eia and "今天没有这样的区域，要单独编报" in eia
    assert NEEDS_NONE not in client.Jar().get("/s/item/planning-permit").text


def inside(name, region=REGION):
    no = register("owner", uscc_of("owner"), FIRM, name=name)
    typed = dict(GROUND, region=region) if region else dict(GROUND)
    posted = client.as_user("owner")
    fields = [(k, v) for k, v in client.fields_of(page("owner", f"/my/{no}/stage/1")) if k.startswith("f_") and k[2:] not in typed]
    r = posted.files(f"/my/{no}/stage/1", fields + [(f"f_{k}", v) for k, v in typed.items()] + [("draft", "1")], [])
    assert r.status == 303, (r.status, r.text[:600])
    return no, typed


def test_s12_a_project_inside_does_not_draw_up_its_own_report(state):
    no, typed = inside("区域内的项目")
    view = who("owner").view(f"/my/{no}/stage/1")
    report = next(m for m in view["materials"] if m["code"] == "geo-report")
    assert report["known"]["source"] == "区域评估 QYPG-2026-0001" and report["known"]["label"].startswith(NEEDS_NONE), report
    assert [f["kind"] for f in view["fields"] if f["name"] == "f_region"] == ["select"]
    assert NEEDS_NONE in page("owner", f"/my/{no}/stage/1")
    api.submit(who("owner"), no, 1, **typed)
    window = page("wang", f"/w/c/{no}/1")
    assert f'<a href="/s/regions/1">{REGION}</a>' in window and NEEDS_NONE in window and "请按红线图核对" in window
    clerk = who("wang").view(f"/w/c/{no}/1")
    file = next(f for f in clerk["files"] if f["material"] == "地质灾害危险性评估报告")
    assert file["source"] == "区域评估 QYPG-2026-0001" and file["name"] == "区域地灾评估.pdf", file
    assert client.as_user("wang").get(f"/w/file/{no}/{file['blob']}").text.startswith("%PDF")
    clerk = who("wang")
    clerk.ask("stage.accept", f"project/{no}", stage=1)
    items = [i["code"] for i in clerk.view(f"/w/c/{no}/1")["slip_items"]]
    assert "geo-hazard" in items
    clerk.ask("stage.draft-slip", f"project/{no}", stage=1, items=items, opinion="同意派转")
    who("zhao").ask("stage.dispatch", f"project/{no}", stage=1, opinion="同意")
    assert NEEDS_NONE in page("ap-natural-resources", f"/w/t/{no}/1/geo-hazard") and NEEDS_NONE in page("owner", f"/my/{no}")
    assert "区域评估 QYPG-2026-0001" in page("owner", f"/my/{no}/library") and "区域评估 QYPG-2026-0001" in page("owner", f"/my/{no}/stage/1/receipt")
    state["inside"] = no


def test_s12_its_item_is_decided_on_promise_and_the_check_comes_by_itself(state):
    no = state["inside"]
    assert "地质灾害危险性评估" in page("owner", f"/my/{no}/promise")
    r = who("owner").ask("promise.sign", status=422, project=int(no), kind="item", stage=1, item="geo-hazard", consent=True, signature="不是本人")
    name = r["detail"].split("：")[1]
    who("owner").ask("promise.sign", project=int(no), kind="item", stage=1, item="geo-hazard", consent=True, signature=name)
    item = next(i for i in who("wang").view(f"/w/c/{no}/1")["here"]["items"] if i["code"] == "geo-hazard")
    decide(no, 1, item)
    mine = who("owner").view(f"/my/{no}/promise")["promises"]
    assert [(p["status"], p["check_due"]) for p in mine] == [("accepted", "2027-01-25")], mine


def test_s12_a_project_outside_still_needs_it(state):
    no, typed = inside("区域外的项目", None)
    report = next(m for m in who("owner").view(f"/my/{no}/stage/1")["materials"] if m["code"] == "geo-report")
    assert "known" not in report and not report["optional"], report
    r = who("owner").ask("stage.submit", f"project/{no}", status=422, stage=1, form=dict(GROUND, region="没有登记的区域"), files=[])
    assert r["detail"], r
    api.submit(who("owner"), no, 1, **typed)
    files = who("wang").view(f"/w/c/{no}/1")["files"]
    assert next(f for f in files if f["material"] == "地质灾害危险性评估报告")["source"] == ""
    who("wang").ask("stage.accept", f"project/{no}", stage=1)
    assert NEEDS_NONE not in page("wang", f"/w/c/{no}/1")


def test_s12_the_requirements_stand_among_the_published_conditions(state):
    dr, nr = who("ap-development-reform"), who("ap-natural-resources")
    dr.ask("reserve.add", name="开发区东片地块", county="longgang", boundary="东至滨海路，西至北港街", scale="厂房约 51000 平方米", basis="国土空间总体规划",
           granted=True, region=REGION)
    nr.ask("reserve.set-conditions", "reserve/2", conditions=CONDITIONS)
    dr.ask("reserve.ask-opinions", "reserve/2", asks=[{"kind": "planning", "unit": "natural-resources"}])
    nr.ask("reserve.give-opinion", "reserve/2", kind="planning", result="agree", opinion="同意，符合规划。")
    who("hd-development-reform").ask("reserve.generate", "reserve/2")
    assert "坡脚 30 米内不得开挖" in page("ap-natural-resources", "/w/reserve/2")
    who("hd-natural-resources").ask("reserve.publish", "reserve/2")
    nobody = client.Jar().get("/s/reserve/2").text
    assert REGION in nobody and "坡脚 30 米内不得开挖" in nobody and "供地以前已告知" in nobody
    dr.ask("reserve.assign", "reserve/2", owner=FIRM, uscc=uscc_of("owner"))
    assert "坡脚 30 米内不得开挖" in page("owner", "/my/early")
    no = register("owner", uscc_of("owner"), FIRM, reserve=2, without=["land_area"])
    field = next(f for f in who("owner").view(f"/my/{no}/stage/1")["fields"] if f["name"] == "f_region")
    assert field["kind"] == "locked" and field["value"] == REGION, field
    inside("第二天提交")


# ---- S08 --------------------------------------------------------------------------------------------------------

def test_s08_an_owner_without_land_asks_about_the_setback(state):
    owner = client.as_user("owner")
    page("owner", "/my/ask/new")
    typed = [("unit", "natural-resources"), ("subject", "建筑退线"), ("question", "还没有取得土地，拟建厂房退滨海路红线多少米？"), ("county", "longgang"), ("open", "true")]
    bad = owner.files("/my/ask/new", [("act", "ask")] + [(k, v if k != "question" else "多少") for k, v in typed], [])
    assert bad.status == 422 and "建筑退线" in bad.text and 'id="ask-question-e"' in bad.text, bad.status
    done = owner.files("/my/ask/new", [("act", "ask")] + typed, [("file", "总图.pdf", api.PDF)])
    assert done.status == 303 and done.get("location") == "/my/ask/1", (done.status, done.text[:300])
    view = who("owner").view("/my/ask/1")
    assert view["limit"] == 5 and view["lamp"]["code"] == "green" and view["consult_sample"], view["lamp"]
    assert view["files"][0]["name"] == "总图.pdf"
    assert client.as_user("ap-natural-resources").get(f"/w/ask/1/file/{view['files'][0]['blob']}").status == 200
    assert client.as_user("ap-water").get("/w/ask/1").status == 404


def questions(account):
    """What stands on the worklist of a unit, and what is counted of it."""
    view = who(account).view("/w")
    return view.get("questions", {}).get("rows", []), {w["label"]: w for w in view["waits"]}.get("咨询等本单位答复")


def test_s08_a_question_stands_on_the_worklist_of_the_unit_until_it_is_answered(state):
    rows, wait = questions("ap-natural-resources")
    assert [r["subject"] for r in rows] == ["建筑退线"] and wait["n"] == 1 and wait["late"] == 0 and wait["href"] == "#qs", (rows, wait)
    assert rows[0]["lamp"]["code"] == "green" and rows[0]["due"] == who("ap-natural-resources").view("/w/ask/1")["due"], rows
    html = page("hd-natural-resources", "/w")
    assert 'id="qs"' in html and f'<time datetime="{rows[0]["due"]}">' in html.split('id="qs"')[1] and 'href="/w/ask/1"' in html and 'href="#qs">咨询等本单位答复 <strong>1</strong>' in html
    assert questions("ap-water") == ([], None) and "建筑退线" not in page("wang", "/w")


def test_s08_the_named_person_replies_with_a_number(state):
    head, person = who("hd-natural-resources"), who("ap-natural-resources")
    head.ask("consult.assign", "consult/1", person="ap-natural-resources")
    person.ask("consult.ask-more", "consult/1", what="请补充地块四至和拟建层数。")
    assert who("owner").view("/my/ask/1")["lamp"]["code"] == "grey" and questions("ap-natural-resources") == ([], None), "it waits for the owner"
    who("owner").ask("consult.supplement", "consult/1", text="四至见附件，拟建两层。")
    assert "一次性告知" in person.ask("consult.ask-more", "consult/1", status=409, what="请再补充建筑用途和建筑高度。")["detail"]
    r = person.ask("consult.reply", "consult/1", reply="退滨海路道路红线不少于 15 米。", basis="葫芦岛市城市规划管理技术规定")
    assert r["answer"]["number"] == "ZX-2026-0001" and questions("ap-natural-resources") == ([], None)
    assert "ZX-2026-0001" in client.Jar().get("/ask").text and "15 米" in client.Jar().get("/ask/1").text
    assert FIRM not in client.Jar().get("/ask/1").text + client.Jar().get("/ask").text
    who("owner2").ask("consult.ask", unit="water", subject="防洪评价", question="拟建厂区临河，需要做防洪评价吗？", open=False)  # nobody answers it


def test_somebody_without_an_account_asks_and_reads_the_answer_with_a_code(state):
    somebody = client.Jar()
    form = somebody.get("/ask/new")
    assert form.status == 200 and "不用账号" in form.text and 'href="/ask/new"' in somebody.get("/ask").text
    typed = [("act", "ask"), ("unit", "natural-resources"), ("subject", "自建房"), ("question", "村里自建房要不要办规划许可证？"), ("name", "李女士"),
             ("contact", "13912345678"), ("open", "true")]
    bad = somebody.post("/ask/new", [(k, "多少" if k == "question" else v) for k, v in typed])
    assert bad.status == 422 and 'id="ask-question-e"' in bad.text and 'value="13912345678"' in bad.text, (bad.status, bad.text[-900:])
    done = somebody.post("/ask/new", typed)
    assert done.status == 303 and re.fullmatch(r"/ask/mine/([0-9A-F]{4}-){3}[0-9A-F]{4}/[0-9]+", done.get("location")), (done.status, done.get("location"))
    own = done.get("location")
    code, no = own.split("/")[3:]
    other = client.Jar()
    text = other.get(own).text
    assert code in text and "还没有答复" in text and "13912345678" not in text and "李女士" not in text, text
    found = other.get(f"/ask/mine?no={no}&code={code.lower().replace('-', '')}")
    assert found.status == 303 and found.get("location") == own, (found.status, found.get("location"))
    wrong = other.get(f"/ask/mine?no={no}&code=0000-0000-0000-0000")
    assert wrong.status == 422 and "没有这个编号和查询码的问题" in wrong.text, (wrong.status, wrong.text[-500:])
    assert other.get(f"/ask/mine/0000-0000-0000-0000/{no}").status == 404 and other.get(f"/ask/{no}").status == 404
    work = page("ap-natural-resources", f"/w/ask/{no}")
    assert "13912345678" in work and "李女士" in work and "公众（没有账号）" in work and "自建房" in page("ap-natural-resources", "/w/early") and "要求补充" not in work, work[-2000:]
    told = page("ap-natural-resources", "/msg")
    assert "有咨询待答复：建筑退线</h2>" in told and "有咨询待答复：自建房</h2>" in told, "two messages of one kind have two titles"
    assert client.as_user("owner").get(f"/my/ask/{no}").status == 404 and "13912345678" not in page("wu", f"/w/ask/{no}")
    who("ap-natural-resources").ask("consult.reply", f"consult/{no}", reply="宅基地上的自建房办乡村建设规划许可证。", basis="中华人民共和国城乡规划法第四十一条")
    assert "宅基地上的自建房办乡村建设规划许可证" in other.get(own).text and "宅基地" in other.get(f"/ask/{no}").text
    assert "Read the answer" in other.get("/en/ask/mine").text and "No account is needed" in other.get("/en/ask/new").text
    who("ap-natural-resources").ask("consult.forget", f"consult/{no}")
    assert "13912345678" not in page("ap-natural-resources", f"/w/ask/{no}")
    many = [somebody.post("/ask/new", typed).status for _ in range(6)]
    assert many[-1] == 429 and 303 in many, many


def test_s08_the_reply_is_cited_in_stage_2_and_contradicting_it_demands_a_reason(state):
    uscc = uscc_of("owner")
    no = register("owner", uscc, FIRM)
    through(no, 1)
    stream, owner, clerk = f"project/{no}", who("owner"), who("wang")
    assert [c["no"] for c in owner.view(f"/my/{no}/stage/2")["citable"]] == ["ZX-2026-0001"]
    assert "ZX-2026-0001" in page("owner", f"/my/{no}/stage/2")
    view = owner.view(f"/my/{no}/stage/2")
    form, files = submit_args(no, view)
    other = owner.ask("stage.submit", stream, status=422, personal=form[1], stage=2, form=form[0], files=files, cites=["ZX-2026-0009"])
    assert other["field"] == "cites"
    owner.ask("stage.submit", stream, personal=form[1], stage=2, form=form[0], files=files, cites=["ZX-2026-0001"])
    clerk.ask("stage.accept", stream, stage=2)
    items = [i["code"] for i in clerk.view(f"/w/c/{no}/2")["slip_items"]]
    clerk.ask("stage.draft-slip", stream, stage=2, items=items, opinion="同意派转")
    who("zhao").ask("stage.dispatch", stream, stage=2, opinion="同意")
    item = next(i["code"] for i in clerk.view(f"/w/c/{no}/2")["here"]["items"] if i["unit"] == "natural-resources")
    reviewer = who("ap-natural-resources")
    reviewer.ask("item.take", stream, stage=2, item=item)
    html = page("ap-natural-resources", f"/w/t/{no}/2/{item}")
    assert "ZX-2026-0001" in html and "15 米" in html and "与答复不一致" in html
    name = reviewer.view(f"/w/t/{no}/2/{item}")["signer"]
    refuse = dict(stage=2, item=item, result="refuse", opinion="退线不足，应退二十米。", signature=name, article="《中华人民共和国城乡规划法》第四十条")
    r = reviewer.ask("item.decide", stream, status=422, **refuse)
    assert r["field"] == "relation" and "ZX-2026-0001" in r["detail"] and r["clause"] == "D60-2.4.4-(3)", r
    r = reviewer.ask("item.decide", stream, status=422, relation="contrary", contrary="改了", **refuse)
    assert r["field"] == "contrary", r
    reviewer.ask("item.decide", stream, relation="contrary", contrary="答复以后道路规划拓宽，退让相应加大。", **refuse)
    watch = who("wu").view("/w/super/early")["contrary"]
    assert [(c["cited"], c["against"], c["reason"]) for c in watch] == [("ZX-2026-0001", True, "答复以后道路规划拓宽，退让相应加大。")], watch


def submit_args(no, view):
    owner = who("owner")
    blob = owner.jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    form = {k.removeprefix("f_"): v for k, v in api.answers(view["fields"]).items()}
    personal = {k: v for k, v in form.items() if k in ("contact_name", "contact_phone", "manager_name")}
    form.update({k: f"personal:{k}" for k in personal})
    files = [{"material": m["code"], "blob": blob, "name": "图纸.pdf", "size": len(api.PDF)}
             for m in view["materials"] if not m["optional"] and not m["form"] and "known" not in m]
    return (form, personal), files


# ---- S07 --------------------------------------------------------------------------------------------------------

def test_s07_suizhong_publishes_its_catalogue(state):
    county = client.as_user("hd-suizhong")
    page("hd-suizhong", "/w/catalogue/suizhong")
    r = county.post("/w/catalogue/suizhong", [("act", "draft"), ("lines", "审批：企业投资项目备案：带营业执照\n公共服务：供水报装\n审批：施工许可"),
                                                       ("guide", "到绥中县代办窗口或在网上委托，不收任何费用。")])
    assert r.status == 303, (r.status, r.text[:400])
    assert client.Jar().get("/agent/suizhong").status == 404  # the city has not looked at it
    who("leader").ask("catalogue.issue", "catalogue/suizhong", no=1)
    public = client.Jar().get("/agent/suizhong")
    assert public.status == 200 and "供水报装" in public.text and "公共服务" in public.text
    assert "绥中县" in client.Jar().get("/agent").text


def test_s07_an_enterprise_orders_and_one_agent_is_assigned(state):
    who("hd-development-reform").ask("roster.train", agents=["agent", "agent2"], day="2026-11-20", topic="统一培训")
    order = dict(county="suizhong", name="新厂房建设", items=["企业投资项目备案", "施工许可"], direct=True, consent=True)
    assert who("owner").ask("agent.order", **order)["answer"]["number"] == "DB-2026-0001"
    assert "统一培训" in who("hd-suizhong").ask("agent.assign", "agent/1", status=409, agent="agent3")["detail"]
    who("hd-suizhong").ask("agent.assign", "agent/1", agent="agent2")
    assert "一对一" in who("zhao").ask("agent.assign", "agent/1", status=409, agent="agent")["detail"]
    waits = who("agent2").view("/agent/w")["orders"]
    assert [(o["number"], o["turn_word"], o["acts"][0]["href"]) for o in waits] == [("DB-2026-0001", "登记项目", "/my/new?order=1")], waits
    assert "轮到您：登记项目" in page("agent2", "/agent/w")
    assert client.as_user("agent").get("/agent/w/1").status == 404
    # An order that has no project yet hears nothing of what others ask: that has no project either.
    asked = who("owner2").ask("consult.ask", unit="natural-resources", subject="别家的事", question="沿街一侧建筑退线应为多少米？", open=False)
    who("ap-natural-resources").ask("consult.reply", asked["stream"], reply="沿城市主干路退线不少于十米。", basis="示例规定第三条")
    assert "咨询已答复" in [m["title"] for m in who("owner2").view("/msg")["messages"]]
    assert [m["link"] for m in who("agent2").view("/msg")["messages"]] == ["/agent/w/1"], who("agent2").view("/msg")["messages"]


def test_s07_the_agent_acts_for_the_applicant_in_both_names(state):
    uscc = uscc_of("owner")
    form = who("agent2").view("/my/new?order=1")
    assert form["owner"] == FIRM and [c["value"] for c in form["counties"] if c["chosen"]] == ["suizhong"], form["counties"]
    denied = who("agent").ask("project.register", status=403, code=code(), name="没有委托", category="industry", county="longgang", owner=FIRM,
                              uscc=uscc, facts={}, contact_name="钱某", contact_phone="personal:phone", personal={"phone": "13800001234"})
    assert "委托" in denied["detail"]
    elsewhere = who("agent2").ask("project.register", status=403, code=code(), name="别的县的", category="industry", county="longgang", owner=FIRM,
                                  uscc=uscc, facts={}, contact_name="钱某", contact_phone="personal:phone", personal={"phone": "13800001234"})
    assert "绥中县" in elsewhere["detail"], elsewhere
    no = register("agent2", uscc, FIRM, county="suizhong")
    state["agent"] = no
    assert client.as_user("agent").get(f"/my/{no}").status == 404
    assert "还没有保存" in who("agent2").ask("stage.ask-confirm", f"project/{no}", status=409, stage=1)["detail"]
    draft = api.filled(who("agent2"), no)
    who("agent2").ask("stage.save-draft", f"project/{no}", **draft)
    who("agent2").ask("stage.ask-confirm", f"project/{no}", stage=1)
    for account in ("owner", "agent2"):  # whoever is to confirm it can open what he confirms
        for at in (f"/my/{no}/stage/1/check", f"/my/{no}/stage/1"):
            shown = {m["code"]: m["blob"] for m in who(account).view(at)["materials"] if m.get("file")}
            assert shown and shown.items() <= {f["material"]: f["blob"] for f in draft["files"]}.items(), (account, at, shown)
            assert all(f'href="/my/{no}/file/{blob}"' in page(account, at) for blob in shown.values()), (account, at)
        assert page(account, f"/my/{no}/file/{draft['files'][0]['blob']}").startswith("%PDF")
    for account in ("agent", "owner2"):
        assert client.as_user(account).get(f"/my/{no}/file/{draft['files'][0]['blob']}").status == 404, account
    assert client.as_user("wang").get(f"/my/{no}/file/{draft['files'][0]['blob']}").status == 403
    assert client.as_user("wang").get(f"/w/file/{no}/{draft['files'][0]['blob']}").status == 404, "a draft is not handed in"
    assert "请补正" not in page("agent2", f"/my/{no}/stage/1"), "what waits for the client is no correction"
    api.submit(who("agent2"), no, 1)  # the mandate says so
    who("agent2").ask("stage.withdraw", f"project/{no}", stage=1, reason="补充图纸后再报")
    text = page("owner", f"/my/{no}")
    assert "（代办）" in text, "the time line says that an agent did it"
    assert f"委托单位：{FIRM}（您代办）" in page("agent2", f"/my/{no}") and "（您代办）" not in text
    assert "代办员的电话" in page("owner", "/my/agent/1") and "委托单位的电话" in page("agent2", "/agent/w/1") and "的电话" not in page("wu", "/w/agent/1")
    assert "13900000003" in page("owner", "/my/agent/1") and "委托单位打不到您" not in page("agent2", "/agent/w/1")
    who("agent2").ask("user.set-contact", "user/agent2", mail=False, sms=False)  # without a number each is told what to do
    assert "委托单位打不到您" in page("agent2", "/agent/w/1") and "可以向综合窗口问" in page("owner", "/my/agent/1")
    steps = who("wu").view("/w/agent/1")["steps"]
    assert {(s["by"], s["behalf"]) for s in steps if "登记了项目" in s["text"]} == {("吴某某", FIRM)}, steps
    assert len([s for s in steps if s["behalf"] == FIRM]) >= 4
    assert any(o["project"] for o in who("owner").view("/my/early")["orders"])


def test_s07_both_rate_after_the_start_of_construction_and_the_month_is_ranked(state):
    no = state["agent"]
    assert "开工" in who("owner").ask("agent.rate", "agent/1", status=409, score=5)["detail"]
    for n in (1, 2, 3):
        through(no, n, "agent2")
    assert who("owner").view("/my/agent/1")["status"] == "started"
    owner = client.as_user("owner")
    page("owner", "/my/agent/1")
    assert owner.post("/my/agent/1", [("act", "rate"), ("score", "5"), ("text", "跑得快")]).status == 303
    assert who("owner").ask("agent.rate", "agent/1", status=409, score=1)["detail"]
    who("ap-housing-construction").ask("agent.rate-unit", "agent/1", score=4)
    who("ap-natural-resources").ask("agent.rate-unit", "agent/1", score=3)
    view = who("wu").view("/w/ranking?month=2026-11")
    assert [(a["name"], a["enterprise"], a["enterprise_n"], a["unit"], a["unit_n"]) for a in view["agents"]] == [("吴某某", "5.00", 1, "3.50", 2)], view


def test_s07_there_is_no_price_field(state):
    views = [who("owner").view("/my/agent/1"), who("wu").view("/w/agent/1"), client.Jar().get("/api/v1/agent/suizhong").json,
             who("agent2").view("/agent/w")]
    keys = set()

    def collect(v):
        if isinstance(v, dict):
            keys.update(v)
            for x in v.values():
                collect(x)
        elif isinstance(v, list):
            for x in v:
                collect(x)
    for v in views:
        collect(v)
    assert not [k for k in keys if any(w in k for w in ("price", "fee", "cost", "amount"))], keys
    refused = who("hd-suizhong").ask("catalogue.draft", status=422, county="suizhong", guide="到绥中县代办窗口提出委托。",
                                     items=[{"name": "备案", "scope": "approval", "price": "100"}])
    assert "无偿" in refused["detail"]


def test_every_page_before_the_case_opens_for_those_it_is_for(state):
    for account, paths in {
            "owner": ["/my/early", "/my/ask/1", "/my/agent/1", "/my/agent/new", "/my/agent/new?county=suizhong", "/my/ask/new"],
            "agent2": ["/agent/w", "/agent/w/1", "/my"], "leader": ["/w/early", "/w/catalogue/suizhong", "/w/reserve", "/w/reserve/1", "/w/super/early"],
            "ap-development-reform": ["/w/early", "/w/reserve", "/w/reserve/new", "/w/training", "/w/ranking"],
            "hd-natural-resources": ["/w/reserve/1", "/w/early"], "zhao": ["/w/early", "/w/agent/1"],
            "wu": ["/w/super/early", "/w/early", "/w/super", "/w/ask/1"]}.items():
        for path in paths:
            page(account, path)
    assert client.as_user("owner").get("/w/early").status == 403
    assert client.as_user("owner2").get("/my/ask/1").status == 404


# ---- a fortnight later ------------------------------------------------------------------------------------------

def later_s08_a_reply_that_is_late_is_red(state):
    view = who("ap-water").view("/w/ask/2")
    assert view["lamp"]["code"] == "red" and view["due"] == "2026-12-02", (view["lamp"], view["due"])
    rows, wait = questions("ap-water")
    assert [(r["no"], r["lamp"]["code"], r["due"]) for r in rows] == [(2, "red", "2026-12-02")] and (wait["n"], wait["late"]) == (1, 1), (rows, wait)
    assert '<span class="tag tag--bad">超期 1</span>' in page("ap-water", "/w")
    late = who("wu").view("/w/super/early")["consults"]
    assert [(c["subject"], c["lamp"]["code"]) for c in late] == [("防洪评价", "red")], late


def later_s12_after_the_valid_date_the_share_stops(state):
    """Today is 2026-12-09: the day after the last of the one assessment, the last day of the other."""
    public = client.Jar().get("/s/regions/1").text
    assert "已过有效期，不再共享" in public
    assert "今天没有这样的区域，要单独编报" in client.Jar().get("/s/item/geo-hazard").text
    no = next(p["no"] for p in who("owner").view("/my")["projects"] if p["name"] == "第二天提交")
    view = who("owner").view(f"/my/{no}/stage/1")
    report = next(m for m in view["materials"] if m["code"] == "geo-report")
    assert "known" not in report, report
    last = next(m for m in view["materials"] if m["code"] == "seismic-report")
    assert last["known"]["source"] == "区域评估 QYPG-2026-0002", last
    assert "没有可以共享的地质灾害危险性评估，仍要单独编报" in page("owner", f"/my/{no}/stage/1")
    kept = next(p["no"] for p in who("owner").view("/my")["projects"] if p["name"] == "区域内的项目")
    assert NEEDS_NONE in page("owner", f"/my/{kept}")  # what was submitted in time stays


run({**globals(), **{k: v for room in (blueprint, regions) for k, v in vars(room).items() if k.startswith(("test_", "later_"))}})
