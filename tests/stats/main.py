# SPDX-License-Identifier: Apache-2.0
"""Statistics as those see them who use them."""
import datetime
import io
import pathlib
import re
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
from steps import FIRM, dispatch, page, register, run, uscc_of, who

LIMITS = ["4—14", "13—26", "5—37", "12—25"]  # of the categories of the package, shortest and longest
QUESTIONS = ["long", "where", "late", "next", "funnel", "heat", "category", "county", "year"]
FIELDS = ["count", "gross", "unit", "applicant", "third", "rest", "before", "own"]


def ask(account, path):
    return who(account).view(path)


def cells(view):
    for table in view["tables"]:
        for row in table["rows"] + ([table["total"]] if "total" in table else []):
            yield from row["cells"]


def listed(account, cell):
    view = ask(account, cell["href"])
    return view["total"] if not cell.get("field") else view["total_days"][FIELDS[cell["field"]]]


def check(account, view, step):
    """Each `step`-th figure that opens: list length = figure. Percentiles say how many they were taken from."""
    seen = 0
    for i, cell in enumerate(c for c in cells(view) if "href" in c):
        if i % step:
            continue
        want = cell["of"] if "of" in cell and "（" not in cell["text"] else cell["n"]
        assert listed(account, cell) == want, (cell, listed(account, cell))
        seen += 1
    return seen


def test_each_figure_opens_into_as_many_cases(state):
    for day, step in (("2026-11-25", 5), ("2026-07-01", 7)):
        for q in QUESTIONS:
            view = ask("wu", f"/w/stats/{q}?as_of={day}")
            assert view["as_of"] == day
            assert check("wu", view, step) > 2, q
    assert check("leader", ask("leader", "/w/stats/late?category=industry"), 4) > 2
    assert check("wu", ask("wu", "/w/stats/where?county=longgang&stage=2"), 1) > 2
    sheet = ask("leader", "/w/stats/sheet")
    assert check("leader", sheet, 6) > 5
    stages = next(t for t in sheet["tables"] if t["id"] == "long0")["rows"]
    assert [r.get("allowed") for r in stages] == LIMITS, stages
    beside = sheet["beside"]["kinds"]  # what is late and no department's item: each count is a list of that length
    assert beside and all("kind=item" not in k["href"] and k["n"] == ask("leader", k["href"])["total"] for k in beside), beside
    assert "部门事项以外，超期的还有" in page("leader", "/w/stats/sheet")
    assert "/clause/D60-4.13-p4" in page("leader", "/w/stats/sheet") and f'时限 {LIMITS[0]}' in page("leader", "/w/stats/sheet")
    ended = sheet.get("ended", {"n": 0, "window": 0, "own": 0})
    assert ended["n"] == sheet["tiles"][4]["n"] == ended["window"] + ended["own"], (ended, sheet["tiles"][4])
    done = ask("leader", "/w/stats/late?first=2026-01-01&last=2026-11-25")["tables"][0]["total"]["cells"]
    assert (ended["n"], ended["window"]) == (done[4]["n"], done[8]["n"]), (ended, done)
    for tile in sheet["tiles"]:
        assert ask("leader", tile["href"])["total"] == tile["n"]
    ties = before = 0
    for back in range(0, 280, 4):
        day = str(datetime.date(2026, 11, 25) - datetime.timedelta(back))
        sheet, rows = ask("leader", f"/w/stats/sheet?as_of={day}"), ask("wu", f"/w/stats/late?as_of={day}")["tables"][0]["rows"]
        late = {r["label"]: r["cells"][1]["n"] for r in rows}
        worst = {u for u, n in late.items() if n and n == max(late.values())}
        assert set(sheet.get("worst", {"unit": ""})["unit"].split("、")) == (worst or {""}), (day, late, sheet.get("worst"))
        of = sum(r["cells"][7]["n"] for r in rows if r["label"] in worst)  # the same engine, the same days taken off
        assert sheet.get("worst", {}).get("before", 0) == of, (day, of, sheet.get("worst"))
        if of and not before:
            assert f"{of} 件扣掉派转前窗口的天数没有超" in page("leader", f"/w/stats/sheet?as_of={day}"), day
        before += of > 0
        ties += len(worst) > 1
        if ties and before and back >= 20:
            break
    assert ties and before, "some day had two that were latest, some day one that would not be late without the window's days"
    assert {t["was"] for t in sheet["tiles"]} == {"没有记录"}, "the store began in the winter before"


def test_a_list_has_its_cases_one_by_one(state):
    view = ask("wu", "/w/stats/late?as_of=2026-11-25")
    total = view["tables"][0]["total"]["cells"][3]
    first = ask("wu", total["href"])
    assert first["total"] == total["n"] > 100 and len(first["cases"]) == 100
    numbers, href = [], total["href"]
    while href:
        one = ask("wu", href)
        numbers += [(c["number"], c["stage"], c.get("attempt"), c["item_name"], c["start"]) for c in one["cases"]]
        for c in one["cases"]:
            assert c["gross_days"] == c["unit_days"] + c["before_days"] + c["applicant_days"] + c["third_days"] + c["rest_days"], c
        href = one.get("next_href")
    assert len(numbers) == total["n"]
    csv = client.as_user("wu").get(first["csv"])
    assert csv.status == 200 and len(csv.text.strip().split("\r\n")) == total["n"] + 1
    assert "办结的事项（" in page("wu", total["href"])


def test_lamps_and_statistics_differ_by_the_items_of_nation_and_province_and_say_so(state):
    late = ask("wu", "/w/stats/late")
    lamps = ask("wu", "/w/super")
    running = late["tables"][0]["total"]["cells"][0]["n"] if late["tables"][0]["rows"] else late["tables"][1]["total"]["cells"][0]["n"]
    assert lamps["count"]["all"] == running + lamps["outside"]
    assert ask("wu", lamps["outside_href"])["total"] == lamps["outside"]
    for path in ("/w/super", "/w/super/nodes", "/w/super/lamps", "/w/stats", "/w/stats/late", "/w/stats/sheet"):
        html = page("wu", path)
        assert (f">{lamps['outside']} 件</a>" if lamps["outside"] else "国家、省级事权的 0 件") in html, path
    assert f"不含国家、省级事权的 {lamps['outside']} 件" in page("wu", "/w/stats/wall")


def test_days_before_the_dispatch_stand_apart(state):
    where = ask("wu", "/w/stats/where")["tables"][1]
    before, own = where["columns"].index("派转前（窗口，工作日）"), where["columns"].index("部门办理（工作日）")
    assert where["total"]["cells"][before]["n"] > 0 and where["total"]["cells"][own]["n"] > where["total"]["cells"][before]["n"]
    row = next(r for r in where["rows"] if r["cells"][before]["n"] > 0)
    cases = ask("wu", row["cells"][before]["href"])
    assert cases["total_days"]["before"] == row["cells"][before]["n"] and "派转前（窗口）" in page("wu", row["cells"][before]["href"])
    late = ask("wu", "/w/stats/late")["tables"][0]
    assert late["columns"][7].startswith("在办超期里") and late["total"]["cells"][7]["n"] <= late["total"]["cells"][1]["n"]
    board = [c for c in ask("wu", "/w/super/lamps?kind=item")["clocks"] if c.get("before")]
    assert board and all(c["used"] == c["before"] + c["own"] for c in board)


def everything(day):
    jar = client.as_user("wu")
    return [jar.get(f"/w/stats/{q}?as_of={day}&format=csv").text for q in QUESTIONS]


def test_why_a_department_is_late_is_counted_and_adds_up(state):
    """Each day of what is late belongs to somebody; the parts add up to the whole, and the items are those of the first table."""
    tables = ask("wu", "/w/stats/late")["tables"]
    seen = 0
    for table, column, why in ((tables[2], 4, "done-late"), (tables[3], 1, "open-late")):
        late = {r["label"]: r["cells"][column]["n"] for r in tables[0]["rows"] if r["cells"][column]["n"]}
        assert late == {r["label"]: r["cells"][0]["n"] for r in table["rows"]}, (why, late)
        for row in table["rows"]:
            n = [c["n"] for c in row["cells"]]
            assert n[1] == sum(n[2:7]) and n[7] <= n[0] and n[8] <= n[0] and (n[4] > 0) == (n[7] > 0) and (n[5] > 0) == (n[8] > 0), (row["label"], n)
            seen += n[0]
    assert seen > 2


def test_a_past_day_says_the_same_whatever_is_entered_later(state):
    before = everything("2026-11-24")
    today = ask("wu", "/w/stats/funnel")["tables"][0]["rows"][0]["cells"]
    no = register("owner", uscc_of("owner"), FIRM)
    dispatch(no, 1)
    assert everything("2026-11-24") == before
    after = ask("wu", "/w/stats/funnel")["tables"][0]["rows"][0]["cells"]
    assert [a["n"] - b["n"] for a, b in zip(after[:3], today[:3])] == [1, 1, 1]  # registered, received, accepted: at once
    html = page("wu", "/w/stats/funnel?as_of=2026-11-24")
    assert "以后补录的不改动它" in html and "截至 2026年11月24日" in html


def test_the_same_figures_as_page_workbook_and_csv(state):
    jar = client.as_user("wu")
    for q in QUESTIONS:
        view = ask("wu", f"/w/stats/{q}")
        book = jar.get(view["xlsx"])
        assert book.status == 200 and "filename" in book.get("content-disposition"), q
        with zipfile.ZipFile(io.BytesIO(book.body)) as z:
            assert z.testzip() is None
            sheets = [n for n in z.namelist() if n.startswith("xl/worksheets/")]
            assert len(sheets) == len(view["tables"])
            text = z.read(sheets[0]).decode() + "".join(z.read(n).decode() for n in z.namelist() if "shared" in n)
            assert "截至 2026-11-25" in text
        csv = jar.get(view["csv"]).text
        for table in view["tables"]:
            assert table["title"] in csv
            for row in table["rows"]:
                line = next(x for x in csv.split("\r\n") if x.startswith(f'"{row["label"]}"'))
                assert line.count(",") >= len(row["cells"])
        for c in cells(view):
            if "（" not in c["text"] and c["text"] != "—" and "多于" not in c["text"]:
                assert str(c["n"]) == c["text"]
    html = page("wu", "/w/stats/late")
    assert "<svg" in html and "按时率＝在时限内办结÷期间办结" in html and 'aria-hidden="true"' in html


def test_everybody_sees_what_is_his(state):
    head = "hd-natural-resources"
    view = ask(head, "/w/stats/late")
    rows = [r for t in view["tables"] for r in t["rows"]]
    assert {r["label"] for r in rows} == {"市自然资源局"} and "自己的办件和全市的合计" in page(head, "/w/stats/late")
    total = view["tables"][0]["total"]["cells"]
    assert total[0]["n"] >= rows[0]["cells"][0]["n"] and all("href" not in c for c in total)
    assert check(head, view, 1) >= 5
    assert check(head, ask(head, "/w/stats/long"), 5) > 2
    mine = ask(head, "/w/stats/cases?what=open&unit=housing-construction")  # another's is not opened by asking for it
    assert mine["cases"] and {c["unit_name"] for c in mine["cases"]} == {"市自然资源局"}
    jar = client.as_user(head)
    assert jar.get("/w/stats/cases?what=registered").status == 403
    assert jar.get("/w/stats/sheet").status == 403
    assert "href" not in ask(head, "/w/stats/funnel")["tables"][0]["rows"][0]["cells"][0]
    for account in ("owner", "wang", "ap-natural-resources"):
        assert client.as_user(account).get("/w/stats").status == 403, account


def test_the_head_of_a_county_sees_the_cases_of_the_county(state):
    head = "hd-longgang"
    assert "您看到的是龙港区政府的办件" in page(head, "/w/stats/late")
    for question in ("late", "long"):
        assert check(head, ask(head, f"/w/stats/{question}"), 5) > 2
    whole, mine = (ask("wu", f"/w/stats/cases?what=begun&first=2026-01-01&last=2026-11-24{more}")["total"] for more in ("", "&county=longgang"))
    for asked in ("", "&county=longgang", "&county=suizhong"):  # another's is not opened by asking for it
        cases = ask(head, f"/w/stats/cases?what=begun&first=2026-01-01&last=2026-11-24{asked}")
        assert 0 < cases["total"] == mine < whole and {c["county_name"] for c in cases["cases"]} == {"龙港区"}, (asked, cases["total"], mine, whole)
    projects = ask(head, "/w/stats/cases?what=registered&first=2026-01-01&last=2026-11-24")  # a county is told of whole projects, a department of its items
    assert projects["total"] == ask("wu", "/w/stats/cases?what=registered&first=2026-01-01&last=2026-11-24&county=longgang")["total"] > 0
    other = ask("hd-suizhong", "/w/stats/cases?what=begun&first=2026-01-01&last=2026-11-24")
    assert all(c["county_name"] == "绥中县" for c in other["cases"]) and other["total"] == ask("wu", "/w/stats/cases?what=begun&first=2026-01-01&last=2026-11-24&county=suizhong")["total"]
    assert client.as_user(head).get("/w/stats/sheet").status == 403


def test_what_is_asked_wrongly_is_said(state):
    jar = client.as_user("wu")
    for path, status, says in (("/w/stats/long?as_of=2026-11-26", 422, "不能晚于今天"), ("/w/stats/long?as_of=gestern", 422, "2026-12-31 的样子"),
                               ("/w/stats/long?first=2026-11-20&last=2026-11-01", 422, "不能晚于最后一天"), ("/w/stats/nothing", 404, "没有“nothing”这一页统计"),
                               ("/w/stats/cases?what=nothing", 404, "统计里没有“nothing”这个数"), ("/w/stats/cases?what=done&stage=9", 422, "阶段是 1 到 4")):
        r = jar.get(path)
        assert r.status == status and says in r.text, (path, r.status, r.text[-600:])


def test_the_wall_refreshes_itself_and_names_nobody(state):
    jar = client.as_user("leader")
    r = jar.get("/w/stats/wall")
    assert r.status == 200 and r.get("refresh") == "60" and 'data-events="/live?of=project&amp;from=' in r.text and "<button" not in r.text
    assert "公司" not in r.text.replace("供热公司", "").replace("燃气公司", "").replace("通信公司", "").replace("供电公司", "").replace("自来水公司", "")
    assert "HLD-" not in r.text
    view = ask("leader", "/w/stats/wall")
    late = ask("leader", "/w/stats/cases?what=open-late")
    assert view["tiles"][1] == {"label": "超期", "n": late["total"], "css": view["tiles"][1]["css"]}
    today = left = 0
    for back in range(0, 280, 4):
        day = datetime.date(2026, 11, 25) - datetime.timedelta(back)
        view, due = ask("leader", f"/w/stats/wall?as_of={day}"), lambda last: ask("leader", f"/w/stats/cases?what=due&as_of={day}&first={day}&last={last}")["total"]
        soon = next(t for t in view["tiles"] if t["label"] == "七天内到期（含今天）")
        bars = [b["text"] for b in view["tables"][1]["chart"]["bars"]] if "chart" in view["tables"][1] else []
        assert soon["n"] == due(day + datetime.timedelta(7)) == sum(map(int, bars)) and len(bars) in (0, 8), (day, soon, bars)
        today += due(day)
        more = view["tables"][0].get("left_out", 0)
        assert not more or f"另有 {more} 个没有画出来" in page("leader", f"/w/stats/wall?as_of={day}"), day
        left += more
        if today and (left or back >= 60):
            break
    assert today, "on some day something was due"


def test_the_public_page_tells_no_small_number(state):
    r = client.Jar().get("/s/stats")
    assert r.status == 200 and "max-age=60" in r.get("cache-control")
    view = client.Jar().get("/api/v1/s/stats").json
    texts = [v for row in view["rows"] for k, v in row.items() if k in ("begun", "ended", "running")]
    texts += [v for row in view["kinds"] for k, v in row.items() if k != "name"]
    assert texts and all(t in ("—", "少于 5", "0") or int(t) >= 5 for t in texts), texts
    assert any(t not in ("—", "0", "少于 5") for t in texts) and "少于 5" in texts
    full = ask("wu", "/w/stats/long")["tables"][0]["rows"]
    for row, mine in zip(view["rows"], full):
        parts = [c["n"] for c in mine["cells"][1:4]]
        assert (row["ended"] == "—") == any(0 < n < 5 for n in parts), (row, parts)
        if mine["cells"][0]["n"] >= 5:
            assert row["half"] == mine["cells"][4]["text"]
    assert "示例" in r.text and re.search("小于 5 的数", r.text)


run(globals())
