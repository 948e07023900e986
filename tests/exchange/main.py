# SPDX-License-Identifier: Apache-2.0
"""S25, each acceptance step with a receiver of our own: rows of a finished stage; a receiver that is away, lost its answer, refuses, is slow; certificates; the county; a
New Year in between; reconciliation."""
import json
import os
import pathlib
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import client
from receiver import Receiver
from steps import FIRM, page, register, run, through, uscc_of, wait_for, who

PORTS = [int(x) for x in os.environ["PORTS"].split()]
province = county = None


def start(kept=()):
    global province, county
    province, county = Receiver(PORTS[0], "province-token", kept), Receiver(PORTS[1], "county-token")


def link(code="province"):
    view = who("api").view("/adm/api")
    one = [r for r in view["receivers"] if r["code"] == code][0]
    return dict(one, **{c["status"]: c["count"] for c in one["counts"]})


def settled(code="province"):
    one = link(code)
    return one["waiting"] == 0 and one["sent"] == 0


def of_project(rows, code):
    return [r for r in rows if r.get("GCDM") == code]


def press(path, fields):
    """A page, and its form."""
    jar = client.as_user("api")
    jar.get(path)
    return jar.post(path, fields)


def ask(code, *typed):
    """带出项目信息 pressed on the form of registration: the reply, and what the form holds then."""
    jar = client.as_user("owner")
    assert "带出项目信息" in jar.get("/my/new").text
    r = jar.post("/my/new", [("act", "ask"), ("code", code), *typed])
    fields = dict(client.fields_of(r.text.split('<form action="/my/new"')[1].split("</form>")[0])) if r.status in (200, 422) else {}
    return jar, r, fields


GIVEN = {"XMDM": "2605-211403-04-01-200017", "XMMC": "带出的示例厂房", "SPLCLX": 6, "LXLX": 3, "JSDDXZQH": "211403", "JSXZ": 1, "TDHQFS": 1, "TDSFDSJFA": 0,
         "ZTZE": "9800", "YDMJ": "28600", "JZMJ": "12500"}
OTHER = "2605-211403-04-01-200025" # never registered here
LOCAL = {"location_zone": "center", "approved_land": True, "linear": False, "major": False}


def test_a_project_is_filled_in_from_its_code(state):
    platform = state["platform"] = Receiver(PORTS[2], "province-token")
    code = GIVEN["XMDM"]
    platform.projects = {code: {"project": GIVEN, "local": LOCAL}, OTHER: {"project": dict(GIVEN, XMDM=OTHER, XMMC="另一个示例厂房", JSXZ=9)}}
    who = [("owner", FIRM), ("uscc", uscc_of("owner")), ("contact_name", "钱某"), ("contact_phone", "13800001234")]
    jar, r, fields = ask(code, ("f_investment", "7"), *who)
    assert '<option value="longgang" selected>' in r.text
    assert r.status == 200 and "带出 13 栏" in r.text and "来自国家平台（测试），2026-12-31 09:3" in r.text, r.text[:2000]
    assert "总投资：平台登记的是“9800”，与您填的不同；保留您填的" in r.text and fields["f_investment"] == "7", "what was typed stays"
    assert fields["name"] == "带出的示例厂房" and fields["category"] == "industry" and fields["contact_phone"] == "13800001234", fields
    platform.projects[code] = {"project": dict(GIVEN, XMMC="<b>平台的名称</b>"), "local": LOCAL}
    _, differs, kept = ask(code, ("name", "我填的名称"), ("county", "xingcheng"), ("category", "renovation"), *who)
    for told in ("项目名称：平台登记的是“&lt;b&gt;平台的名称&lt;/b&gt;”", "建设地点所在的县（市）区：平台登记的是“龙港区”", "项目类别：平台登记的是“"):
        assert told in differs.text, (told, differs.text[:3000])
    assert "平台登记的是“industry”" not in differs.text and kept["name"] == "我填的名称", kept
    platform.projects[code] = {"project": GIVEN, "local": LOCAL}
    jar.get("/my/new")
    other = jar.post("/my/new", [("act", "ask"), *((k, v) for k, v in fields.items() if k not in ("csrf", "key", "act", "code")), ("code", OTHER)])
    again = dict(client.fields_of(other.text.split('<form action="/my/new"')[1].split("</form>")[0]))
    assert again["name"] == "另一个示例厂房" and "f_linear" not in again and again["f_investment"] == "7", "of the code before nothing stays but what was typed"
    assert "建设性质：平台给的“9”在这里没有对应的选项，请自己选择" in other.text and "f_project_nature" not in again
    jar.get("/my/new")
    done = jar.post("/my/new", [("county", "longgang"), *((k, v) for k, v in fields.items() if k not in ("csrf", "key", "act"))])
    assert done.status == 303 and re.fullmatch(r"/my/\d+", done.get("Location")), done.status
    assert "带出的示例厂房" in jar.get(done.get("Location")).text


def test_enter_asks_while_there_is_only_a_code_and_registers_afterwards(state):
    jar = client.as_user("owner")
    state["platform"].projects[OTHER] = {"project": dict(GIVEN, XMDM=OTHER, XMMC="另一个示例厂房"), "local": LOCAL}
    form = jar.get("/my/new").text.split('<form action="/my/new"')[1].split("</form>")[0]
    assert re.search(r'<button[^>]*type="submit"[^>]*value="([a-z]+)"', form)[1] == "enter", "the first button is what Enter presses"
    taken = jar.post("/my/new", [("act", "enter"), ("code", GIVEN["XMDM"])])
    assert taken.status == 422 and re.search(r'id="code-e"[^>]*><span class="vh">错误：</span>这个项目代码已经登记过，办件编号 HLD-', taken.text) and f'value="{GIVEN["XMDM"]}"' in taken.text, (taken.status, re.findall(r'.{80}code-e.{200}', taken.text, re.S))
    jar.get("/my/new")
    r = jar.post("/my/new", [("act", "enter"), ("code", OTHER), ("owner", FIRM), ("uscc", uscc_of("owner")), ("contact_name", "钱某"), ("contact_phone", "13800001234")])
    fields = dict(client.fields_of(r.text.split('<form action="/my/new"')[1].split("</form>")[0]))
    assert r.status == 200 and "带出 " in r.text and fields["name"] == "另一个示例厂房", r.text[:1500]
    jar.get("/my/new")
    part = jar.post("/my/new", [("act", "enter"), ("code", "2605-211403-04-01-200033"), ("name", "自己写的名称")])
    assert part.status == 422 and "选择项目类别" in part.text and "带出 " not in part.text and 'value="自己写的名称"' in part.text, part.status
    jar.get("/my/new")
    typed = [(k, v) for k, v in fields.items() if k not in ("csrf", "key", "act", "code", "name")]
    done = jar.post("/my/new", [("act", "enter"), ("county", "longgang"), ("code", "2605-211403-04-01-200041"), ("name", "回车登记的厂房"), *typed])
    assert done.status == 303 and re.fullmatch(r"/my/\d+", done.get("Location")), (done.status, done.text[:1500])


def test_a_platform_that_is_silent_keeps_nobody_waiting(state):
    platform = state["platform"]
    platform.delay = 2.5
    got, other = {}, client.as_user("wu")
    began = time.time()
    thread = threading.Thread(target=lambda: got.update(reply=ask(OTHER, ("name", "自己写的"), ("contact_name", "钱某")), took=time.time() - began))
    thread.start()
    time.sleep(0.4)
    at = time.time()
    assert other.get("/w/super").status == 200 and client.Jar().get("/").status == 200 and time.time() - at < 0.9, "other pages answer meanwhile"
    thread.join()
    _, r, fields = got["reply"]
    assert r.status == 200 and "没有在 1 秒内回答" in r.text and got["took"] < 2.4, (r.status, got["took"], r.text[:1500])
    assert fields["name"] == "自己写的" and fields["contact_name"] == "钱某" and "也可以自己填写" in r.text
    time.sleep(1.5)
    platform.delay = 0


def test_no_such_code_no_code_and_answers_that_are_none(state):
    platform, code = state["platform"], OTHER
    given = dict(GIVEN, XMDM=code)
    _, r, fields = ask("2605-211403-04-01-999999", ("name", "自己写的"))
    assert r.status == 200 and "没有项目代码 2605-211403-04-01-999999" in r.text and fields["name"] == "自己写的", fields
    for typed, words in (("12", "“12”应分五段"), ("", "先填写项目代码")):
        _, r, fields = ask(typed, ("name", "自己写的"))
        assert r.status == 422 and words in r.text and fields["name"] == "自己写的", (typed, fields)
    big = json.dumps({"project": given, "local": dict(LOCAL, more="长" * 40000)}).encode()
    for said, words in ((big, "回答太长"), (b"<html>", "看不懂"), (b'{"project":', "看不懂"), (b"\xff\xfe", "看不懂"), (b"[" * 60000, "看不懂"), ([], "看不懂"), ({"project": 7}, "看不懂"),
                        ({"project": dict(GIVEN, XMDM="2605-211403-04-01-200099")}, "看不懂")):
        platform.projects[code] = said
        _, r, fields = ask(code, ("name", "自己写的"))
        assert r.status == 200 and words in r.text and fields["name"] == "自己写的" and "category" not in fields, (said[:30] if said else said, r.status, r.text[:1500])
    platform.projects[code] = {"project": dict(given, XMMC="<script>alert(1)</script>", ZTZE=[1], LXLX={}, YDMJ="x" * 9000), "local": {"major": 3}}
    _, r, fields = ask(code)
    assert "<script>alert" not in r.text and "立项类型：写法不对" in r.text and "总投资：写法不对" in r.text and "f_land_area" in fields and not fields["f_land_area"]
    platform.close()
    _, r, fields = ask(code, ("name", "自己写的"))
    assert r.status == 200 and "没有连上" in r.text and fields["name"] == "自己写的"


def test_messages_wait_while_the_receiver_is_off(state):
    no = register("owner", uscc_of("owner"), FIRM, name="交换示例厂房")
    through(no, 1)
    state["no"], state["code"] = no, who("owner").view(f"/my/{no}")["code"]
    wait_for(lambda: link()["waiting"] > 100 and link()["down"])
    assert "没有连上" in link()["reason"], link()
    html = page("api", "/adm/api")
    assert "连不上" in html and "恢复以后自动补发，不会重复" in html
    assert page("api", "/adm/api/rows?status=waiting").count("待发") > 3


def test_a_finished_stage_arrives_with_its_code_stage_and_dates(state):
    start()
    province.mode = "deaf"  # it takes the first messages, and its answer is lost
    wait_for(lambda: province.calls > 0)
    province.mode = "ok"
    wait_for(settled)
    assert province.repeats > 0, "what was answered by silence came once more"
    assert link()["refused"] == 0 and link()["held"] == 0, [r[1] for r in province.result.values() if r[0] == 2][:3]
    code = state["code"]
    projects = province.valid("SPGL_XMJBXXB")
    assert [p["XMDM"] for p in projects] == [code] and projects[0]["XMMC"] == "交换示例厂房", projects
    items = of_project(province.valid("SPGL_XMSPSXBLXXB"), code)
    steps = of_project(province.valid("SPGL_XMSPSXBLXXXXB"), code)
    assert len(items) > 2 and len({i["SPSXSLBM"] for i in items}) == len(items)
    for item in items:
        mine = sorted(s["BLZT"] for s in steps if s["SPSXSLBM"] == item["SPSXSLBM"])
        assert mine[:2] == [1, 3] and mine[-1] == 11, (item, mine)
        papers = [d for d in province.valid("SPGL_XMSPSXPFWJXXB") if d["SPSXSLBM"] == item["SPSXSLBM"]]
        assert papers and papers[0]["PFRQ"] == "2026-12-31" and papers[0]["PFWH"].startswith("HLD-ZJ1-"), papers
    assert all(s["BLSJ"].startswith("2026-12-31 ") for s in steps)
    stages = {(s["SPLCBM"], s["SPJDXH"]): s for s in province.valid("SPGL_DFXMSPLCJDXXB")}
    assert stages[("211400-industry", 1)]["SPJDSX"] == 7 and ("211400-renovation", 2) not in stages
    assert len(province.valid("SPGL_XMQTFJXXB")) >= 1 and province.valid("SPGL_XMDWXXB")[0]["DWMC"] == FIRM
    log = page("api", "/adm/api/log")
    assert "恢复" in log and "连不上" in log


def test_the_county_gets_only_its_cases(state):
    no = register("owner", uscc_of("owner"), FIRM, name="兴城示例厂房", county="xingcheng")
    through(no, 1)
    state["xingcheng"] = code = who("owner").view(f"/my/{no}")["code"]
    wait_for(lambda: settled() and settled("xingcheng") and county.valid("SPGL_XMJBXXB") and len(province.valid("SPGL_XMJBXXB")) > 1)
    assert [p["XMDM"] for p in county.valid("SPGL_XMJBXXB")] == [code]
    assert {r["GCDM"] for _, r in county.rows.values() if "GCDM" in r} == {code}
    assert {p["XMDM"] for p in province.valid("SPGL_XMJBXXB")} == {code, state["code"]}
    assert county.valid("SPGL_DFXMSPLCXXB") and county.valid("SPGL_XMJBXXB")[0]["JSDDXZQH"] == "211481"


def test_what_is_refused_is_listed_with_its_reason_and_sent_once_more_by_hand(state):
    province.mode = "refuse:GBHY"
    no = register("owner", uscc_of("owner"), FIRM, name="被退回的项目")
    through(no, 1)
    code = who("owner").view(f"/my/{no}")["code"]
    wait_for(lambda: link()["refused"] == 1 and settled())
    home = page("api", "/adm/api")
    assert "失败 1 行" in home
    rows = who("api").view("/adm/api/rows?status=refused")["rows"]
    assert [(r["table"], r["fault"]) for r in rows] == [("XMJBXXB", "GBHY 的值对方不收")], rows
    province.mode = "ok"
    path = f"/adm/api/rows/{rows[0]['of']}/{rows[0]['lsh']}"
    shown = page("api", path)
    assert "GBHY 的值对方不收" in shown
    assert "原样重发，多半还会因为同样的原因被退回" in shown and "改好以后系统自动生成新的一版" in shown and "本系统里改不了" not in shown
    origins = who("api").view(path)["origins"]  # GBHY, and not GBHYDMFBND
    assert [(o["column"], o["origin"]) for o in origins] == [("GBHY", "申请人在第 1 阶段申请表填写的“国民经济行业代码”")], origins
    assert client.as_user("wu").get(path).status == 403
    done = press(path, [("act", "one"), ("back", "list")])
    assert done.status == 303, (done.status, done.text[:300])
    said = page("api", done.get("Location"))
    assert "已经重发" in said and "作废原来的：" in said and "新的一版：" in said and "没有被退回的行" in said, said[-3000:]
    wait_for(lambda: settled() and link()["refused"] == 0)
    assert [p["XMMC"] for p in province.valid("SPGL_XMJBXXB") if p["XMDM"] == code] == ["被退回的项目"]
    again = press(path, [("act", "one"), ("key", "pressed-once-more-1")])
    assert again.status == 409 and "不用重发" in again.text, again.status


def test_receipts_that_come_later_and_messages_that_are_not_taken_as_a_whole(state):
    province.mode = "later"
    no = register("owner", uscc_of("owner"), FIRM, name="晚到的回执")
    through(no, 1)
    wait_for(lambda: link()["waiting"] == 0 and link()["sent"] > 5)
    province.mode = "whole"  # and takes rows one by one only
    through(no, 2)
    wait_for(settled)
    assert link()["refused"] == 0
    province.mode = "ok"


def test_a_correction_makes_the_old_row_void(state):
    no, code = state["no"], state["code"]
    before = [r for t, r in province.rows.values() if t == "SPGL_XMJBXXB" and r["XMDM"] == code]
    assert len(before) == 1
    for n in (2, 3, 4):
        through(no, n, **({f"need_{k}": False for k in ("water", "power", "gas", "heat", "drainage", "telecom")} if n == 3 else {}))
    wait_for(lambda: settled() and [p["XMSFWQBJ"] for p in province.valid("SPGL_XMJBXXB") if p["XMDM"] == code] == [1])
    rows = [r for t, r in province.rows.values() if t == "SPGL_XMJBXXB" and r["XMDM"] == code]
    assert [r["SJYXBS"] for r in rows[-2:]] == [0, 1] and rows[-2]["SJWXYY"] == "数据更正", rows
    assert rows[0] == before[0], "what was sent is never changed"
    assert len({r["LSH"] for r in rows}) == len(rows)


def test_a_wrong_certificate_number_is_rejected_with_the_reason(state):
    number = [d["PFWH"] for d in province.valid("SPGL_XMSPSXPFWJXXB") if d["GCDM"] == state["code"]][0]
    ask = lambda **more: who("api").ask("link.verify", target="province", **more)["answer"]
    assert ask(number=number, code=state["code"], owner=FIRM)["valid"] is True
    wrong = ask(number="HLD-ZJ1-999999-1")
    assert wrong["valid"] is False and "没有编号是 HLD-ZJ1-999999-1 的证照" in wrong["reason"], wrong
    assert "不是项目" in ask(number=number, code=state["xingcheng"])["reason"]
    assert "持证单位不是" in ask(number=number, owner="别的公司")["reason"]
    seen = press("/adm/api/certs", [("act", "verify"), ("target", "province"), ("number", "HLD-ZJ1-999999-1")])
    assert seen.status == 200 and "不予认可" in seen.text, (seen.status, seen.text[:200])
    assert "没有编号是" in page("api", "/adm/api/log")


def test_reconciliation_finds_what_the_other_side_lost(state):
    lost = [x for x, (t, _) in province.rows.items() if t == "SPGL_XMSPSXBLXXXXB"][3]
    province.rows.pop(lost)
    done = press("/adm/api/days/province", [("act", "ask"), ("day", "2026-12-31")])
    assert done.status == 303, done.text[:300]
    wait_for(lambda: lost in province.rows and settled())
    rows = who("api").view("/adm/api/days/province")["rows"]
    assert [(r["missing"], r["extra"]) for r in rows if r["table"] == "XMSPSXBLXXXXB"] == [(1, 0)], rows
    assert all(r["same"] for r in rows if r["table"] != "XMSPSXBLXXXXB")
    press("/adm/api/days/province", [("act", "ask"), ("day", "2026-12-31")])
    wait_for(lambda: all(r["same"] for r in who("api").view("/adm/api/days/province")["rows"]))


def test_the_last_act_of_the_year_waits_for_the_next(state):
    province.close()
    no = register("owner", uscc_of("owner"), FIRM, name="跨年的项目")
    through(no, 1)
    wait_for(lambda: link()["waiting"] > 10 and link()["down"])
    pathlib.Path(os.environ["KEPT"]).write_text(json.dumps([[k, *v, *province.result[k]] for k, v in province.rows.items()]))
    text = client.Jar().get("/metrics").text
    assert 'yichuang_exchange_rows{receiver="province",status="waiting"}' in text and 'yichuang_exchange_down{receiver="province"} 1' in text, text[-800:]


def later_rows_of_last_year_arrive_in_the_new_one(state):
    kept = json.loads(pathlib.Path(os.environ["KEPT"]).read_text())
    lost = [k[0] for k in kept if k[1] == "SPGL_XMSPSXBLXXXXB"][-3:]
    start([k for k in kept if k[0] not in lost])
    wait_for(settled)
    names = {p["XMMC"] for p in province.valid("SPGL_XMJBXXB")}
    assert "跨年的项目" in names, names
    days = {x[6:14] for x in province.rows}
    assert "20261231" in days
    wait_for(lambda: link().get("reconciled") == "2026年12月31日" and settled())  # by itself, since the day is over
    rows = who("api").view("/adm/api/days/province")["rows"]
    assert sum(r["missing"] for r in rows) == 3 and all(x in province.rows for x in lost), rows
    press("/adm/api/days/province", [("act", "ask"), ("day", "2026-12-31")])
    wait_for(lambda: all(r["same"] for r in who("api").view("/adm/api/days/province")["rows"]))
    assert {"交换示例厂房", "兴城示例厂房", "跨年的项目"} <= {p["XMMC"] for p in province.valid("SPGL_XMJBXXB")}
    assert link()["refused"] == 0 and link()["down"] is False


def later_pages_say_it_in_plain_words(state):
    for path in ("/adm/api", "/adm/api/rows", "/adm/api/log", "/adm/api/days/province", "/adm/api/certs", "/adm/api/tables"):
        assert page("api", path)
        assert client.as_user("wang").get(path).status == 403
    assert "待核对" in page("api", "/adm/api/tables")
    assert client.as_user("sys").get("/adm/api").status == 200


if __name__ == "__main__":
    run(globals())
