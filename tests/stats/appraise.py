# SPDX-License-Identifier: Apache-2.0
"""S22 考核评价 with its values, through pages and interface, over the cases of the demonstration."""
import io
import pathlib
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
import steps
from steps import FIRM, decide, dispatch, page, register, run, uscc_of, who

EDGES = {"education": ("90", "优秀"), "science-technology": ("89.9", "良好"), "justice": ("80", "良好"), "civil-affairs": ("79.99", "合格"), "commerce": ("60", "合格"),
         "finance": ("59.9", "不合格")}
BY_HAND = ["attention", "training", "disclosure", "innovation"]
YEAR = "/w/appraisals/2026"
steps.serial = iter(range(500, 900))  # main.py has used the first


def draft(**weights):
    """The form of the plan of 2027, with other weights."""
    wu = client.as_user("wu")
    fields = [(k, str(weights.get(k[2:], v))) for k, v in client.fields_of(page("wu", "/w/appraisals/2027")) if k.startswith("w-") or k in ("daily", "self")]
    return wu.post("/w/appraisals/2027", [("act", "draft")] + fields)


def test_s22_a_plan_with_disclosure_below_five_is_refused(state):
    no = draft(disclosure=4, attention=11)
    assert no.status == 422 and "政务公开的权重合计 4%，不能低于 5%" in no.text and 'value="11"' in no.text, no.text[:400]
    assert draft(disclosure=5, attention=10).status == 303


def test_s22_weights_that_do_not_add_to_100_are_refused(state):
    no = draft(limits=19)
    assert no.status == 422 and "权重合计 99，满分应是 100，请再加 1" in no.text and 'value="19"' in no.text, no.text[:400]
    assert "权重合计 101" in draft(limits=21).text and "1 到 100 的整数" in draft(limits="二十").text
    assert draft(limits=19, lamps=11).status == 303
    plan = {c["code"]: c["weight"] for c in who("wu").view("/w/appraisals/2027")["criteria"]}
    assert plan["limits"] == 19 and plan["lamps"] == 11 and sum(plan.values()) == 100, plan
    assert client.as_user("hd-natural-resources").get("/w/appraisals/2027").status == 404 and client.Jar().get("/s/appraisals/2027").status == 404
    assert client.as_user("hd-natural-resources").post("/w/appraisals/2027", [("act", "publish")]).status == 403


def test_s22_a_published_plan_is_public_and_fixed(state):
    html = client.Jar().get("/s/appraisals/2026").text
    assert "政务公开" in html and "结果还没有得出" in html and "90 分以上（含 90 分）" in html and "80 分以上、90 分以下（含 80 分）" in html
    assert "Evaluation of 2026" in client.Jar().get("/en/s/appraisals/2026").text
    assert who("wu").ask("appraisal.draft", status=409, year=2026)["clause"] == "D60-6.21.3"


def test_s22_the_unit_scores_itself_and_the_supervisor_all(state):
    head = client.as_user("hd-natural-resources")
    html = page("hd-natural-resources", f"{YEAR}/score?phase=final")
    names = [k for k, _ in client.fields_of(html) if k[1:2].isdigit()]
    assert len(names) == 4, names
    wrong = head.post(f"{YEAR}/score", [("phase", "final"), ("evidence", "本局台账"), (names[0], "101"), (names[1], "95")])
    assert wrong.status == 422 and "0 到 100" in wrong.text and 'value="101"' in wrong.text and f'href="#{names[0]}"' in wrong.text, wrong.text[:600]
    page("hd-natural-resources", f"{YEAR}/score?phase=final")
    done = head.post(f"{YEAR}/score", [("phase", "final"), ("evidence", "本局台账")] + [(n, "95.5") for n in names])
    assert done.status == 303, done.text[:400]
    assert "年终自评 95.50" in page("hd-natural-resources", f"{YEAR}/natural-resources") and "本局台账" in page("wu", f"{YEAR}/natural-resources")
    assert head.get(f"{YEAR}/housing-construction").status == 404 and client.as_user("wang").get(YEAR).status == 403
    refused = who("hd-natural-resources").ask("appraisal.score", "appraisal/2026", status=403, side="self", phase="daily", evidence="别人的台账",
                                              rows=[{"unit": "education", "indicator": "training", "score": "100"}])
    assert refused["field"] == "rows", refused


def test_s22_each_figure_is_as_long_as_its_list_and_the_same_as_in_statistics(state):
    seen = 0
    for unit in ("natural-resources", "housing-construction", "longgang"):
        view = who("wu").view(f"{YEAR}/{unit}")
        for row in (r for r in view["rows"] if r["figure"] and "n" in r):
            lists = {part: who("wu").view(f"{row['href']}?part={part}")["total"] for part in ("all", "good", "bad")}
            assert lists["all"] == row["n"] == lists["good"] + lists["bad"], (unit, row, lists)
            if row["figure"] != "satisfaction":
                assert (lists["good"], lists["all"]) == (row["good"], row["all"]), (unit, row, lists)
            whats = {"limits": ("done-in-time", "done"), "returns": (None, "done"), "lamps": (None, "begun")}.get(row["figure"])
            for what, mine in zip(whats or (), (row["good"], row["all"])):
                if what:
                    picked = who("wu").view(f"/w/stats/cases?what={what}&unit={unit}&as_of=2026-11-24&first=2026-01-01&last=2026-11-24")["total"]
                    assert picked == mine, (unit, what, picked, mine)
            seen += 1
    assert seen >= 12, seen
    mine = who("hd-natural-resources").view(f"{YEAR}/natural-resources/satisfaction")
    assert mine["total"] and all("name" not in c and "value" in c for c in mine["cases"]), mine["cases"][:1]
    assert "评价人的情况不向被评价的部门公开" in page("hd-natural-resources", f"{YEAR}/natural-resources/satisfaction")


def scores(state, phase):
    """The supervisor's table: units on the edges of the grades, 85 where nothing stands."""
    view = who("wu").view(f"{YEAR}/score?phase={phase}")
    fields = [(c["id"], EDGES.get(row["unit"], (c["value"] or "85", ""))[0]) for row in view["rows"] for c in row["cells"]]
    page("wu", f"{YEAR}/score?phase={phase}")
    return client.as_user("wu").post(f"{YEAR}/score", [("phase", phase), ("evidence", "查阅台账、抽查办件")] + fields)


def test_s22_closing_waits_for_the_scores_and_for_the_day_to_be_over(state):
    wu = client.as_user("wu")
    page("wu", YEAR)
    no = wu.post(YEAR, [("act", "consult"), ("as_of", "2026-11-24")])
    assert no.status == 409 and "缺督查评分" in no.text, no.status
    assert scores(state, "daily").status == 303 and scores(state, "final").status == 303
    page("wu", YEAR)
    today = wu.post(YEAR, [("act", "consult"), ("as_of", "2026-11-25")])
    assert today.status == 422 and "已经过去" in today.text and "2026-11-25" in today.text
    page("wu", YEAR)
    assert wu.post(YEAR, [("act", "report")]).status == 409
    page("wu", YEAR)
    no = wu.post(YEAR, [("act", "close"), ("as_of", "2026-11-24")])
    assert no.status == 409 and "广泛征求基层干部群众的意见" in no.text, no.status


def test_s22_a_draft_result_is_public_and_opinions_are_answered_one_by_one(state):
    """D60-6.21.3-(8): of the evaluated, of those who do the work, of the people."""
    wu = client.as_user("wu")
    page("wu", YEAR)
    soon = wu.post(YEAR, [("act", "consult"), ("as_of", "2026-11-24"), ("until", "2026-12-01")])
    assert soon.status == 422 and "至少 5 个工作日，最早到2026年12月2日" in soon.text and 'value="2026-12-01"' in soon.text, soon.text[:300]
    page("wu", YEAR)
    assert wu.post(YEAR, [("act", "consult"), ("as_of", "2026-11-24"), ("until", "2026-12-02")]).status == 303
    public = client.Jar().get("/s/appraisals/2026").text
    assert "初评结果，征求意见" in public and "兴城市政府" in public and "2026-12-02" in public
    told = who("hd-natural-resources").view("/msg")["messages"][0]
    assert told["title"] == "考评初评结果征求意见" and "到 2026-12-02 为止" in told["text"] and told["link"] == YEAR, told
    assert client.Jar().get("/s/appraisals/2026/opinion").status in (303, 401)
    for account, about in (("hd-natural-resources", "natural-resources"), ("ap-natural-resources", ""), ("owner", "longgang")):
        page(account, "/s/appraisals/2026/opinion")
        r = client.as_user(account).post("/s/appraisals/2026/opinion", [("act", "opine"), ("about", about), ("text", f"{account} 的意见：台账没有看全")])
        assert r.status == 303, (account, r.status, r.text[-600:])
    short = client.as_user("owner").post("/s/appraisals/2026/opinion", [("act", "opine"), ("about", ""), ("text", "差")])
    assert short.status == 422 and "class=\"err\"" in short.text, short.status
    page("wu", YEAR)
    assert wu.post(YEAR, [("act", "paper"), ("kind", "cadre"), ("said_by", "窗口座谈会"), ("text", "培训按人数算")]).status == 303
    view = who("wu").view(YEAR)
    assert [(o["kind_label"], o["waits"]) for o in view["opinions"]] == [("被考评单位", True), ("基层干部", True), ("群众和企业", True), ("基层干部", True)], view["opinions"]
    assert "窗口座谈会" in page("wu", YEAR) and "的意见：台账" not in page("hd-natural-resources", YEAR) and "的意见：台账" not in client.Jar().get("/s/appraisals/2026").text
    assert any(m["title"] == "考评初评结果有新的意见" for m in who("wu").view("/msg")["messages"])
    page("wu", YEAR)
    assert wu.post(YEAR, [("act", "answer"), ("no", "3"), ("result", "explained"), ("text", "已经看全，见公开的评分依据")]).status == 303
    answered = who("owner").view("/msg")["messages"][0]
    assert answered["title"] == "对考评的意见已答复" and "说明理由" in answered["text"] and answered["link"] == "/s/appraisals/2026/opinion", answered
    mine = page("owner", "/s/appraisals/2026/opinion")
    assert "已经看全" in mine and mine.count("台账没有看全") == 1, mine[-1500:]
    assert "收到意见 4 条，已答复 1 条" in client.Jar().get("/s/appraisals/2026").text
    page("wu", YEAR)
    no = wu.post(YEAR, [("act", "close"), ("as_of", "2026-11-24")])
    assert no.status == 409 and "2026年12月2日为止" in no.text, no.status


def later_s22_closing_waits_for_the_day_and_for_each_answer(state):
    wu = client.as_user("wu")
    page("owner", "/s/appraisals/2026/opinion")
    late = client.as_user("owner").post("/s/appraisals/2026/opinion", [("act", "opine"), ("about", ""), ("text", "来晚了的意见")])
    assert late.status == 409 and "已于2026年12月2日结束" in late.text, late.status
    page("wu", YEAR)
    no = wu.post(YEAR, [("act", "close"), ("as_of", "2026-11-24")])
    assert no.status == 409 and "还有 3 条意见没有答复" in no.text, no.text[:300]
    for n in (1, 2, 4):
        page("wu", YEAR)
        assert wu.post(YEAR, [("act", "answer"), ("no", str(n)), ("result", "adopted"), ("text", "照此改进")]).status == 303
    page("wu", YEAR)
    assert wu.post(YEAR, [("act", "close"), ("as_of", "2026-11-24")]).status == 303
    told = who("hd-natural-resources").view("/msg")["messages"]
    assert told[0]["title"] == "考评已结束" and told[0]["link"] == YEAR and all(m["done"] for m in told if m["title"] == "考评初评结果征求意见"), told[:3]


def later_s22_the_four_grades_have_their_edges(state):
    ranked = {u["unit"]: (u["points"], u["grade_name"]) for u in who("leader").view(YEAR)["departments"]}
    for unit, (score, grade) in EDGES.items():
        assert ranked[unit] == (f"{float(score):.2f}", grade), (unit, ranked[unit])


def later_s22_nine_regions_and_all_departments_are_ranked(state):
    view = client.Jar().get("/api/v1/s/appraisals/2026").json
    assert len(view["regions"]) == 9 and len(view["departments"]) == 31, (len(view["regions"]), len(view["departments"]))
    for table in (view["departments"], view["regions"]):
        points = [float(u["points"]) for u in table]
        assert points == sorted(points, reverse=True) and table[0]["rank"] == 1
        for u, mine in zip(table, points):  # what is shown is cut: of two that read the same one may still be ahead
            assert 0 <= u["rank"] - 1 - sum(p > mine for p in points) < points.count(mine), u
    assert "兴城市政府" in client.Jar().get("/s/appraisals/2026").text


def later_the_sheet_compares_with_the_days_of_last_year_that_have_a_record(state):
    tiles = who("leader").view("/w/stats/sheet")["tiles"]
    assert "没有记录" not in {t["was"] for t in tiles} and any(t["was"] != "0" for t in tiles), tiles


def later_s22_what_happens_later_changes_nothing_and_anyone_can_work_it_out_again(state):
    before = who("hd-natural-resources").view(f"{YEAR}/natural-resources")
    no = register("owner", uscc_of("owner"), FIRM)
    decide(no, 1, next(i for i in dispatch(no, 1) if i["unit"] == "natural-resources"))
    after = who("hd-natural-resources").view(f"{YEAR}/natural-resources")
    assert after["same"] is True and after["rows"] == before["rows"] and "与记录一致" in page("hd-natural-resources", f"{YEAR}/natural-resources")
    assert who("wu").ask("appraisal.score", "appraisal/2026", status=409, side="inspection", phase="final", evidence="再改一次", rows=[{"unit": "education", "indicator": "training", "score": "100"}])


def later_s22_the_report_is_a_pdf_and_a_workbook_and_goes_once(state):
    wu = client.as_user("wu")
    page("wu", YEAR)
    assert wu.post(YEAR, [("act", "report")]).status == 303
    assert who("wu").ask("appraisal.report", "appraisal/2026", status=409)["detail"].endswith("只报一次。")
    assert "市审批制度改革领导小组" in page("leader", YEAR)
    pdf = wu.get(f"{YEAR}/report.pdf")
    assert pdf.status == 200 and pdf.body.startswith(b"%PDF"), pdf.status
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf.body, capture_output=True, check=True).stdout.decode()
    names = [u["name"] for t in ("departments", "regions") for u in who("wu").view(YEAR)[t]]
    assert len(names) == 40 and all(n in text.replace("\n", "") for n in names), [n for n in names if n not in text]
    assert "报：市政府" in text
    book = wu.get(f"{YEAR}/report.xlsx")
    sheets = zipfile.ZipFile(io.BytesIO(book.body))
    rows = [sheets.read(f"xl/worksheets/sheet{n}.xml").decode().count("<row ") for n in (1, 2)]
    assert rows[0] - rows[1] == 31 - 9, rows
    assert client.as_user("hd-natural-resources").get(f"{YEAR}/report.pdf").status == 200 and client.as_user("hd-natural-resources").get(f"{YEAR}/report.xlsx").status == 403


run(globals())
