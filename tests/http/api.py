# SPDX-License-Identifier: Apache-2.0
"""Conversations that need more than a transcript: forms made from the package, a stage through the interface."""
import html
import re

import client

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SAMPLES = [("行业代码", "E47"), ("电话", "0429-3112345"), ("手机", "0429-3112345"), ("日期", "2027-03-15"), ("时间", "2027-03-15"),
           ("代码", "91211400MA1001371X")]


def sample(label, kind):
    if kind in ("int", "area", "money", "milli", "number", "decimal"):
        return "1200"
    if kind == "day":
        return "2027-03-15"
    return next((v for word, v in SAMPLES if word in label), "示例内容")


def answers(fields):
    """A value for each field of a view (view.fields of a form)."""
    out = {}
    for f in fields:
        if (f["value"] or f["optional"]) and not f.get("masked"):
            value = f["value"]
        elif f.get("choices"):
            value = f["choices"][-1]["value"]
        else:
            value = sample(f["label"], f["kind"])
        if value:
            out[f["name"]] = value
    return out


def registration(page, code, name):
    """Fields for POST /my/new, from the page itself and from its view."""
    view = client.as_user("owner").get("/api/v1/my/new").json
    fields = [("code", code), ("name", name), ("category", "industry"), ("county", "longgang"), ("contact_name", "钱某"),
              ("contact_phone", "13800001234")]
    hidden = dict(client.fields_of(page))
    fields += [("owner", hidden.get("owner", "示例单位")), ("uscc", hidden["uscc"])]
    return fields + list(answers(view["fields"]).items())


class Client:
    """A program with a token."""

    def __init__(self, tokens, account):
        self.jar = client.Jar()
        self.jar.base = {"Authorization": f"Bearer {tokens[account]}"}

    def view(self, path):
        r = self.jar.api(path)
        assert r.status == 200, (path, r.status, r.text)
        return r.json

    def ask(self, command, stream=None, /, *, personal=None, status=200, key=None, **args):
        body = {"args": args}
        if stream:
            body["stream"] = stream
        if personal:
            body["personal"] = personal
        r = self.jar.api(f"/commands/{command}", body, {"Idempotency-Key": key} if key else None)
        assert r.status == status, (command, r.status, r.text)
        return r.json


ALL = {}  # the tokens; main.py fills it


def program(tokens, account):
    return Client(tokens, account)


def register(owner, code, name="接口办理示例"):
    view = owner.view("/my/new")
    facts = {k[2:] if k.startswith("f_") else k: v for k, v in answers(view["fields"]).items()}
    r = owner.ask("project.register", code=code, name=name, category="industry", county="longgang",
                  owner=view["owner"], uscc=view["uscc"], facts=facts, contact_name="钱某", contact_phone="personal:phone",
                  personal={"phone": "13800001234"})
    assert r["stream"].startswith("project/") and r["seq"] >= 1
    return r["stream"].split("/")[1]


def upload(owner, data):
    """The hash of a file that was sent."""
    blob = owner.jar.send("POST", "/api/v1/blobs", None, data, "application/pdf")
    assert blob.status == 200 and blob.json["type"] == "pdf" and blob.json["size"] == len(data), blob.text
    return blob.json["blob"]


def filled(owner, no, n=1, **typed):
    """What a form and its files would be: arguments of stage.save-draft and stage.submit."""
    view = owner.view(f"/my/{no}/stage/{n}")
    blob = upload(owner, PDF)
    form = {k.removeprefix("f_"): v for k, v in answers(view["fields"]).items()}
    form.update(typed)
    personal = {k: v for k, v in form.items() if k in ("contact_name", "contact_phone", "manager_name")}
    form.update({k: f"personal:{k}" for k in personal})
    files = [{"material": m["code"], "blob": blob, "name": "图纸.pdf", "size": len(PDF)}
             for m in view["materials"] if not m["optional"] and not m["form"] and "known" not in m]
    return dict(personal=personal, stage=n, form=form, files=files)


def submit(owner, no, n=1, **typed):
    """`typed`: what the form says otherwise than usual."""
    args = filled(owner, no, n, **typed)
    points = owner.view(f"/my/{no}/stage/{n}").get("points", [])  # of a correction
    if points:
        args["answers"] = [{"what": p["what"], "note": "已按告知改好"} for p in points]
    owner.ask("stage.submit", f"project/{no}", **args)
    return args["form"], args["files"]


def dispatched(code, name="接口办理示例"):
    """A project of owner's whose stage 1 has just been dispatched; one of its items."""
    owner, clerk, head = (Client(ALL, a) for a in ("owner", "wang", "zhao"))
    no = register(owner, code, name)
    submit(owner, no)
    clerk.ask("stage.accept", f"project/{no}", stage=1)
    items = [i["code"] for i in clerk.view(f"/w/c/{no}/1")["slip_items"]]
    clerk.ask("stage.draft-slip", f"project/{no}", stage=1, items=items, opinion="同意派转")
    head.ask("stage.dispatch", f"project/{no}", stage=1, opinion="同意")
    row = clerk.view(f"/w/c/{no}/1")["here"]["items"][0]
    return no, row["code"], row["unit"]


def test_a_licence_serves_all_projects_of_the_enterprise_and_a_promise_has_its_bound(tokens):
    owner, clerk = (program(tokens, a) for a in ("owner", "wang"))
    first = register(owner, "2304-211403-04-01-135301")
    _, files = submit(owner, first)
    second = register(owner, "2304-211403-04-01-135302")
    licence = next(m for m in owner.view(f"/my/{second}/stage/1")["materials"] if m["code"] == "licence")
    assert licence["known"]["project"] and licence["known"]["number"].startswith("HLD-"), licence
    submit(owner, second)
    case = clerk.view(f"/w/c/{second}/1")
    used = next(f for f in case["files"] if f["material"].startswith("营业执照"))
    assert used["from_project"] and used["blob"], used
    assert client.as_user("wang").get(f"/w/file/{second}/{used['blob']}").status == 200
    assert all(m["versions"][0]["version"] == 1 for m in owner.view(f"/my/{second}/library")["materials"])
    # Nothing is asked for without a basis, nothing lacks that may not, and nobody sees another enterprise's library.
    redline = owner.ask("stage.submit", f"project/{register(owner, '2304-211403-04-01-135303')}", status=422, stage=1, form={}, files=[],
                        lacking=[{"material": "redline", "promised": "2026-12-01"}])
    assert redline["error"] == "invalid"
    assert client.as_user("wang").get(f"/my/{second}/library").status == 403
    assert client.as_user("ap-natural-resources").get(f"/w/lib/{second}").status == 200


def pass_all(tokens, clerk, no):
    """Each item of stage 1 passes, through the interface or, for units without a token, through the page."""
    stream = f"project/{no}"
    for item in clerk.view(f"/w/c/{no}/1")["here"]["items"]:
        who = client.as_user(f"ap-{item['unit']}")
        if f"ap-{item['unit']}" in tokens:
            approver = program(tokens, f"ap-{item['unit']}")
            approver.ask("item.take", stream, stage=1, item=item["code"])
            approver.ask("item.decide", stream, stage=1, item=item["code"], result="pass", opinion="同意，符合条件",
                         signature=signer(approver.view(f"/w/t/{no}/1/{item['code']}"), who))
            continue
        path = f"/w/t/{no}/1/{item['code']}"
        who.get(path)
        assert who.post(path, [("act", "take")]).status == 303
        page = who.get(path).text
        name = re.search(r'<label for="signature">[^（]*（[^：]*：([^）]+)）', page)[1]
        r = who.post(path, [("act", "decide"), ("result", "pass"), ("opinion", "同意，符合条件"), ("signature", name),
                            ("seen", dict(client.fields_of(page))["seen"])])
        assert r.status == 303, r.text


def test_the_window_report_counts_and_what_goes_past_the_window_shows_red(tokens):
    head, wu, clerk = (program(tokens, a) for a in ("zhao", "wu", "wang"))
    before = {r["kind"]: r["now"] for r in clerk.view("/w/report?period=day")["rows"]}
    owner = program(tokens, "owner")
    no = register(owner, "2304-211403-04-01-135304")
    submit(owner, no)
    clerk.ask("stage.accept", f"project/{no}", stage=1)
    day = clerk.view("/w/report?period=day")
    after = {r["kind"]: r["now"] for r in day["rows"]}
    assert after["submitted"] == before["submitted"] + 1 and after["accepted"] == before["accepted"] + 1, (before, after)
    assert clerk.view("/w/report")["period"] == "week" and day["from"] == day["to"]
    month = clerk.view("/w/report?period=month")
    assert month["from"].endswith("-01") and {r["kind"]: r["now"] for r in month["rows"]}["submitted"] >= after["submitted"]
    # Behind each figure stand exactly its acts, for the window and for the supervisor; no figure, no list.
    for period in ("day", "month"):  # on one day both ends of the period count
        report = clerk.view(f"/w/report?period={period}")
        for row in report["rows"]:
            for account, path in ((clerk, "/w/report"), (wu, "/w/super/report")):
                for now, of in (("now", "2026-11-25"), ("before", report["before_of"])):
                    behind = account.view(f"{path}/acts?kind={row['kind']}&period={period}&of={of}")
                    assert behind["total"] == row[now] and len(behind["acts"]) == min(row[now], 100), (period, row, behind["total"])
    acts = clerk.view("/w/report/acts?kind=accepted&period=day")["acts"]
    assert str(acts[0]["project"]) == no and acts[0]["stage"] == 1, acts[0]
    assert client.as_user("wang").get("/w/report/acts?kind=weather").status == 404
    assert "/w/report/acts?kind=accepted" in client.as_user("wang").get("/w/report?period=day").text
    # A department cannot take what the window has not sent it.
    outside = program(tokens, "ap-natural-resources").ask("item.take", f"project/{no}", status=404, stage=1, item="land-preview")
    assert outside["clause"] == "D60-4.15-p2", outside
    # What the leading group allowed is registered, and red to the supervisor until it is ended.
    bad = head.ask("project.exempt", f"project/{no}", status=422, matter="用地预审", approved_by="市政府审批领导小组", document="",
                   **{"from": "2026-11-25", "until": "2026-12-31"}, reason="示例")
    assert bad["field"] == "document", bad
    head.ask("project.exempt", f"project/{no}", matter="用地预审", approved_by="市政府审批领导小组", document="示例文件〔2026〕3号",
             **{"from": "2026-11-25", "until": "2099-12-31"}, major=False, reason="示例")
    row = next(r for r in wu.view("/w/outside")["rows"] if str(r["project"]) == no)
    assert not row["ended"] and row["document"] == "示例文件〔2026〕3号", row
    page = client.as_user("wu").get("/w/outside").text
    assert "tag--bad" in page and "示例文件〔2026〕3号" in page
    assert client.as_user("wang").get("/w/outside").status == 403
    head.ask("project.end-exemption", f"project/{no}", no=1, reason="已转回窗口")
    assert next(r for r in wu.view("/w/outside")["rows"] if str(r["project"]) == no)["ended"]


def test_a_whole_stage_through_the_interface(tokens):
    owner, clerk, head = (program(tokens, a) for a in ("owner", "wang", "zhao"))
    no = register(owner, "2304-211403-04-01-135277")
    assert owner.view(f"/my/{no}")["stages"][0]["limit"] == 7
    contact = client.as_user("owner").get(f"/my/{no}").text
    assert "13800001234" not in contact or "钱某" in contact
    submit(owner, no)
    stream = f"project/{no}"
    early = clerk.ask("stage.request-correction", stream, status=409, stage=1, missing=[{"what": "营业执照", "why": "已过有效期"}])
    assert "市自然资源局" in early["detail"], early
    for unit in clerk.view(f"/w/c/{no}/1")["asked"]["units"]:
        department = program(tokens, f"ap-{unit['unit']}")
        assert any(a["number"] == clerk.view(f"/w/c/{no}/1")["number"] for a in department.view("/w")["asks"])
        department.ask("stage.report", stream, stage=1, missing=[])
    clerk.ask("stage.request-correction", stream, stage=1, missing=[{"what": "营业执照", "why": "已过有效期"}])
    submit(owner, no)
    clerk.ask("stage.accept", stream, stage=1)
    view = clerk.view(f"/w/c/{no}/1")
    clerk.ask("stage.draft-slip", stream, stage=1, items=[i["code"] for i in view["slip_items"]], opinion="请各部门办理")
    head.ask("stage.return-slip", stream, stage=1, reason="请补充拟办意见")
    clerk.ask("stage.draft-slip", stream, stage=1, items=[i["code"] for i in view["slip_items"]], opinion="请各部门在时限内办理")
    head.ask("stage.dispatch", stream, stage=1, opinion="同意")
    pass_all(tokens, clerk, no)
    clerk.ask("stage.certify", stream, stage=1)
    clerk.ask("stage.deliver", stream, stage=1, how="电子送达", to="钱某")
    stages = owner.view(f"/my/{no}")["stages"]
    assert stages[0]["status"] == "delivered" and stages[1]["status"] == "open", [s["status"] for s in stages[:2]]
    assert owner.view(f"/cert/{no}/1")["seal"] == "葫芦岛市建设项目审批专用章"
    number = owner.view(f"/my/{no}")["number"]
    public = client.Jar().get(f"/api/v1/track/{number}")
    assert public.status == 200 and "接口办理示例" not in public.text and "钱某" not in public.text


def test_a_correction_says_what_is_another_file_than_before(tokens):
    owner, clerk = (program(tokens, a) for a in ("owner", "wang"))
    first, second = (register(owner, f"2304-211403-04-01-13531{k}") for k in (1, 2))
    for k, no in enumerate((first, second)):  # each with a licence of its own: of the first project's the enterprise has a newer one now
        args = filled(owner, no)
        data = PDF + b"% licence " + no.encode() + b"\n"
        args["files"] = [f for f in args["files"] if f["material"] != "licence"] + [{"material": "licence", "blob": upload(owner, data), "name": f"执照{k}.pdf", "size": len(data)}]
        owner.ask("stage.submit", f"project/{no}", **args)
    stream, codes = f"project/{first}", [f["material"] for f in args["files"] if f["material"] != "licence"]
    for unit in clerk.view(f"/w/c/{first}/1")["asked"]["units"]:
        program(tokens, f"ap-{unit['unit']}").ask("stage.report", stream, stage=1, missing=[])
    clerk.ask("stage.request-correction", stream, stage=1, missing=[{"of": codes[0], "what": codes[0], "why": "比例尺不符"}])
    assert "文件也没有规定期限。补正收到以后，窗口在 5 个工作日内答复" in client.as_user("owner").get(f"/my/{first}/stage/1").text, "what counts where no day was given"
    view = owner.view(f"/my/{first}/stage/1/check")
    assert not any(m["changed"] for m in view["materials"]) and not view["points"][0]["done"] and not view["others"], view
    new, drawn = PDF + b"% drawn again\n", owner.view(f"/my/{first}/stage/1")
    blob = upload(owner, new)
    files = [{"material": m["code"], "blob": m["carry"].split("|")[0], "name": m["file"], "size": int(m["carry"].split("|")[1])}
             for m in drawn["materials"] if m.get("file") and m["code"] not in codes[:2]]
    files += [{"material": c, "blob": blob, "name": f"新图{k}.pdf", "size": len(new)} for k, c in enumerate(codes[:2])]
    owner.ask("stage.save-draft", stream, stage=1, form={f["name"].removeprefix("f_"): f["value"] for f in drawn["fields"] if f["value"] and not f.get("masked")}, files=files)
    view = owner.view(f"/my/{first}/stage/1/check")
    assert {m["code"] for m in view["materials"] if m["changed"]} == set(codes[:2]), view["materials"]
    assert view["points"][0]["done"] == "这次换成 新图0.pdf" and [m["code"] for m in view["others"]] == [codes[1]], (view["points"], view["others"])
    page = client.as_user("owner").get(f"/my/{first}/stage/1/check").text
    licence = next(r for r in page.split("<h2>材料</h2>")[1].split("<li>") if r.startswith("营业执照"))
    assert "这次换成" not in licence and "执照0.pdf" in licence, licence
    assert page.count("这次换成") == 4 and "没有要求补正，这次换成 新图1.pdf" in page, page
    window = client.as_user("wang")
    def rows():
        return {no: row for row in window.get("/w").text.split('id="g1"')[1].split("</table>")[0].split("<tr>") for no in (first, second) if f'href="/w/c/{no}/1"' in row}
    assert first not in rows() and "补正后" not in rows()[second] and "或一次性告知要补正的全部内容" in client.as_user("owner").get(f"/my/{second}/stage/1/receipt").text
    jar = client.as_user("owner")
    owner.ask("stage.submit", stream, **{**filled(owner, first), "files": files})
    assert "补正后" in rows()[first] and "补正后" not in rows()[second], rows()
    case, receipt = window.get(f"/w/c/{first}/1").text, jar.get(f"/my/{first}/stage/1/receipt").text
    for page, files in ((case.split("一次性告知和补正")[1], case.split('<h2 id="mat">')[1]), (receipt.split("补正的内容")[1], receipt.split("交来的材料")[1])):
        assert "换了新的一版" in page.split("</ul>")[0] and "没有要求补正，这次换成 新图1.pdf" in page.split("</ul>")[0], page[:2000]
        marked = [r for r in files.split("</ul>")[0].split("<li>") if "补正时换了新的一版" in r]
        assert len(marked) == 2 and all("新图" in r for r in marked), files
    assert "受理，或者不予受理" in receipt and "要补正的全部内容" not in receipt and 'value="notice"' not in case


def test_the_form_says_what_of_the_environment_is_asked_now_and_what_may_come_later(tokens):
    """The report is a file of this stage, its approval may be done until construction begins: the hint says both."""
    owner = program(tokens, "owner")
    no = register(owner, "2304-211403-04-01-135316")
    hint = next(f["hint"] for f in owner.view(f"/my/{no}/stage/1")["fields"] if f["name"] == "f_eia_kind")
    args = filled(owner, no, eia_kind="table")
    owner.ask("stage.save-draft", f"project/{no}", **{**args, "files": []})
    asked = next(m for m in owner.view(f"/my/{no}/stage/1")["materials"] if m["code"] == "eia-document")
    assert not asked["optional"] and "随本次申报交来（示例）" in hint and "批复开工前办完即可" in hint, (asked, hint)


def test_an_applicant_reads_at_once_what_was_refused_and_when_it_is_his_turn(tokens):
    owner, clerk = (program(tokens, a) for a in ("owner", "wang"))
    no, _, _ = dispatched("2304-211403-04-01-135315")
    stream, main = f"project/{no}", [i for i in clerk.view(f"/w/c/{no}/1")["here"]["items"] if not i["parallel"]]

    def stage():
        return owner.view(f"/my/{no}")["stages"][0]

    def decide(item, **more):
        department = program(tokens, f"ap-{item['unit']}")
        department.ask("item.take", stream, stage=1, item=item["code"])
        signed = department.view(f"/w/t/{no}/1/{item['code']}")["signer"]
        department.ask("item.decide", stream, **{**dict(stage=1, item=item["code"], result="pass", opinion="符合条件，同意办理。", signature=signed), **more})

    def draft(item):
        path, jar = f"/w/t/{no}/1/{item['code']}", client.as_user(f"ap-{item['unit']}")
        view = program(tokens, f"ap-{item['unit']}").view(path)
        jar.get(path)
        return jar.post(path, [("act", "decide"), ("result", "refuse"), ("opinion", "用地不符合国土空间规划。"), ("article", "《中华人民共和国土地管理法》第五十二条"),
                               ("signature", view["signer"]), ("seen", str(view["item"]["seen"]))]).text

    assert len(main) >= 2, main
    returned, refused = main[:2]
    department = program(tokens, f"ap-{returned['unit']}")
    department.ask("item.take", stream, stage=1, item=returned["code"])
    department.ask("item.return", stream, stage=1, item=returned["code"], why_late="套图以后才发现", missing=[{"what": "拟建项目用地红线图（含界址点坐标）", "why": "与现场不符"}])
    assert stage()["with"] == "审批部门" and not stage()["all_returned"]
    program(tokens, f"ap-{refused['unit']}").ask("item.take", stream, stage=1, item=refused["code"])
    said = draft(refused)
    first = said.split('id="errsum"')[1].split("</section>")[0]
    assert "还没有签字：核对下面的决定书，再按“签字，不通过”" in first and "<title>还没有签字" in said and f'form="decide" name="act" value="decide">签字，不通过' in first, first
    assert "复议机关、法院为<span class=\"tag tag--warn\">示例" in first, first
    assert said.index('id="errsum"') < said.index("<h1>") and 'id="decide"' in said
    assert "申请人会收到的：不予行政许可决定书" in said and returned["name"] in said.split("签字后申请人马上在项目页")[1].split("都办完，再由综合窗口")[0], said
    signed = program(tokens, f"ap-{refused['unit']}").view(f"/w/t/{no}/1/{refused['code']}")["signer"]
    program(tokens, f"ap-{refused['unit']}").ask("item.decide", stream, stage=1, item=refused["code"], result="refuse", opinion="用地不符合国土空间规划。",
                                                article="《中华人民共和国土地管理法》第五十二条", signature=signed)
    for item in main[2:]:
        decide(item)
    assert stage()["with"] == "申请单位" and stage()["all_returned"], stage()
    row = next(i for i in stage()["items"] if i["code"] == refused["code"])
    assert row["turned_down"] and row["waits_for"] == [returned["name"]] and row["article"], row
    page = re.sub(r"<[^>]*>", "", client.as_user("owner").get(f"/my/{no}").text)
    for part in ("等您补交：", f"没有通过：{refused['name']}", "理由：用地不符合国土空间规划。", "第五十二条", f"还差：“{returned['name']}”", "落款市发展改革委", "申请行政复议"):
        assert part in page, (part, page)
    assert "等审批部门" not in page and "现在等：申请单位" in re.sub(r"<[^>]*>", "", client.Jar().get(f"/track/{owner.view(f'/my/{no}')['number']}").text)
    public = client.Jar().get(f"/api/v1/track/{owner.view(f'/my/{no}')['number']}").text
    assert "国土空间规划" not in public and "turned_down" not in public, "the public does not read the reason"
    bodies, jar = ("向葫芦岛市人民政府申请行政复议", "向葫芦岛市龙港区人民法院提起行政诉讼"), client.as_user("owner")
    assert all(b in page for b in bodies), page
    at = f"/w/t/{no}/1/{returned['code']}"
    department.ask("item.resume", stream, stage=1, item=returned["code"], seen=department.view(at)["item"]["seen"])
    department.ask("item.decide", stream, stage=1, item=returned["code"], result="pass", opinion="符合条件，同意办理。", signature=department.view(at)["signer"])
    clerk.ask("stage.refuse", stream, stage=1)
    shown = client.Jar().get(f"/track/{owner.view(f'/my/{no}')['number']}").text
    assert '<span class="tag">上次申请不予许可</span>' in shown and "办理中" not in shown, "nothing is being handled after a refusal"
    page = jar.get(f"/my/{no}").text
    letter = re.search(rf'决定书：<a href="/doc/{no}/(\d+)">不予行政许可决定书 HLD不准', page)
    assert letter and all(b in page for b in bodies) and "登记以后，这里写明最迟到哪一天" in page and "最迟 <time" not in page, page[:5000]
    for path in (f"/my/{no}/stage/1", f"/my/{no}/stage/1/check"):
        head = jar.get(path).text.split("上次没有通过的理由")[1].split("</section>")[0]
        assert refused["name"] in head and "用地不符合国土空间规划。" in head and "《中华人民共和国土地管理法》第五十二条" in head, head
    clerk.ask("document.serve", stream, seq=int(letter[1]), how="邮寄送达", to="钱某")
    page = jar.get(f"/my/{no}").text  # served 2026-11-25: the sixtieth day is a Sunday
    assert page.count('。</strong> <span class="tag tag--warn">暂定</span>') == 2, "no holidays of 2027 are known"
    assert '最迟 <time datetime="2027-01-25">' in page and '最迟 <time datetime="2027-05-25">' in page and "2026年11月25日送达" in page, re.findall("最迟.{60}", page)


def test_a_certificate_that_no_font_can_write_is_not_issued(tokens):
    no, _, _ = dispatched("2304-211403-04-01-135299", "\U00031350河机械厂扩建")
    clerk = program(tokens, "wang")
    pass_all(tokens, clerk, no)
    r = clerk.ask("stage.certify", f"project/{no}", status=422, stage=1)
    assert "U+31350" in r["detail"] and "方框" in r["detail"], r
    window = client.as_user("wang")
    window.get(f"/w/c/{no}/1")
    page = window.post(f"/w/c/{no}/1", [("act", "certify")])
    assert page.status == 422 and "U+31350" in page.text and "盖章出件" in page.text, (page.status, page.text[:2000])
    assert clerk.view(f"/w/c/{no}/1")["here"]["status"] == "decided"
    assert window.get(f"/cert/{no}/1").status == 404 and window.get(f"/cert/{no}/1/pdf").status == 404


def signer(view, jar):
    page = jar.get("/w").text
    return html.unescape(re.search(r'<li class="who"><a[^>]*>([^（<]+)', page)[1])


def test_a_key_sent_again_gives_the_first_answer_and_makes_nothing(tokens):
    owner = program(tokens, "owner")
    no = register(owner, "2304-211403-04-01-135266")
    first = owner.ask("stage.save-draft", f"project/{no}", stage=1, form={}, key="draft-0000-0001")
    again = owner.ask("stage.save-draft", f"project/{no}", stage=1, form={}, key="draft-0000-0001")
    assert first == again, (first, again)
    other = owner.ask("stage.save-draft", f"project/{no}", stage=2, form={}, key="draft-0000-0001", status=409)
    assert other["error"] == "conflict" and other["field"] == "key"
    owner.ask("stage.save-draft", f"project/{no}", stage=1, form={}, key="short", status=422)


def test_a_lost_update_says_who_and_when(tokens):
    program(tokens, "owner")
    no, item, unit = dispatched("2304-211403-04-01-135255")
    approver = client.as_user(f"ap-{unit}")
    path = f"/w/t/{no}/1/{item}"
    approver.get(path)
    approver.post(path, [("act", "take")])
    page = approver.get(path).text
    seen = dict(client.fields_of(page))["seen"]
    cause = re.search(r'<option value="([\w-]+)"', page.split('id="cause"')[1])[1]
    pause = [("act", "pause"), ("seen", seen), ("cause", cause), ("planned", "2026-12-02"), ("notice", "需要组织专家评审")]
    assert approver.post(path, pause).status == 303
    stale = [("act", "decide"), ("seen", seen), ("result", "pass"), ("opinion", "这是我写了很久的意见"), ("signature", "某某")]
    r = approver.post(path, stale + [("key", "stale-decision-01")])
    name = html.unescape(re.search(r'<li class="who"><a[^>]*>([^（<]+)', page)[1])
    assert r.status == 409, r.status
    assert f"{name} 已于 2026-11-25 09:" in r.text and "办理过这个事项" in r.text, r.text[-3000:]
    assert "这是我写了很久的意见" in r.text, "the opinion is gone"
    clash = r.text.split('id="clash"')[1].split("</section></div>")[0]
    assert "这是我写了很久的意见" in clash and "<dd class=\"pre\">通过</dd>" in clash and "暂停计时" in clash and "您自己，在别的页面" in clash, clash


def test_who_comes_second_sees_both_texts_side_by_side_and_one_way_on(_tokens):
    no, item, unit = dispatched("2304-211403-04-01-135256")
    path, typed = f"/w/t/{no}/1/{item}", [("act", "decide"), ("result", "pass")]
    first, second = client.as_user(f"ap-{unit}"), client.as_user(f"ap-{unit}")
    first.get(path)
    first.post(path, [("act", "take")])
    def decide(jar, page, opinion):
        hidden = dict(client.fields_of(page))
        name = html.unescape(re.search(r"签字（您的姓名：(.+?)）", page)[1])
        return jar.post(path, typed + [("seen", hidden["seen"]), ("shown", hidden["shown"]), ("opinion", opinion), ("signature", name)])
    page, other = first.get(path).text, second.get(path).text
    # What the other did leaves the form where it is: it has what was typed, and the way on leads to it.
    cause = re.search(r'<option value="([\w-]+)"', page.split('id="cause"')[1])[1]
    second.post(path, [("act", "pause"), ("cause", cause), ("planned", "2026-12-02"), ("notice", "需要组织专家评审"), ("seen", dict(client.fields_of(page))["seen"])])
    assert second.post(path, [("act", "resume"), ("seen", dict(client.fields_of(second.get(path).text))["seen"])]).status == 303
    r = decide(first, page, "第一个人写的意见，很长")
    clash = r.text.split('id="clash"')[1].split("<h1>")[0]
    assert r.status == 409 and "恢复计时" in clash and "暂停计时" in clash and "接单" not in clash, clash
    assert 'href="#result"' in clash and clash.count('class="btn"') == 1 and "\n第一个人写的意见，很长</textarea>" in r.text, r.text[r.text.find("<textarea"):][:400]
    # Sent again from this page it is done; the other one, who has typed too, reads both texts, and his form is gone.
    assert decide(first, r.text, "第一个人写的意见，很长").status == 303
    r = decide(second, other, "第二个人写的意见，也很长")
    clash = r.text.split('id="clash"')[1].split("<h1>")[0]
    mine, theirs = clash.split('id="clash-theirs"')
    assert r.status == 409 and "第二个人写的意见，也很长" in mine and "第一个人写的意见，很长" in theirs and "第一个人" not in mine, clash
    assert f'href="{path}">看最新的情况' in clash and clash.count('class="btn"') == 1, clash
    # Two clerks on one application.
    no = register(program(_tokens, "owner"), "2304-211403-04-01-135257")
    submit(program(_tokens, "owner"), no)
    wang, sun = client.as_user("wang"), client.as_user("sun")
    page = sun.get(f"/w/c/{no}/1").text
    wang.get(f"/w/c/{no}/1")
    assert wang.post(f"/w/c/{no}/1", [("act", "accept")]).status == 303
    r = sun.post(f"/w/c/{no}/1", [("act", "not-accept"), ("shown", dict(client.fields_of(page))["shown"]), ("reason", "不是本市的项目"), ("article", "第三十二条"), ("where", "向所在地申请")])
    clash = r.text.split('id="clash"')[1].split("<h1>")[0]
    assert r.status == 409 and "综合窗口王某：受理第1阶段申请" in clash and "不是本市的项目" in clash and "看最新的情况" in clash, clash


def test_what_the_window_did_not_accept_is_not_called_withdrawn(tokens):
    no = register(program(tokens, "owner"), "2304-211403-04-01-135288")
    submit(program(tokens, "owner"), no)
    sun = client.as_user("sun")
    sun.get(f"/w/c/{no}/1")
    assert sun.post(f"/w/c/{no}/1", [("act", "not-accept"), ("reason", "不是本市的项目"), ("article", "《行政许可法》第三十二条"), ("where", "向所在地申请")]).status == 303
    page = client.as_user("owner").get(f"/my/{no}").text
    assert "不予受理" in page and "上次申请没有受理" in page and "不是本市的项目" in page and "已撤回" not in page and "已经撤回" not in page, page
    stage = program(tokens, "wang").view(f"/w/p/{no}")["stages"][0]
    assert stage["status"] == "withdrawn" and stage["status_label"] == "不予受理", stage
    submit(program(tokens, "owner"), no)
    program(tokens, "owner").ask("stage.withdraw", f"project/{no}", stage=1, reason="改好再报")
    page = client.as_user("owner").get(f"/my/{no}").text
    assert "上次申请已经撤回" in page and "上次申请没有受理" not in page, page


def test_a_form_that_is_no_longer_there_gives_the_text_back(tokens):
    jar, path, fields, _, _ = stage_form()
    no = path.split("/")[2]
    submit(program(tokens, "owner"), no)
    fields = [(k, "这一段刚刚写好" if v == "示例内容" else v) for k, v in fields]
    assert ("这一段刚刚写好" in dict(fields).values()), fields
    r = jar.post(path, fields)
    assert r.status == 409 and "申请表不能再改" in r.text and "这一段刚刚写好" in r.text, (r.status, r.text[-2000:])


def test_a_get_never_writes(tokens):
    before = journal_end(tokens)
    for account in ("owner", "wang", "zhao", "wu", "sys", "ap-natural-resources"):
        jar = client.as_user(account)
        for path in (p for p, item in doc()["paths"].items() if "get" in item):
            if "{" in path:
                continue
            no_key = path in ("/api/v1/s/keys", "/api/v1/s/signer",  # none was made for this store
                              "/api/v1/w/stats/cases")  # of which figure?
            status = jar.get(path).status
            assert status in (200, 403, 503) or (status == 404 and no_key), (path, status)
    for path in ("/my/1/withdraw?reason=x&stage=1", "/logout", "/w/c/1/1?act=accept"):
        client.as_user("owner").get(path)
    assert journal_end(tokens) == before


def journal_end(tokens):
    """The number of the newest event is not shown anywhere; a fresh draft tells how far a project has come."""
    rows = client.as_user("wu").get("/api/v1/w/projects").json
    out = []
    for p in rows["projects"]:
        out.append(len(client.as_user("wu").get(f"/api/v1/w/p/{p['no']}").json["timeline"]))
    return rows["total"], out


def doc():
    return client.Jar().get("/api/v1/openapi.json").json


def test_the_interface_is_described_completely(tokens):
    d = doc()
    assert d["openapi"].startswith("3.0.") and d["info"]["title"] and d["info"]["version"]
    ids = [op["operationId"] for item in d["paths"].values() for op in item.values()]
    assert len(ids) == len(set(ids)), "operation ids come twice"
    for path, item in d["paths"].items():
        for method, op in item.items():
            where = f"{method} {path}"
            assert method in ("get", "post") and path.startswith("/api/v1/"), where
            assert op["summary"] and re.search("[\u4e00-\u9fff]", op["summary"]), where
            assert op["x-roles"], where
            assert set(op["responses"]) == {"200", "default"}, where
            for r in op["responses"].values():
                assert r["description"] and r["content"], where
                for media in r["content"].values():
                    schema(d, media["schema"], where)
            named = {p["name"] for p in op.get("parameters", []) if p["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path)), where
            assert all(p["required"] and p["schema"]["type"] == "string" for p in op.get("parameters", []) if p["in"] == "path"), where
            for media in op.get("requestBody", {"content": {}})["content"].values():
                schema(d, media["schema"], where)
    assert d["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def schema(d, s, where):
    """Every reference resolves, every property has a type, what is required exists."""
    if "$ref" in s:
        at = d
        for part in s["$ref"].removeprefix("#/").split("/"):
            assert part in at, (where, s["$ref"])
            at = at[part]
        return schema(d, at, where)
    if not s:
        return None  # the entries of a list that only decide can check
    assert s["type"] in ("object", "string", "integer", "boolean", "array"), (where, s)
    for name in s.get("required", []):
        assert name in s["properties"], (where, name)
    for child in s.get("properties", {}).values():
        schema(d, child, where)
    if s["type"] == "array":
        schema(d, s["items"], where)
    if "enum" in s:
        assert all(s["enum"]), where
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if low in s and high in s:
            assert s[low] <= s[high], (where, s)
    return None


def test_every_route_and_every_command_is_in_the_description(tokens):
    d = doc()
    matrix = client.as_user("audit").get("/api/v1/permissions").json
    hidden = {"/login", "/logout", "/prefs", "/a/{file}", "/health", "/healthz", "/healthz/ready", "/healthz/live", "/metrics", "/signup", "/a11y", "/privacy", "/contact", "/sitemap",
              "/error-report", "/live", "/prefs/password"}
    for r in matrix["routes"]:
        assert r["allow"] and r["help"], r
        if r["method"] == "GET" and r["path"] not in hidden:
            path = r["path"] if r["path"].startswith("/api/v1/") else f"/api/v1{r['path']}"
            assert "get" in d["paths"].get(path, {}), path
    commands = {c["name"] for c in matrix["commands"]}
    described = {p.rsplit("/", 1)[1] for p in d["paths"] if p.startswith("/api/v1/commands/")}
    assert commands == described, commands ^ described
    assert len(commands) >= 25
    body = d["paths"]["/api/v1/commands/item.decide"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    args = body["properties"]["args"]
    assert body["required"] == ["stream"] and args["additionalProperties"] is False
    assert {"stage", "item", "result", "opinion", "signature"} == set(args["required"]), args["required"]
    assert args["properties"]["result"]["enum"] == ["pass", "refuse"]
    assert args["properties"]["stage"]["type"] == "integer" and args["properties"]["stage"]["maximum"] == 4
    assert all(p.get("title") for p in args["properties"].values()), "each field has a Chinese label"
    for c in matrix["commands"]:
        op = d["paths"][f"/api/v1/commands/{c['name']}"]["post"]
        assert op["x-roles"] == c["allow"], c


def test_commands_of_other_roles_are_refused(tokens):
    matrix = client.as_user("audit").get("/api/v1/permissions").json
    owner = program(tokens, "owner")
    for c in matrix["commands"]:
        if "applicant" in c["allow"] or "public" in c["allow"]:
            continue
        r = owner.jar.api(f"/commands/{c['name']}", {"stream": "project/1", "args": {}})
        assert r.status == 403 and r.json["error"] == "denied", (c["name"], r.status)


def test_pages_and_interface_show_the_same(tokens):
    wang = client.as_user("wang")
    page, view = wang.get("/w").text, wang.get("/api/v1/w").json
    for row in view["arrived"][:5]:
        assert row["number"] in page and html.escape(row["project_name"], quote=False) in page
    assert view["to_issue"], "something is ready"
    for row in view["to_issue"][:5]:  # with the lamp of its stage, as inside
        assert row.get("deadline", "") in page, row
    for row in view["to_issue"]:
        assert row.get("clock") or row["waited"] == 0 or f"已等 {row['waited']} 个工作日" in page, row
    accept = wang.get("/w", {"Accept": "application/json"}).json
    assert accept == view


def test_uploads_come_back_only_as_attachments(tokens):
    jar = client.as_user("owner2")
    no = next(p["no"] for p in jar.get("/api/v1/my").json["projects"] if p.get("stage_status") != "")
    view = jar.get(f"/api/v1/my/{no}").json
    blob = next(b for b in re.findall(r'"blob":"([0-9a-f]{64})"', jar.get(f"/api/v1/my/{no}/stage/1/receipt").text))
    r = jar.get(f"/my/{no}/file/{blob}")
    assert r.status == 200, (r.status, view["number"])
    assert r.get("content-disposition").startswith("attachment; filename*=UTF-8''"), r.get("content-disposition")
    assert r.get("content-type") == "application/octet-stream"
    assert "sandbox" in r.get("content-security-policy")
    assert r.body.startswith(b"%PDF-")
    assert jar.get(f"/my/{no}/file/{'0' * 64}").status == 404
    assert client.as_user("owner3").get(f"/my/{no}/file/{blob}").status == 404
    assert client.Jar().get(f"/my/{no}/file/{blob}").status == 303


def stage_form(account="owner"):
    """A project whose first stage may be filled, its page and its fields."""
    no = register(program(ALL, account), f"2304-211403-04-01-{stage_form.next:06d}")
    stage_form.next += 1
    jar = client.as_user(account)
    page = jar.get(f"/my/{no}/stage/1")
    view = jar.get(f"/api/v1/my/{no}/stage/1").json
    return jar, f"/my/{no}/stage/1", list(answers(view["fields"]).items()), [m for m in view["materials"] if not m["form"]], page


stage_form.next = 200001


def test_files_are_judged_by_their_content(tokens):
    jar, path, fields, materials, _ = stage_form()
    name = materials[0]["id"]
    for filename, data, words in (
            ("图纸.pdf", b"MZ\x90\x00\x03\x00\x00\x00" * 20, "无法识别文件类型"),
            ("图纸.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "扩展名与内容（png）不一致"),
            ("空.pdf", b"", "文件是空的")):
        r = jar.files(path, fields, [(name, filename, data)])
        assert r.status == 422 and words in r.text, (filename, r.status, r.text[-1500:])
        for field, value in fields[:5]:
            assert html.escape(value, quote=False) in r.text, f"{field} is gone"


def test_a_file_name_loses_its_path_and_its_tricks(tokens):
    jar, path, fields, materials, _ = stage_form()
    tricky = "C:\\\\..\\\\a/../图\u202efdp.exe\u2066纸.pdf"
    r = jar.files(path, fields + [("draft", "1")], [(materials[0]["id"], tricky, PDF)])
    assert r.status == 303, (r.status, r.text[-1000:])
    page = jar.get(path).text
    assert "图fdp.exe纸.pdf" in page and "\u202e" not in page and "..\\" not in page


def test_a_file_that_is_not_in_the_store_is_refused(tokens):
    jar, path, fields, materials, _ = stage_form()
    ghost = f"{'ab' * 32}|100|图纸.pdf"
    r = jar.files(path, fields + [("draft", "1"), (f"k_{materials[0]['code']}", ghost)], [])
    assert r.status == 422 and "不在存储中" in r.text, (r.status, r.text[-1500:])
    owner, no = program(tokens, "owner"), path.split("/")[2]
    bad = owner.ask("stage.save-draft", f"project/{no}", stage=1, form={}, status=422,
                    files=[{"material": materials[0]["code"], "blob": "ab" * 32, "name": "图纸.pdf", "size": 1}])
    assert "不在存储中" in bad["detail"]


def test_a_field_given_twice_a_wrong_type_and_an_unknown_file_field(tokens):
    jar, path, fields, materials, _ = stage_form()
    r = jar.post(path, fields + [fields[0]])
    assert r.status == 400 and "同名字段重复提交" in r.text
    jar.get(path)
    phone = next(f["name"] for f in jar.get(f"/api/v1{path}").json["fields"] if f["kind"] == "tel")
    wrong = [(k, v) for k, v in fields if k != phone] + [(phone, "一千二百")]
    r = jar.post(path, wrong)
    assert r.status == 422 and "一千二百" in r.text and f'id="{phone}-e"' in r.text, r.text[-3000:]
    assert jar.files("/my/new", [("name", "x")], [("file", "a.pdf", PDF)]).status == 400


def test_uploads_that_are_too_large(tokens):
    jar, path, fields, materials, _ = stage_form()
    head = jar.head("POST", path, {}, 300 << 20, "multipart/form-data; boundary=x")
    r = client.raw(head)
    assert r.status == 413 and "内容过大" in r.text and "超过" in r.text, r.status
    limit = materials[0]["max_mb"]
    r = jar.files(path, fields, [(materials[0]["id"], "图纸.pdf", PDF + b"\n" * ((limit << 20) + 1))])
    assert r.status == 422 and f"文件超过 {limit} MB" in r.text, (r.status, r.text[-800:])
    owner = program(tokens, "owner")
    r = client.raw(owner.jar.head("POST", "/api/v1/blobs", {}, 60 << 20, "application/pdf"))
    assert r.status == 413 and r.json["error"] == "limit", r.status


def changes(*days):
    return [{"date": d, "kind": "holiday", "name": "检修"} for d in days]


def test_a_notice_takes_two_persons_and_moves_what_was_foreseen(tokens):
    sys, wu, li = (program(tokens, a) for a in ("sys", "wu", "ap-natural-resources"))
    calendar = "calendar/main"
    notice = dict(notice="示例通知〔2026〕8号", reason="停水检修")
    li.ask("calendar.propose", changes=changes("2026-11-30"), **notice, status=403)
    bad = sys.ask("calendar.propose", changes=changes("2026-11-30", "2026-11-31"), **notice, status=422)
    assert bad["field"] == "changes-2" and "不是日期" in bad["detail"]
    assert sys.ask("calendar.propose", changes=[], **notice, status=422)["field"] == "changes"
    answer = sys.ask("calendar.propose", changes=changes("2026-11-30", "2026-11-24"), **notice)["answer"]
    assert answer["past"] == 1
    no = answer["no"]
    assert sys.ask("calendar.propose", changes=changes("2026-12-01"), **notice, status=409)["field"] == "changes"
    page = wu.view(f"/adm/calendar/{no}")
    foreseen = page["preview"]
    assert page["waiting"] and foreseen["moved_total"] > 0 and page["past_days"] == 1
    assert foreseen["moved_total"] == sum(u["moved"] for u in foreseen["units"])
    assert sys.ask("calendar.confirm", calendar, no=no, status=403)["field"] == "no"
    before = {(i["project"], i["code"]): i for i in wu.view("/w/super/nodes")["items"]}
    done = [p["no"] for p in wu.view("/w/projects")["projects"] if p.get("status_label") == "全部办结"][:1]
    was = [wu.view(f"/w/p/{d}")["stages"] for d in done]
    version = wu.ask("calendar.confirm", calendar, no=no)["answer"]["version"]
    assert wu.ask("calendar.confirm", calendar, no=no, status=409)
    page = wu.view(f"/adm/calendar/{no}")
    assert page["confirmed"] and page["moved_total"] == foreseen["moved_total"]
    after = {(i["project"], i["code"]): i for i in wu.view("/w/super/nodes")["items"]}
    for m in page["moved"]:
        key = (m["project"], m["item"])
        assert m["version"] == version and m["was"] != m["now"]
        if m["kind"] == "item" and key in after and key in before:
            assert (before[key]["due"], after[key]["due"]) == (m["was"], m["now"]), m
    # What has ended keeps its days, to the last figure.
    assert [[(s["used"], s["due"]) for s in stages] for stages in was] == \
           [[(s["used"], s["due"]) for s in wu.view(f"/w/p/{d}")["stages"]] for d in done]
    one = next(m for m in page["moved"] if m["kind"] == "item")
    ledger = wu.view(f"/w/p/{one['project']}")
    assert ledger["calendar_version"] == version and any(m["now"] == one["now"] for m in ledger["moved"])
    year = client.Jar().get("/api/v1/s/calendar?year=2026").json
    assert year["version"] == version and year["versions"][0]["notice"] == notice["notice"]
    day = next(d for d in year["special"] if d["date"] == "2026-11-30")
    assert day["notice"] == notice["notice"] and not day["provisional"]
    assert client.Jar().get("/api/v1/s/calendar?year=2027").json["provisional"]
    # A second one, taken back by the one who proposed it.
    second = sys.ask("calendar.propose", changes=changes("2026-12-02"), **notice)["answer"]["no"]
    assert sys.ask("calendar.reject", calendar, no=second, status=422)["field"] == "reason"
    sys.ask("calendar.reject", calendar, no=second, reason="日期写错")
    assert not wu.view(f"/adm/calendar/{second}")["waiting"]
    assert wu.view("/adm/calendar")["version"] == version


def test_each_number_on_the_front_page_of_supervision_is_the_length_of_its_list(tokens):
    wu = program(tokens, "wu")
    front = wu.view("/w/super")
    matters = front["matters"]
    assert len(front["items"]) == 15 < front["total"] == wu.view("/w/super/nodes")["total"], (len(front["items"]), front["total"])
    assert len(matters) == 7 and any(m["n"] for m in matters), matters
    for m in matters:
        view = wu.view(m["href"])
        assert view.get("total", len(view.get("rows", []))) == m["n"], (m, view.get("total"))
    page = client.as_user("wu").get("/w/super").text
    for title in ("各阶段办理要多久", "从登记到出件", "各部门每月超过时限才办结的事项", "最急的 15 件"):
        assert title in page, title


def test_the_window_counts_what_waits_and_what_of_it_is_late(tokens):
    view = program(tokens, "wang").view("/w")
    keys = {"待受理": "arrived", "待填派转单": "to_slip", "待出件": "to_issue", "待送达的证件": "to_deliver"}
    assert [s["label"] for s in view["sums"]] == list(keys), view["sums"]
    for s in view["sums"]:
        rows = view[keys[s["label"]]]
        assert (s["n"], s.get("late", 0)) == (len(rows), sum(r["lamp"]["code"] == "red" for r in rows)), s
    assert any(s["n"] for s in view["sums"])


def test_a_stage_that_cannot_be_issued_is_not_offered_for_it_and_says_whose_turn_it_is(tokens):
    wang = program(tokens, "wang")
    front = wang.view("/w")
    assert front["held_up"], "the demonstration has some"
    for row in front["to_issue"]:
        case = wang.view(f"/w/c/{row['project']}/{row['stage']}")
        assert bool(row.get("can_seal")) == case["can_certify"] != case["can_refuse"] and not case["hindered"], row
    for row in front["held_up"][:3]:
        path = f"/w/c/{row['project']}/{row['stage']}"
        case, jar = wang.view(path), client.as_user("wang")
        assert row["why"] == case["hindered"] and not row.get("can_seal") and not case["can_certify"] and not case["can_refuse"], row
        page = jar.get(path).text
        assert "还不能出件" in page and "盖章出件" not in page and 'value="certify"' not in page, row
        if "已撤回" in row["why"]:
            shown = client.Jar().get(f"/track/{row['number']}").text
            assert "有事项撤回，等重新申报" in shown and "现在等：申请单位" in shown and "正在制作证件" not in shown, row
            days = client.Jar().get(f"/track/{row['number']}/days/{row['stage']}").text
            assert "在等申请人重新申报撤回的事项" in days and "各事项各有时限" in days, row
        r = jar.post(path, [("act", "certify")])
        assert r.status == 409 and row["why"] in r.text, (r.status, row["why"])


def test_days_of_the_window_are_told_beside_a_department_that_was_in_time(tokens):
    told = []
    for row in program(tokens, "wang").view("/w/projects")["projects"]:
        page = client.Jar().get(f"/track/{row['number']}").text
        told += re.findall(r"超期 (\d+) 个工作日</span>[^/]*?其中综合窗口用了 (\d+) 个工作日", page)
    assert told and all(int(late) <= int(window) for late, window in told), told


def test_a_stage_whose_items_have_all_passed_is_issued_from_its_row(tokens):
    from steps import FIRM, decide, dispatch, register, uscc_of
    wang, jar = program(tokens, "wang"), client.as_user("wang")
    no = register("owner", uscc_of("owner"), FIRM, name="可以出件的厂房")
    rows = lambda key: [r for r in wang.view("/w")[key] if str(r["project"]) == no]
    items = dispatch(no, 1)
    for item in items:
        assert not rows("to_issue") and not rows("held_up"), "departments still decide"
        decide(no, 1, item)
    ready = rows("to_issue")
    assert len(ready) == 1 and ready[0]["can_seal"] and "why" not in ready[0] and not rows("held_up"), ready
    issue = jar.get("/w").text.split('id="g3"')[1].split("</section>")[0]
    assert f'<form action="/w/c/{no}/1"' in issue and "盖章出件" in issue.split(f'<form action="/w/c/{no}/1"')[1].split("</form>")[0]
    assert jar.post(f"/w/c/{no}/1", [("act", "certify")]).status == 303
    assert not rows("to_issue") and len(rows("to_deliver")) == 1


def test_the_trail_says_its_order_and_which_looks_are_recorded(tokens):
    page = client.as_user("audit").get("/audit").text
    assert "按登记次序，后登记的在前" in page and "看个人信息" in page and 'href="/audit/personal"' in page, page[:2000]


def test_the_trail_finds_changes_of_roles_without_a_word_and_says_whose_and_which(tokens):
    audit = client.as_user("audit")
    page = audit.get("/audit").text
    assert "账号和角色的变更" in page and 'href="/audit/proof"' in page and 'href="/s/checkpoints"' in audit.get("/audit/proof").text, page[:3000]
    href = re.search(r'href="(/audit[^"]*group=rights)"', page)[1].replace("&amp;", "&")
    events = []
    while href:
        view = program(tokens, "audit").view(href)
        events, href = events + view["events"], view.get("older")
    assert events and all(e["kind"].split(".")[0] in ("access", "user") and e["rights"] for e in events), events[:3]
    asked = [e for e in events if e["kind"] == "access.asked"]
    assert asked and all("要角色 " in e["rights"] and "现在：" in e["rights"] for e in asked), asked
    assert any("准予，角色 " in e["rights"] for e in events if e["kind"] == "access.approved"), events[:5]
    assert all(e["kind"] != e["label"] for e in program(tokens, "audit").view("/audit?from=")["events"])


def test_an_order_without_an_agent_waits_on_the_home_of_whoever_assigns(tokens):
    zhao = program(tokens, "zhao")
    wait = {w["label"]: w for w in zhao.view("/w")["waits"]}["委托代办等指派代办员"]
    orders = zhao.view("/w/early")["orders"]
    assert wait["n"] == sum(o["to_assign"] for o in orders) > 0, (wait, orders)
    there = zhao.view(wait["href"])
    assert there.get("to_assign") if wait["n"] == 1 else there["orders"] == orders, wait


def test_a_joint_acceptance_says_who_is_waited_for_until_it_is_over(tokens):
    wu, seen = program(tokens, "wu"), set()
    for a in wu.view("/w/a")["acceptances"]:
        view = wu.view(f"/w/a/{a['no']}")
        over = a["status"] in ("concluded", "withdrawn")
        assert bool(view["turn"]) != over, (a["status"], view["turn"])
        seen.add(a["status"])
    assert len(seen) > 2, seen


def test_an_empty_question_is_answered_with_what_to_fill_in(tokens):
    jar = client.Jar()
    assert "请填写编号" in jar.get("/track?no=").text and "请填写编号" not in jar.get("/track").text
    assert "请填写证件编号和核验码" in jar.get("/verify?number=&code=").text and "请填写证件编号和核验码" not in jar.get("/verify").text
    like = re.search(r"例如 (HLD-[0-9A-Z-]+)", jar.get("/track").text)[1]
    assert "校验" in jar.get("/track?no=HLD-999999-A").text and re.fullmatch(r"HLD-000123-.", like), like


def test_what_is_to_be_rated_stands_on_the_home_of_whom_it_concerns(tokens):
    asked = 0
    for who in ("owner", "owner2"):
        jar = client.as_user(who)
        links = re.findall(r'href="(/my/rating/\d+/\d)"', jar.get("/my").text)
        asked += len(links)
        for href in links:
            assert "<form" in jar.get(href).text, (who, href)
    assert asked, "nobody of the demonstration is asked to rate"


def test_after_a_form_the_next_page_says_once_what_was_done(tokens):
    no, item, unit = dispatched("2304-211403-04-01-700477", "办好了要说一声")
    jar, path = client.Jar(), f"/w/t/{no}/1/{item}"
    assert jar.login(f"ap-{unit}").status == 303
    jar.get(path)
    r = jar.post(path, [("act", "take")])
    assert r.status == 303 and jar.cookies.get("done") == "item.take", (r.status, jar.cookies)
    said = jar.get(r.get("location")).text
    assert 'role="status">已经办好：接单</p>' in said, said[said.find("<main"):][:300]
    assert "done" not in jar.cookies and "已经办好" not in jar.get(path).text
    jar.cookies["done"] = "<b>x</b>"
    assert "已经办好" not in jar.get(path).text, "only words of our own commands"
