# SPDX-License-Identifier: Apache-2.0
"""S38 to S41 with their values. `first`: everything; `later`: a month afterwards."""
import pathlib
import re
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
from steps import page, run, wait_for, who

OFFICE = "hd-government-office"
SIX = "一、政策背景依据\n国务院要求。\n二、目标任务\n压减时间。\n三、主要内容\n四个统一。\n四、执行标准\n见清单。\n五、惠民利民举措\n一次告知。\n六、新旧政策差异\n少一百多天。"
TEXT = "为方便企业，通知如下：\n一、适用范围\n市级审批的项目。\n二、办理要求\n（一）一次告知。\n1．一次告知全部内容。"


def public(path, status=200):
    r = client.Jar().get(path)
    assert r.status == status, (path, r.status, r.text[:300])
    return r.text


def found(words):
    return client.Jar().get("/api/v1/s?q=" + urllib.parse.quote(words)).json["groups"]


def act(user, path, *fields, status=303):
    page(user, path)
    r = client.as_user(user).post(path, list(fields))
    assert r.status == status, (user, path, fields[0], r.status, r.text[:1500])
    return r


def draft(number, **more):
    fields = dict(title="关于示例事项的通知", number=number, issuer="葫芦岛市人民政府办公室", day="2026-11-24", openness="public", text=TEXT, explain="true",
                  plan="与文件同日发布", material=SIX, send="true")
    fields.update(more)
    return [("act", "draft")] + [(k, v) for k, v in fields.items() if v]


def new(number, status=303, **more):
    r = act("editor", "/w/pub/new", *draft(number, **more), status=status)
    return r.get("location") if status == 303 else r.text


# ---- S38 ----------------------------------------------------------------------------------------------------------------


def test_s38_the_six_documents_are_taken_in_and_stand_in_the_order_of_their_days(state):
    home = client.Jar().login("editor")
    assert home.get("location") == "/w/pub", home.get("location")
    html = page("editor", "/w/pub")
    assert html.count('value="import"') == 6 and "没有标注公开属性，收入后先标注再审查" in html
    for code in ("D63", "D13", "D60", "D01", "D59", "D64"):
        state[code] = act("editor", "/w/pub", ("act", "import"), ("code", code)).get("location")
    numbers = [d["number"] for d in who("editor").view("/w/pub")["documents"]]
    assert numbers == ["葫政办发〔2019〕64号", "葫政办发〔2019〕63号", "葫政公领发〔2019〕1号", "葫政办发〔2019〕60号", "葫政办发〔2019〕59号", "葫政发〔2019〕13号"], numbers
    assert "已经收入公文库" in who("editor").ask("gazette.import", status=409, code="D60")["detail"]
    assert client.as_user("owner").get("/w/pub").status == 403


def test_s38_what_is_not_marked_is_not_published(state):
    assert "63号" not in public("/open") and "60号" in public("/open")
    public("/open/doc/D63", 404)
    html = page("editor", state["D63"])
    assert "未标注，标注以前不能公开" in html
    refused = act("editor", state["D63"], ("act", "submit"), status=422)
    assert "未明确公开属性的材料不得履行发文程序" in refused.text


def test_s38_the_basis_is_shown_and_every_clause_leads_to_its_place(state):
    html = public("/open/doc/D13")
    assert "辽政发〔2018〕36号" in re.search(r"依据的文件.*?</ul>", html, re.S)[0]
    html = public("/open/doc/D60")
    for words in ("葫芦岛市人民政府办公室", "葫政办发〔2019〕60号", "2019-06-28", "2026-11-25", "主动公开", "有效"):
        assert words in re.search(r'<dl class="facts">.*?</dl>', html, re.S)[0], words
    assert '<p id="c2_4_1-3" class="indent">（3）取消建筑面积在300㎡以下' in html and '<h4 id="c4_13">（十三）“一个窗口”提供综合服务。</h4>' in html
    assert "/open/doc/D60#c2_4_1-3" in public("/clause/D60-2.4.1-%283%29")
    assert "/open/doc" not in re.search(r"<main.*</main>", public("/clause/D63-1"), re.S)[0]  # not public yet
    assert "/s/stage/3" in html and "/s/leaders" not in re.search(r"<main.*</main>", html, re.S)[0]
    assert "最新文件与解读" in public("/") and "关于深化产教融合实施方案" in public("/")
    assert "State of force" in public("/en/open/doc/D60") and "Policy documents (5)" in public("/en/open")


def test_s38_a_document_is_printed_as_pdf_and_ofd(state):
    pdf, ofd = client.Jar().get("/open/doc/D01/pdf"), client.Jar().get("/open/doc/D01/ofd")
    assert pdf.status == 200 and pdf.body[:5] == b"%PDF-" and ofd.status == 200 and ofd.body[:2] == b"PK", (pdf.status, ofd.status)


def test_s38_documents_are_found_by_the_search(state):
    groups = {g["kind"]: g for g in found("城镇小区配套幼儿园治理")}
    card = groups["document"]["cards"][0]
    assert "幼儿园" in card["title"] and card["acts"][0]["href"] == "/open/doc/D59", card
    hidden = found("关于调整市政府工作分工的通知")
    assert not [g for g in hidden if g["kind"] == "document"], hidden


# ---- S39 ----------------------------------------------------------------------------------------------------------------


def test_s39_no_openness_and_no_reason_are_refused_and_nothing_typed_is_lost(state):
    html = new("葫政办发〔2026〕201号", 422, openness=None)
    assert "未明确公开属性" in html and "关于示例事项的通知" in html and "见清单。" in html and "与文件同日发布" in html
    html = new("葫政办发〔2026〕201号", 422, openness="secret")
    assert "不予公开的应说明理由" in html
    html = new("葫政办发[2026]201号", 422)
    assert "六角括号" in html and "葫政办发[2026]201号" in html


def test_s39_three_persons_in_order_and_then_the_page_is_live(state):
    at = state["doc"] = new("葫政办发〔2026〕201号")
    path = "/open/doc/" + at.split("/")[-1]
    public(path, 404)
    refused = who(OFFICE).ask("gazette.sign", "gazette/" + at.split("/")[-1], status=409, step="third", channels=["website"])
    assert "不能跳到批准" in refused["detail"], refused
    assert 'value="first"' not in page("editor", at) and "待初审" in page("reviewer1", "/w/pub")
    refused = who("editor").ask("gazette.sign", "gazette/" + at.split("/")[-1], status=403, step="first")
    assert "三个人分别办" in refused["detail"], refused
    act("reviewer1", at, ("act", "first"), ("text", "文字已核对"))
    assert at not in page("reviewer1", "/w/pub").split("本单位的文件")[0]
    act("reviewer2", at, ("act", "second"))
    public(path, 404)
    bare = act(OFFICE, at, ("act", "third"), ("text", "同意"), status=422)
    assert "请至少选一种渠道" in bare.text
    act(OFFICE, at, ("act", "third"), ("text", "同意"), ("channels[]", "website"))
    html = public(path)
    assert "关于示例事项的通知" in html and "《关于示例事项的通知》解读" in html
    record = re.search(r"审查记录.*?</table>", page("editor", at), re.S)[0]
    for name in ("褚某", "卫某", "蒋某某"):
        assert name in record and record.count("2026-11-25 09:") >= 3, record
    assert at.split("/")[-1] not in page("editor", "/w/pub").split("本单位的文件")[0].split("等我办理")[1]


def test_s39_a_disagreement_goes_to_drafter_and_secrecy_administration(state):
    at = new("葫政办发〔2026〕202号")
    assert client.as_user("hd-state-secrets").get(at).status == 404
    act("reviewer1", at, ("act", "dispute"), ("openness", "secret"), ("reason", "涉及没有公开的规划"))
    assert "公开属性有分歧" in page("hd-state-secrets", "/w/pub") and "公开属性有分歧" in page("editor", "/w/pub")
    act("editor", at, ("act", "settle"), ("openness", "public"))
    act("hd-state-secrets", at, ("act", "settle"), ("openness", "request"), ("reason", "删去附图"))
    view = who("editor").view(at)
    assert (view["step"], view["dispute"]["drafter_says"], view["dispute"]["secrecy_says"]) == ("disputed", "主动公开", "依申请公开"), view["dispute"]
    act("editor", at, ("act", "settle"), ("openness", "request"))
    assert who("editor").view(at)["step"] == "first"
    for user, step in (("reviewer1", "first"), ("reviewer2", "second"), (OFFICE, "approve")):
        act(user, at, ("act", step))
    assert who("editor").view(at)["status_label"] == "已审定，不上网"
    public("/open/doc/" + at.split("/")[-1], 404)


def test_s39_63_is_published_once_it_is_marked_and_reviewed(state):
    at = state["D63"]
    act("editor", at, ("act", "mark"), ("openness", "public"))
    act("editor", at, ("act", "submit"))
    for user, step in (("reviewer1", "first"), ("reviewer2", "second")):
        act(user, at, ("act", step))
    act(OFFICE, at, ("act", "third"), ("channels[]", "website"))
    html = public("/open/doc/D63")
    assert '<p id="c3" class="indent">朱云同志' in html and "/s/leaders" in html
    assert "/open/doc/D63#c1" in public("/clause/D63-1")


# ---- S40 ----------------------------------------------------------------------------------------------------------------


def test_s40_a_policy_document_needs_plan_and_material_of_six_headings(state):
    assert "还没有解读方案" in new("葫政办发〔2026〕203号", 422, plan=None, material=None)
    empty = client.as_user("editor").get("/api/v1/w/pub/new")
    html = new("葫政办发〔2026〕203号", 422, material="一、政策背景依据\n国务院要求。")
    assert "还缺：目标任务、主要内容、执行标准、惠民利民举措、新旧政策差异" in html
    assert "没有的标题请另起一行写上" in html and "只有标题" not in html
    headings = ["政策背景依据", "目标任务", "主要内容", "执行标准", "惠民利民举措", "新旧政策差异"]
    blank = "".join(f"{n}、{h}\n\n" for n, h in zip("一二三四五六", headings))
    html = new("葫政办发〔2026〕203号", 422, material=blank)  # as the form comes
    assert f"“{'、'.join(headings)}”只有标题，请在标题的下一行写这方面的内容" in html and "没有的标题" not in html, html[:4000]
    assert 'value="关于示例事项的通知"' in html and "与文件同日发布</textarea>" in html and "六、新旧政策差异" in html
    half = blank.replace("目标任务\n", "目标任务\n少跑一趟。\n")
    html = new("葫政办发〔2026〕203号", 422, material=half)
    assert "还缺：政策背景依据、主要内容、执行标准、惠民利民举措、新旧政策差异。“政策背景依据、主要内容、" in html and "少跑一趟。" in html
    kept = new("葫政办发〔2026〕205号", material="没有标题的一段话。", send="no")  # what was typed is kept, whatever it is
    assert "没有标题的一段话。" in page("editor", kept + "/edit")
    act("editor", kept + "/explain", ("act", "explain"), ("plan", "与文件同日发布"), ("material", blank), ("send", "no"))
    html = act("editor", kept + "/explain", ("act", "explain"), ("plan", "与文件同日发布"), ("material", blank), ("send", "true"), status=422).text
    assert "只有标题" in html and "与文件同日发布</textarea>" in html and "请填写" not in html
    at = new("葫政办发〔2026〕203号", material=None, send="no")  # a draft may be kept
    assert who("editor").view(at)["status"] == "draft"
    html = page("editor", at + "/edit")
    assert "六、新旧政策差异" in html and "市级审批的项目。" in html and 'value="true" checked' in html
    assert new("葫政办发〔2026〕204号", explain="false", plan=None, material=None)


def test_s40_both_pages_link_to_each_other_and_no_link_goes_alone(state):
    at = state["doc"]
    path = "/open/doc/" + at.split("/")[-1]
    assert f'href="{path}/jd#jd1"' in public(path) and f'href="{path}"' in public(path + "/jd")
    refused = who("editor").ask("gazette.drop", "gazette/" + at.split("/")[-1], status=409, no=1, reason="重写")
    assert "应互为链接" in refused["detail"], refused
    assert "整份文件，连同解读" in page(OFFICE, at)
    act(OFFICE, at, ("act", "down"), ("no", "1"), ("reason", "数字有误"))
    assert "/jd" not in public(path)
    public(path + "/jd", 404)


def test_s40_documents_without_interpretation_are_listed_and_one_may_come_later(state):
    rows = lambda: [d["id"] for d in who("editor").view("/w/pub?show=unexplained")["documents"]]
    assert rows() == [state["doc"].split("/")[-1], "D64", "D01", "D60", "D59", "D13"], rows()
    at = state["D60"]
    act("editor", at + "/explain", ("act", "explain"), ("form", "questions"), ("heading", "改革十问"), ("plan", "一周内发布"), ("material", SIX), ("send", "true"))
    assert "D60" in public("/clause/D60-4.13-p7") and "还没有解读" in public("/open/doc/D60")  # the document stays
    for user, step in (("reviewer1", "first"), ("reviewer2", "second")):
        act(user, at, ("act", step))
    act(OFFICE, at, ("act", "third"), ("channels[]", "website"))
    assert "改革十问" in public("/open/doc/D60") and "惠民利民举措" in public("/open/doc/D60/jd")
    assert "D60" not in rows()
    act("editor", at, ("act", "force"), ("force", "amended"), ("basis", "葫政办发〔2026〕1号"))
    assert "已修改" in public("/open/doc/D60") and "葫政办发〔2026〕1号" in public("/open/doc/D60")



# ---- S41 ----------------------------------------------------------------------------------------------------------------


def test_s41_a_draft_with_its_basis_is_published_for_the_days_of_the_package(state):
    fields = [("act", "draft"), ("title", "关于示例办法（草案）"), ("text", TEXT), ("basis", "葫政办发〔2019〕60号"), ("note", "为方便企业起草。"), ("ways[]", "online"), ("days", "30"), ("send", "true")]
    assert "至少 30 天" in act("editor", "/w/pub/talk/new", *[f for f in fields if f[0] != "days"], ("days", "10"), status=422).text
    at = state["talk"] = act("editor", "/w/pub/talk/new", *fields).get("location")
    assert "已经办好：意见征集送初审" in page("editor", at)
    public("/talk/" + at.split("/")[-1], 404)
    assert "待初审" in page("reviewer1", "/w/pub")
    for user, step in (("reviewer1", "first"), ("reviewer2", "second"), (OFFICE, "third")):
        act(user, at, ("act", step))
    path = state["path"] = "/talk/" + at.split("/")[-1]
    html = public(path)
    assert "还剩 30 天" in html and "2026-12-25" in html and "葫政办发〔2019〕60号" in html and "期限为示例" in html and 'id="c2_1_1"' in html
    assert path in public("/talk") and path in public("/") and "30 days left" in public("/en" + path)


def test_s41_anybody_writes_and_gets_a_number(state):
    jar, path = client.Jar(), state["path"]
    jar.get(path)
    assert jar.post(path, [("text", "")]).status == 422
    jar.get(path)
    said = jar.post(path, [("text", "希望写明几个工作日内告知。"), ("contact", "13800001234")])
    assert said.status == 303 and said.get("location") == path + "?said=1", (said.status, said.text[:500])
    assert "YJZJ-2026-0001-1" in jar.get(said.get("location")).text and "已经收到 1 条意见" in public(path)
    html = page("editor", state["talk"])
    assert "希望写明几个工作日内告知" in html and "13800001234" in html
    assert "13800001234" not in who("editor").view(state["talk"]).__str__() and "希望写明" not in public(path)
    for n in range(2, 6):
        jar.get(path)
        assert jar.post(path, [("text", f"第 {n} 条意见。")]).status == 303
    jar.get(path)
    many = jar.post(path, [("text", "又一条意见，写了很多。")])
    assert many.status == 429 and many.get("retry-after") and "又一条意见，写了很多。" in many.text, many.status
    assert client.as_user("owner").get(state["talk"]).status == 403
    assert titles("editor").count("有新的意见待归类") == 1, titles("editor")  # of five opinions


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


def annex(user, at, name, data, status=303, **fields):
    jar = client.as_user(user)
    jar.get(at)
    r = jar.files(at, [("act", "attach"), *fields.items()], [("file", name, data)])
    assert r.status == status, (r.status, r.text[:1500])
    return r.text


def test_a_picture_is_reviewed_with_its_interpretation_and_shown_with_what_it_says(state):
    at = new("葫政办发〔2026〕178号", title="关于图解的通知", send="")
    no = at.split("/")[-1]
    html = page("editor", at)
    assert "加附件、图解" in html and "PDF、OFD、PNG、JPEG，最大 20 MB（示例）" in html and "解读：《关于图解的通知》解读" in html
    wrong = annex("editor", at, "图解.txt", "一段文字。".encode(), 422, about="0", title="流程图解")
    assert "附件只能是 pdf、ofd、png、jpg" in wrong and "流程图解" in wrong  # what was typed stays
    assert "扩展名与内容（png）不一致" in annex("editor", at, "图解.pdf", PNG, 422, about="0", title="流程图解")  # by what is in it
    assert "图片要写替代文字" in annex("editor", at, "图解.png", PNG, 422, about="1", title="一图读懂")
    assert "请选择附件" in annex("editor", at, "", b"", 422, about="0", title="流程图解")
    annex("editor", at, "图解.png", PNG, about="1", title="一图读懂", alt="四个阶段：立项 14 天，工程 22 天")
    annex("editor", at, "附表.pdf", b"%PDF-1.4\n%%EOF\n", about="0", title="附表")
    assert client.as_user("reviewer1").get(at + "/file/1").status == 200
    act("editor", at, ("act", "submit"))
    blob = re.search(r"<code>([0-9a-f]{64})</code>", page("editor", at))[1]
    refused = who("editor").ask("gazette.attach", f"gazette/{no}", status=409, about=0, title="附表二", type="pdf", files=[{"blob": blob, "name": "附表.pdf", "size": 20}])
    assert "正在审查（待初审），不能换附件" in refused["detail"], refused
    public(f"/open/doc/{no}/file/2", 404)
    for user, step, more in (("reviewer1", "first", []), ("reviewer2", "second", []), (OFFICE, "third", [("channels[]", "website")])):
        assert "一图读懂" in page(user, at)
        act(user, at, ("act", step), *more)
    html, jd = public(f"/open/doc/{no}"), public(f"/open/doc/{no}/jd")
    assert f'href="/open/doc/{no}/file/2" download>附表</a>' in html and "一图读懂" not in html and re.search(r"SM3 <code>[0-9a-f]{64}</code>", html)
    assert f'<img src="/open/doc/{no}/file/1" alt="四个阶段：立项 14 天，工程 22 天"' in jd and "附表" not in jd
    got = client.Jar().get(f"/open/doc/{no}/file/1")
    assert got.status == 200 and got.get("content-type") == "image/png", got.get("content-type")
    assert client.Jar().get(f"/open/doc/{no}/file/2").get("content-disposition").startswith("attachment")
    public(f"/open/doc/{no}/file/3", 404)


def titles(user):
    return [m["title"] for m in who(user).view("/msg?unread=1")["messages"]]


def test_whoever_has_the_next_review_gets_a_message_and_it_ends_with_the_step(state):
    for user in ("editor", "reviewer1", "reviewer2", OFFICE, "hd-state-secrets"):
        who(user).ask("notice.read", upto=10**15)
    at = new("葫政办发〔2026〕177号", title="关于消息的通知")
    assert titles("reviewer1") == ["公文待审查"] and titles("reviewer2") == ["公文待审查"] and titles("editor") == [] and titles(OFFICE) == []
    assert at in page("reviewer1", "/msg") or "等您初审" in page("reviewer1", "/msg")
    act("reviewer1", at, ("act", "first"))
    assert titles("reviewer1") == [] and titles("reviewer2") == ["公文待审查"], titles("reviewer1")  # who did 初审 is not asked again
    assert "等您复审" in page("reviewer2", "/msg") and titles(OFFICE) == ["公文待审查"]  # 复审 is for editors and heads
    act("reviewer2", at, ("act", "dispute"), ("openness", "secret"), ("reason", "涉及内部事项"))
    assert titles("editor") == ["公开属性有分歧"] and titles("hd-state-secrets") == ["公开属性有分歧"] and titles(OFFICE) == []
    act("editor", at, ("act", "settle"), ("openness", "public"))
    act("hd-state-secrets", at, ("act", "settle"), ("openness", "public"))
    assert titles("editor") == [] and titles("hd-state-secrets") == [] and titles("reviewer1") == ["公文待审查"]
    act("reviewer1", at, ("act", "return"), ("reason", "写明施行日期"))
    assert titles("editor") == ["公文被退回修改"] and titles("reviewer1") == [] and titles("reviewer2") == []


# ---- 网站自检 (P71) ---------------------------------------------------------------------------------------------------------


def indicators():
    return {r["code"]: r for r in who("editor").view("/w/self")["rows"]}


def test_each_number_of_the_site_check_leads_to_a_list_of_that_length(state):
    assert 'href="/w/self"' in page("editor", "/w/pub") and "网站自检" in page(OFFICE, "/w/pub")
    rows = indicators()
    assert len(rows) == 16, sorted(rows)
    for code, row in rows.items():
        if code == "home":
            continue
        view = who("editor").view("/w/self/" + code)
        assert view["total"] == row["n"] and len(view["rows"]) == min(row["n"], 50), (code, row["n"], view["total"])
        if row["n"] > 50:
            assert len(who("editor").view("/w/self/" + code + "?from=50")["rows"]) == row["n"] - 50
    assert rows["home"]["last"] == "2026-11-25" and rows["home"]["due"] == "2026-12-09" and rows["home"]["left"] == 14 and rows["home"]["lamp"]["code"] == "green"
    assert rows["documents"]["due"] == "2027-05-25" and rows["times"]["n"] == 0 and rows["times"]["well"]
    assert rows["guides"]["lamp"]["code"] == "red" and "缺办理地点、办理时间、联系电话" in page("editor", "/w/self/guides")
    assert rows["marks"]["n"] == public("/").split("<footer>")[1].count("〔待填〕") and rows["tags"]["n"] == 2
    empty = [r for r in rows.values() if r["column"] and not r["n"]]
    assert rows["empty"]["n"] == len(empty) and all(r["lamp"]["text"] == "空白栏目" for r in empty), empty
    for lamp in ("red", "yellow", "green"):
        some = who("editor").view("/w/self?lamp=" + lamp)
        assert some["shown"] == sum(r["lamp"]["code"] == lamp for r in rows.values()), lamp
    assert client.as_user("owner").get("/w/self").status == 403 and client.as_user("editor").get("/w/self/home").status == 404


def test_what_is_published_says_when_and_by_whom_in_its_tags(state):
    html = public("/open/doc/D60")
    assert re.search(r'<meta name="PubDate" content="2026-11-25 09:3\d">', html) and '<meta name="ContentSource" content="葫芦岛市人民政府办公室">' in html
    assert '<meta name="ColumnName" content="政务公开">' in html and 'name="ColumnDescription" content="' in html
    assert 'name="PubDate"' in public(state["path"]) and 'name="PubDate"' not in public("/open")


def later_the_home_page_is_late_and_a_new_document_makes_it_new(state):
    rows = indicators()
    assert rows["home"]["left"] == -19 and rows["home"]["lamp"]["text"] == "超期 19 天" and rows["home"]["lamp"]["code"] == "red", rows["home"]
    assert "超期 19 天" in page("editor", "/w/self") and 'href="/w/pub/new"' in page("editor", "/w/self")


def later_s41_it_closes_and_each_group_is_answered(state):
    at, path = "/w/pub/talk/1", "/talk/1"
    wait_for(lambda: who("editor").view(at)["status"] == "ended")
    wait_for(lambda: "征求意见已截止" in titles("editor"))
    assert "征求意见已截止" in titles(OFFICE) and titles("editor").count("有新的意见待归类") == 0  # read in the first part
    assert "已截止，正在研究" in public(path) and "提交意见" not in public(path)
    jar = client.Jar()
    jar.get("/talk")
    assert "意见征集" in page("editor", "/w/pub").split("本单位的文件")[0]
    refused = who(OFFICE).ask("canvass.close", "canvass/1", status=409)
    assert "还有 5 条意见没有归类" in refused["detail"], refused
    act("editor", at, ("act", "group"), ("title", "告知的期限"), ("opinions[]", "1"), ("opinions[]", "2"))
    act("editor", at, ("act", "group"), ("title", "其他"), ("opinions[]", "3"), ("opinions[]", "4"), ("opinions[]", "5"))
    refused = who(OFFICE).ask("canvass.close", "canvass/1", status=409)
    assert "还有 2 组意见没有答复" in refused["detail"], refused
    assert act("editor", at, ("act", "answer"), ("no", "1"), ("adoption", "adopted"), status=422)
    act("editor", at, ("act", "answer"), ("no", "1"), ("adoption", "adopted"), ("reason", "已经写明"))
    act("editor", at, ("act", "answer"), ("no", "2"), ("adoption", "rejected"), ("reason", "不属于本办法"))
    assert "采纳情况等您公布" in titles(OFFICE) and "征求意见已截止" not in titles("editor")
    act(OFFICE, at, ("act", "close"))
    assert "采纳情况等您公布" not in titles(OFFICE)
    html = public(path)
    assert "收到意见 5 条，采纳 2 条（其中部分采纳 0 条），不采纳 3 条" in html and "最终的文件还没有公布" in html and "第 1、2 条" in html
    assert "已清除" in page("editor", at) and "13800001234" not in page("editor", at)
    act("editor", at, ("act", "link"), ("document", "3"))
    final = re.search(r'href="(/open/doc/[^"]+)"', public(path))[1]
    assert "收到意见 5 条，采纳 2 条" in public(final)


run(globals())
