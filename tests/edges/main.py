# SPDX-License-Identifier: Apache-2.0
"""The seven edges of the twelve pages drawn in the design. `first`: nothing there, one row, the longest name, a rare character, somebody was faster,
the session has ended; `many`: ten thousand projects. What a page shows is looked at as HTML; with EDGES a browser looks at the same pages (tests/grade)."""
import html
import json
import os
import pathlib
import re
import sys

for room in ("http", "early"):
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / room))
import api
import client
from blueprint import box, checked, publish
from steps import decide, dispatch, page, register, run, through, uscc_of, who

# Sixty characters; 𠮷 is outside the first plane, 﨑 in a row of its own, and the quotes and the sign are those of HTML.
LONG = ("葫芦岛市龙港区北港工业园区𠮷祥街道﨑山社区“一窗”<示例>&重型机械制造和海洋工程装备生产基地二期扩建改造以及配套厂房研发中心综合楼仓库" + "甲" * 60)[:60]
FIRM = ("葫芦岛𠮷示例海洋工程装备制造和重型机械研究设计有限责任公司龙港区北港工业园区第二分公司" + "乙" * 60)[:60]
SIX = "一、政策背景依据\n甲。\n二、目标任务\n乙。\n三、主要内容\n丙。\n四、执行标准\n丁。\n五、惠民利民举措\n戊。\n六、新旧政策差异\n己。"


def main_of(text):
    return text[text.index("<main"):text.index("</main>")]


def words(text):
    return html.unescape(re.sub(r"<[^>]+>", " ", main_of(text)))


def whole(account, path, *names):
    """Every name stands there whole, and as text."""
    text = client.Jar().get(path).text if account is None else page(account, path)
    for name in names:
        assert name in words(text), (path, name, words(text)[:900])
        assert html.escape(name, quote=False) in text.replace("&quot;", '"') or name == FIRM, path
        assert "<示例>" not in text, f"{path}: a name became an element"
    return text


# ---- nothing there ------------------------------------------------------------------------------------------------------

EMPTY = [(None, "/", "要办什么事"), ("owner2", "/my", "还没有项目。先登记项目"), ("wang", "/w", "没有等待受理的申请。"), ("zhao", "/w", "没有等待阅批的派转单。"), ("ap-water", "/w", "没有符合条件的在办事项。"),
         ("ap-housing-construction", "/w/a", "没有这样的联合验收。"), ("lead-housing-construction", "/w/stage", "现在不用催办"), ("wu", "/w/super", "没有符合条件的在办事项。"),
         ("wu", "/w/projects", "还没有登记过项目。"), ("ap-education", "/w/l/kindergarten", "没有这样的行"), (None, "/open", "还没有公开的文件"), (None, "/map", "没有公布"),
         (None, "/s?q=%F0%A0%AE%B7%E7%A5%A5", "没有")]


def test_where_nothing_is_there_the_page_says_so_and_what_to_do(state):
    for account, path, sentence in EMPTY:
        text = client.Jar().get(path).text if account is None else page(account, path)
        assert sentence in words(text), (account, path, words(text)[:600])
        assert not re.search(r"<tbody>\s*</tbody>", text), f"{path}: a table without a row"
        assert "第 0—0" not in text, f"{path}: from nothing to nothing"
    for path in ("/w/c/1/1", "/w/a/1", "/map/check/1", "/w/p/1"):
        r = client.as_user("wang").get(path)
        assert r.status == 404 and "接下来" in r.text, (path, r.status)
    assert client.Jar().get("/open/doc/none").status == 404


# ---- one row, the longest name, rare characters ------------------------------------------------------------------------


def test_one_project_with_the_longest_name_and_rare_characters(state):
    publish("urban-boundary", box(-3000, -3000, 6000, 6000))
    no = state["no"] = register("owner", uscc_of("owner"), FIRM, category="gov-building", name=LONG, contact_name="𠮷田﨑")
    stream = f"project/{no}"
    whole("owner", "/my", LONG)
    whole("owner", f"/my/{no}/stage/1", LONG)
    state["form"] = register("owner", uscc_of("owner"), FIRM, category="gov-building", name=LONG)
    api.submit(who("owner"), no, 1)
    state["check"] = checked(no, box(0, 0, 200, 100))
    whole("owner", f"/my/{no}", LONG)
    assert page("wang", "/w").count(html.escape(LONG, quote=False)) >= 1
    whole("wang", f"/w/c/{no}/1", LONG, FIRM)
    whole("wang", f"/map/check/{state['check']}", LONG)
    clerk = who("wang")
    clerk.ask("stage.accept", stream, stage=1)
    state["items"] = [i["code"] for i in clerk.view(f"/w/c/{no}/1")["slip_items"]]


def test_somebody_was_faster_and_both_texts_are_shown(state):
    """Two clerks have the same slip open, two approvers the same item: the second is told what the first did and keeps what he wrote."""
    no, path = state["no"], f"/w/c/{state['no']}/1"
    for clerk in ("wang", "sun"):
        state[clerk] = dict(client.fields_of(page(clerk, path)))
    first = client.as_user("wang").post(path, [("act", "slip"), ("seq", state["wang"].get("seq", "")), ("opinion", "同意派转，甲")] + [("items[]", i) for i in state["items"]])
    assert first.status == 303, (first.status, words(first.text)[:600])
    late = client.as_user("sun").post(path, [("act", "slip"), ("seq", state["sun"].get("seq", "")), ("opinion", "乙写的意见𠮷")] + [("items[]", i) for i in state["items"]])
    assert late.status == 409 and "乙写的意见𠮷" in late.text and "王某" in words(late.text), (late.status, words(late.text)[:900])
    who("zhao").ask("stage.dispatch", f"project/{no}", stage=1, opinion="同意")
    item = state["item"] = next(i for i in who("wang").view(path)["here"]["items"] if i["unit"] == "natural-resources")
    at = state["at"] = f"/w/t/{no}/1/{item['code']}"
    who("ap-natural-resources").ask("item.take", f"project/{no}", stage=1, item=item["code"])
    whole("ap-natural-resources", at, LONG)
    fields = dict(client.fields_of(page("ap-natural-resources", at)))
    signer = who("ap-natural-resources").view(at)["signer"]
    who("ap-natural-resources").ask("item.decide", f"project/{no}", stage=1, item=item["code"], result="pass", opinion="先办的意见", signature=signer)
    late = client.as_user("ap-natural-resources").post(at, [("act", "decide"), ("seq", fields.get("seq", "")), ("result", "pass"), ("opinion", "后写的意见𠮷"), ("signature", signer)])
    assert late.status == 409 and "后写的意见𠮷" in late.text and "先办的意见" in words(late.text), (late.status, words(late.text)[:900])


def test_the_pages_of_the_last_stage_with_the_longest_name(state):
    no = state["no"]
    for item in who("wang").view(f"/w/c/{no}/1")["here"]["items"]:
        if item["status"] != "passed" and item["code"] != state["item"]["code"]:
            decide(no, 1, item)
    who("wang").ask("stage.certify", f"project/{no}", stage=1)
    who("wang").ask("stage.deliver", f"project/{no}", stage=1, how="窗口领取", to="𠮷田﨑")
    through(no, 2, air_defence=True)
    through(no, 3, **{f"need_{n}": True for n in ("water", "power", "gas", "heat", "drainage", "telecom")})
    dispatch(no, 4)
    who("owner").ask("acceptance.start", project=int(no), **{"from": "2026-11-26"})
    whole("ap-housing-construction", "/w/a/1", LONG)
    whole("owner", f"/my/{no}", LONG)
    whole("wu", "/w/super", LONG)
    whole("lead-housing-construction", "/w/stage", LONG)
    whole("wu", f"/w/p/{no}", LONG, FIRM)
    whole("wu", "/w/projects", LONG, FIRM)


def test_a_ledger_and_a_document_with_the_longest_name(state):
    r = send("ap-suizhong", "/w/l/kindergarten/new", ("act", "add"), ("name", LONG), ("households", "1600"), ("people", "4800"), ("state", "built"), ("issue", "transfer"), ("measure", "purchase"))
    state["row"] = r.get("location") if r.status == 303 else None
    assert state["row"], (r.status, words(r.text)[:1500])
    whole("hd-education", "/w/l/kindergarten", LONG)
    fields = dict(title=LONG, number="葫政办发〔2026〕301号", issuer="葫芦岛市人民政府办公室", day="2026-11-24", openness="public", text="为示例，通知如下：\n一、范围\n𠮷﨑示例。", explain="true", plan="与文件同日发布", material=SIX, send="true")
    r = send("editor", "/w/pub/new", ("act", "draft"), *fields.items())
    assert r.status == 303, (r.status, words(r.text)[:900])
    at = r.get("location")
    for user, step, more in (("reviewer1", "first", []), ("reviewer2", "second", []), ("hd-government-office", "third", [("channels[]", "website")])):
        r = send(user, at, ("act", step), ("text", "同意"), *more)
        assert r.status == 303, (user, r.status, words(r.text)[:900])
    state["doc"] = "/open/doc/" + at.split("/")[-1]
    whole(None, state["doc"], LONG, "𠮷﨑示例")
    whole(None, "/open", LONG)


def send(user, path, *fields):
    page(user, path)
    return client.as_user(user).post(path, list(fields))


# ---- the session has ended ----------------------------------------------------------------------------------------------


def test_after_the_session_has_ended_nothing_typed_is_lost(state):
    no, typed = state["no"], "会话过期也不能丢𠮷"
    for path, field in ((f"/my/{no}/stage/1", "f_contact_name"), (f"/w/c/{no}/1", "opinion"), (state["at"], "opinion"), ("/w/a/1", "text"), ("/w/l/kindergarten/new", "name"), ("/w/pub/new", "title"),
                        ("/w/super/orders/new", "text"), (f"/w/map/case/{no}", "shape")):
        jar = client.Jar()
        jar.get("/login")
        jar.cookies["sid"] = "A" * 43
        r = jar.post(path, [("act", "save"), (field, typed), ("key", "edge-expired-0001")])
        assert r.status == 401 and "您刚才填写的内容都还在" in r.text and typed in r.text, (path, r.status, words(r.text)[:300])
    for account, path in (("owner", "/my"), ("wang", "/w"), ("wu", "/w/super")):
        jar = client.Jar()
        jar.cookies["sid"] = "A" * 43
        r = jar.get(path)
        assert r.status == 303 and r.get("location").startswith("/login?next="), (path, r.status)


def test_what_a_browser_shall_look_at(state):
    if os.environ.get("EDGES"):
        no = state["no"]
        pages = [[None, "/"], [None, "/s/stage/1"], ["owner", f"/my/{no}"], ["owner", f"/my/{state['form']}/stage/1"], ["wang", f"/w/c/{no}/4"], ["wang", "/w"], ["ap-natural-resources", "/w"], ["ap-natural-resources", state["at"]], ["ap-housing-construction", "/w/a/1"], ["wang", f"/map/check/{state['check']}"], ["wu", "/w/super"], ["hd-education", "/w/l/kindergarten"], [None, state["doc"]]]
        pathlib.Path(os.environ["EDGES"]).write_text(json.dumps(pages, ensure_ascii=False))


# ---- ten thousand projects ----------------------------------------------------------------------------------------------


def many_pages_are_lists_with_pages_of_their_own(state):
    view = who("wu").view("/w/projects")
    assert view["total"] == 10000 and len(view["projects"]) == 50, (view["total"], len(view["projects"]))
    first = page("wu", "/w/projects")
    assert "项目（10000）" in words(first) and "第 1—50 条，共 10000 条" in words(first) and "下一页" in first
    seen, path = set(), "/w/projects"
    for _ in range(3):
        v = who("wu").view(path)
        fresh = {p["no"] for p in v["projects"]}
        assert not fresh & seen
        seen |= fresh
        path = f"/w/projects?from={v['next']}"
    assert len(seen) == 150
    last = who("wu").view("/w/projects?from=9950")
    assert len(last["projects"]) == 50 and not last.get("next"), (len(last["projects"]), last.get("next"))


def many_home_pages_show_the_most_urgent_and_lead_to_the_rest(state):
    for account, path in (("wu", "/w/super"), ("wang", "/w"), ("ap-natural-resources", "/w")):
        text = page(account, path)
        assert len(text) < 200000 and text.count("<tr") < 700, (account, path, len(text), text.count("<tr"))
    view = who("ap-natural-resources").view("/w")
    assert view["total"] > 500 and len(view["items"]) == 50, (view["total"], len(view["items"]))
    lamps = {l["css"]: l["n"] for l in view["lamps"] if l.get("css")}
    assert lamps and "下一页" in page("ap-natural-resources", "/w")


if __name__ == "__main__":
    run(globals())
