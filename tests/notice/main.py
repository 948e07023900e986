# SPDX-License-Identifier: Apache-2.0
"""Messages, letters, ratings. `first`: everything; `later`: an hour afterwards, what was to be tried again."""
import base64
import email
import email.header
import json
import os
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import client
from steps import code, run, through, who

WORK = pathlib.Path(os.environ["WORK"])


def titles(account):
    return [m["title"] for m in reversed(who(account).view("/msg")["messages"])]


def letters():
    path = WORK / "letters"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wait(what, ok, seconds=15):
    end = time.time() + seconds
    while time.time() < end:
        value = ok()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


def contact(account, address, phone="", **more):
    jar = client.as_user(account)
    jar.get("/msg/contact")
    fields = {"act": "contact", "email": address, "phone": phone, "mail": "true", "sms": "true", **more}
    return jar.post("/msg/contact", list(fields.items()))


def outbox(status=""):
    return who("sys").view(f"/adm/outbox?status={status}")["rows"]


# ---- messages ---------------------------------------------------------------------------------------------------

def test_acts_tell_the_right_people_with_a_bell_and_a_link(state):
    assert contact("owner", "owner@example.com", "13900000001").status == 303
    no = state["no"] = api.register(who("owner"), code(), "通知示例")
    api.submit(who("owner"), no)
    assert titles("owner") == ["申请已提交"] and titles("wang") == ["有申请待受理"], (titles("owner"), titles("wang"))
    page = client.as_user("owner").get("/my").text
    assert re.search(r'class="bell" href="/msg">消息 <span class="tag tag--warn">1<span class="vh">条未读', page)
    one = who("owner").view("/msg")["messages"][0]
    assert one["unread"] and one["link"] == f"/my/{no}" and "回执号 SL-" in one["text"], one
    client.as_user("owner").get("/msg")
    r = client.as_user("owner").post(f"/msg/{one['id']}", [])
    assert r.status == 303 and r.get("location") == f"/my/{no}", r.status
    assert not who("owner").view("/msg")["messages"][0]["unread"]
    assert "条未读" not in client.as_user("owner").get("/my").text
    other = client.as_user("owner2")
    assert "还没有消息" in other.get("/msg").text and other.post(f"/msg/{one['id']}", [("csrf", other.csrf)]).status == 404
    who("wang").ask("stage.accept", f"project/{no}", stage=1)
    items = [i["code"] for i in who("wang").view(f"/w/c/{no}/1")["slip_items"]]
    who("wang").ask("stage.draft-slip", f"project/{no}", stage=1, items=items, opinion="同意派转")
    assert titles("zhao") == ["派转单待阅批"]
    who("zhao").ask("stage.dispatch", f"project/{no}", stage=1, opinion="同意")
    item = state["item"] = who("wang").view(f"/w/c/{no}/1")["here"]["items"][0]
    approver = f"ap-{item['unit']}"
    assert titles(approver) == ["有事项待接单"]
    who(approver).ask("item.take", f"project/{no}", stage=1, item=item["code"])
    who(approver).ask("item.pause", f"project/{no}", stage=1, item=item["code"], cause="hearing", notice="依法听证，联系李四 13811112222", planned="2026-12-10")
    assert titles("owner") == ["申请已提交", "申请已受理", "事项暂停计时"]
    which = [m["which"] for m in reversed(who("owner").view("/msg")["messages"])]
    assert which == ["第 1 阶段", "第 1 阶段", item["name"]] and f"事项暂停计时：{item['name']}</h2>" in client.as_user("owner").get("/msg").text, which
    text = json.dumps(who("owner").view("/msg"), ensure_ascii=False)
    assert "13811112222" not in text and "李四" not in text


def test_all_can_be_marked_as_read_up_to_what_was_seen(state):
    jar = client.as_user("owner")
    page = jar.get("/msg").text
    upto = re.search(r'name="upto" value="(\d+)"', page)[1]
    assert jar.post("/msg", [("upto", upto)]).status == 303
    assert who("owner").view("/msg?unread=1")["total"] == 0


# ---- letters ----------------------------------------------------------------------------------------------------

def test_letters_go_over_tls_with_a_receipt_and_no_personal_data(state):
    sent = wait("three letters", lambda: len(letters()) >= 3 and letters())
    assert [e["to"] for e in sent] == ["owner@example.com"] * 3, sent
    one = sent[0]
    assert one["tls"] and one["user"] == ["letters", "secret-of-the-mail"], one["user"]
    m = email.message_from_string(one["data"])
    title = str(email.header.make_header(email.header.decode_header(m["Subject"])))
    body = base64.b64decode(m.get_payload()).decode()
    assert title == "申请已提交" and m["From"] == "gcjs@hld.example" and m["Auto-Submitted"] == "auto-generated", m
    assert "回执号 SL-" in body and f"https://gcjs.hld.example/my/{state['no']}" in body and "13900000001" not in body, body
    assert re.fullmatch(r"<\d+\.\d+000\.[a-z2-9]{10}@hld\.example>", m["Message-ID"]), m["Message-ID"]
    assert len({email.message_from_string(e["data"])["Message-ID"] for e in sent}) == 3
    rows = wait("receipts", lambda: len(outbox("sent")) >= 4 and outbox("sent"))
    assert {r["receipt"] for r in rows if r["channel"] == "邮件"} >= {"250 2.0.0 Ok: queued as 4F0001"}, rows
    page = client.as_user("sys").get(f"/adm/outbox/{rows[0]['of']}/{rows[0]['id']}").text
    assert "owner@example.com" not in page and "13900000001" not in page and "已发出" in page


def short():
    """Telephone and title of each short message."""
    return re.findall(r"To: (\d+)\nMessage-Id: .*\n\n【工程建设项目审批】(.*?)：", (WORK / "sms.all").read_text())


def test_a_short_message_goes_to_the_program_and_to_the_contact_of_the_project(state):
    rows = wait("two short messages", lambda: [r for r in outbox("sent") if r["channel"] == "短信"][1:] and [r for r in outbox("sent") if r["channel"] == "短信"])
    assert {r["receipt"] for r in rows} == {"SMS-0001"}, rows
    assert sorted(r["account"] for r in rows) == ["owner", f"第 {state['no']} 号项目的联系人"], rows
    assert sorted(short()) == [("13800001234", "申请已受理"), ("13900000001", "申请已受理")], short()
    assert "13800001234" not in client.as_user("sys").get("/adm/outbox").text


def test_the_contact_is_not_written_to_twice_and_not_against_the_wish_of_the_applicant(state):
    assert contact("owner", "owner@example.com", "13800001234").status == 303  # the same telephone as the contact's
    no = api.register(who("owner"), code(), "联系人示例")
    api.submit(who("owner"), no)
    who("wang").ask("stage.accept", f"project/{no}", stage=1)
    none = wait("one is not sent", lambda: outbox("none"))
    assert [(r["account"], r["fault"]) for r in none] == [(f"第 {no} 号项目的联系人", "与申请人账号的电话相同，不重复发")], none
    assert [n for n, _ in short()].count("13800001234") == 2, short()


def test_a_message_ends_with_its_matter_and_leaves_the_bell(state):
    no, item = state["no"], state["item"]
    own = [m for m in who("wang").view("/msg")["messages"] if m["number"] == who("owner").view(f"/my/{no}")["number"]]
    assert [(m["title"], m["done"], m["unread"]) for m in own] == [("有申请待受理", True, False)], own
    slip = next(m for m in who("zhao").view("/msg")["messages"] if m["link"] == f"/w/c/{no}/1")
    assert slip["title"] == "派转单待阅批" and slip["done"], slip
    units = {i["unit"]: i["status"] for i in who("wang").view(f"/w/c/{no}/1")["here"]["items"]}
    waiting = [u for u, status in units.items() if status == "waiting" and u != item["unit"]]
    for unit in waiting[:1]:
        assert who(f"ap-{unit}").view("/msg?unread=1")["total"] == 1
    taken = who(f"ap-{item['unit']}").view("/msg")
    left = [i for i in who("wang").view(f"/w/c/{no}/1")["here"]["items"] if i["unit"] == item["unit"] and i["status"] == "waiting"]
    assert taken["messages"][-1]["done"] == (not left), (taken, left)
    assert "已了结" in client.as_user("wang").get("/msg").text and "条未读" not in client.as_user("wang").get("/w").text


def test_a_consultation_and_an_order_are_told_like_a_case(state):
    asked = who("owner2").ask("consult.ask", unit="natural-resources", subject="退线距离", question="沿街一侧建筑退线应为多少米？", open=False)
    path = asked["stream"].split("/")[1]
    assert titles("ap-natural-resources")[-1] == "有咨询待答复" and who("ap-natural-resources").view("/msg")["messages"][0]["link"] == f"/w/ask/{path}"
    who("ap-natural-resources").ask("consult.reply", asked["stream"], reply="沿城市主干路退线不少于十米。", basis="示例规定第三条")
    mine = who("owner2").view("/msg")["messages"][0]
    assert mine["title"] == "咨询已答复" and "ZX-2026-0001" in mine["text"] and mine["link"] == f"/my/ask/{path}", mine
    assert who("ap-natural-resources").view("/msg")["messages"][0]["done"]


def test_opting_out_and_bad_addresses(state):
    r = contact("owner", "not an address")
    assert r.status == 422 and "name@example.com" in r.text and 'value="not an address"' in r.text
    assert contact("owner", "", "12").status == 422
    assert contact("owner", "owner@example.com", "13900000001", mail="false", sms="false").status == 303
    before = len(outbox())
    clerk, no = who("wang"), state["no"]
    item = state["item"]
    who(f"ap-{item['unit']}").ask("item.resume", f"project/{no}", stage=1, item=item["code"])
    who(f"ap-{item['unit']}").ask("item.pause", f"project/{no}", stage=1, item=item["code"], cause="hearing", notice="依法再次听证", planned="2026-12-10")
    assert titles("owner")[-1] == "事项暂停计时" and len(outbox()) == before
    del clerk


def test_an_answer_for_good_is_an_alarm_and_one_for_now_is_tried_again(state):
    assert contact("owner", "nobody@example.com", "13900000065").status == 303
    no, item = state["no"], state["item"]
    approver = who(f"ap-{item['unit']}")
    name = approver.view(f"/w/t/{no}/1/{item['code']}")["signer"]
    approver.ask("item.resume", f"project/{no}", stage=1, item=item["code"])
    approver.ask("item.return", f"project/{no}", stage=1, item=item["code"], missing=[{"what": "申请表", "why": "第三页没有盖章"}], why_late="现场核对时才发现")
    lost = wait("two given up", lambda: len(outbox("lost")) == 2 and outbox("lost"))
    assert {r["fault"] for r in lost} == {"550 5.1.1 no such user（Failed sending data to the peer）", "发短信的程序退出码 65：空号"}, lost
    assert "没有送达，已经放弃" in client.as_user("sys").get("/adm/users").text
    mail = next(r for r in lost if r["channel"] == "邮件")
    assert contact("owner", "later@example.com", "13900000001").status == 303
    jar = client.as_user("sys")
    shown = jar.get(f"/adm/outbox/{mail['of']}/{mail['id']}").text
    assert "收件邮箱" in shown and "标题和正文" not in shown and "原样重新投递，还会因为同样的原因被退回" in shown
    assert jar.post(f"/adm/outbox/{mail['of']}/{mail['id']}", [("act", "again"), ("reason", "")]).status == 422
    assert jar.post(f"/adm/outbox/{mail['of']}/{mail['id']}", [("act", "again"), ("reason", "改了邮箱")]).status == 303
    again = wait("one tried again", lambda: [r for r in outbox("waiting") if r["tries"] == 1])
    assert len(again) == 1 and again[0]["fault"].startswith("451 4.7.1 greylisted"), again
    state["signer"] = name
    assert client.as_user("wang").get("/adm/outbox").status == 403


# ---- S23 --------------------------------------------------------------------------------------------------------

def test_s23_after_the_delivery_the_applicant_gets_a_link(state):
    assert contact("owner", "owner@example.com").status == 303
    no = state["rated"] = api.register(who("owner"), code(), "评价示例")
    through(no, 1)
    assert titles("owner")[-2:] == ["证件已送达", "请评价这次办理"], titles("owner")
    body = wait("the link", lambda: next((b for b in (base64.b64decode(email.message_from_string(e["data"]).get_payload()).decode() for e in letters())
                                          if "/rate/" in b), None))
    link = state["link"] = re.search(rf"https://gcjs\.hld\.example(/rate/{no}-1/[a-z2-9]{{26}})\n", body)[1]
    jar = client.Jar()
    page = jar.get(link)
    assert page.status == 200 and "您对这次办理满意吗" in page.text and " checked" not in page.text, page.status
    wrong = jar.get(link[:-1] + ("a" if link[-1] != "a" else "b"))
    other = jar.get(f"/rate/999-1/{link.rsplit('/', 1)[1]}")
    assert wrong.status == other.status == 404 and "链接不完整或者不对" in wrong.text
    assert jar.get(f"/my/rating/{no}/1").status in (303, 401) and client.as_user("owner2").get(f"/my/rating/{no}/1").status == 404


def test_s23_the_same_case_cannot_answer_twice(state):
    jar = client.Jar()
    jar.get(state["link"])
    half = jar.post(state["link"], [("felt", "2"), ("text", "跑了三趟")])
    assert half.status == 422 and "请填写“总体评价”" in half.text and "跑了三趟" in half.text, half.status
    answer = [("level", "2"), ("felt", "2"), ("gained", "3"), ("satisfied", "1"), ("aspects[]", "efficiency"), ("text", "跑了三趟")]
    done = jar.post(state["link"], answer)
    assert done.status == 303 and done.get("location") == state["link"], (done.status, done.text[:300])
    again = client.Jar()
    shown = again.get(state["link"]).text
    assert "评价：不满意" in shown and "跑了三趟" in shown and "name=\"level\"" not in shown
    second = client.as_user("owner")
    second.get(f"/my/rating/{state['rated']}/1")
    r = second.post(f"/my/rating/{state['rated']}/1", [("level", "5"), ("felt", "5"), ("gained", "5"), ("satisfied", "5"), ("key", "another-tab-0001")])
    assert r.status == 409 and "评价为“不满意”" in r.text and "不能再评" in r.text, (r.status, r.text[r.text.index("<main"):][:1500])
    english = client.Jar()
    english.cookies["prefs"] = "..en"
    assert "Dissatisfied" in english.get(state["link"]).text


def test_s23_a_bad_answer_is_a_task_of_the_window(state):
    no = state["rated"]
    assert titles("zhao")[-1] == "收到差评"
    row = who("zhao").view("/w/ratings")["rows"][0]
    assert row["level_label"] == "不满意" and row["lamp"]["code"] == "green" and row["due"] == "2026-12-16", row
    jar = client.as_user("zhao")
    page = jar.get(f"/w/rating/{no}/1").text
    assert "跑了三趟" in page and "办事效率" in page and "凭链接" not in page
    assert jar.post(f"/w/rating/{no}/1", [("act", "reply"), ("found", "属实"), ("done", "已经整改完毕"), ("called", "true")]).status == 422
    r = jar.post(f"/w/rating/{no}/1", [("act", "reply"), ("found", "情况属实，已核实"), ("done", "已经整改完毕"), ("called", "true")])
    assert r.status == 303, r.status
    assert titles("owner")[-1] == "评价已答复"
    assert "已经整改完毕" in client.Jar().get(state["link"]).text
    assert client.as_user("wang").get("/w/ratings").status == 403
    assert client.as_user("wu").get("/w/ratings").status == 200


def test_s23_the_supervisor_orders_about_a_bad_answer(state):
    no = state["rated"]
    wu = client.as_user("wu")
    page = wu.get(f"/w/rating/{no}/1").text
    assert "已经答复" in page and "还没有就这件差评发过督办单" in page and f"/w/super/orders/new?rating={no}-1" in page, page[page.index("<main"):]
    assert "orders/new" not in client.as_user("zhao").get(f"/w/rating/{no}/1").text
    form = wu.get(f"/w/super/orders/new?rating={no}-1").text
    typed = {"act": "send", "unit": re.search(r'<option value="([^"]+)" selected', form)[1]}
    for name in ("subject", "case"):
        typed[name] = re.search(rf'name="{name}" value="([^"]+)"', form)[1]
    typed["demand"] = re.search(r'<textarea[^>]*name="demand"[^>]*>([^<]+)<', form)[1]
    assert "的差评（不满意，" in typed["subject"] and "整改落实" in typed["demand"], typed
    done = wu.post(f"/w/super/orders/new?rating={no}-1", list(typed.items()))
    assert done.status == 303, (done.status, done.text[:300])
    page = wu.get(f"/w/rating/{no}/1").text
    assert f'href="{done.get("location")}"' in page and typed["subject"] in page and "还没有发过" not in page
    assert done.get("location") in client.as_user("zhao").get(f"/w/rating/{no}/1").text  # the window's own order
    order = client.as_user("zhao").get(done.get("location")).text
    assert "答复评价人，不用再答复" in order and f'href="/w/rating/{no}/1"' in order and "报告整改" in order and "超期的原因" not in order, order[order.index("<main"):]
    told = client.as_user("zhao").post(done.get("location"), [("act", "reply"), ("reply", "已经培训窗口人员。"), ("promised", "2020-01-01")])
    assert told.status == 422 and "报告整改" in told.text, told.status
    assert "selected" not in re.search(r'<select id="send-unit".*?</select>', wu.get("/w/super/orders/new?rating=999-1").text, re.S)[0]


def test_s23_results_are_published_with_n(state):
    view = who("wu").view("/ratings")
    row = view["categories"][0]
    assert row["key"] == "industry" and row["asked"] == 1 and row["n"] == 1 and not row["enough"] and "mean" not in row, row
    page = client.Jar().get("/ratings").text
    assert "份数少，不公布" in page and "示例" in page
    for level in (5, 4):
        no = api.register(who("owner"), code(), "评价示例")
        through(no, 1)
        who("owner").ask("rating.answer", f"rating/{no}-1", level=level, felt=4, gained=3, satisfied=5)
    view = who("wu").view("/ratings")
    row, unit = view["categories"][0], view["units"][0]
    assert row["n"] == 3 and row["mean"] == "3.67" and row["felt"] == "3.33" and row["satisfied"] == "3.67" and row["bad"] == 1, row
    assert unit["n"] == 3 and unit["mean"] == "3.67" and unit["name"], unit


# ---- an hour later ----------------------------------------------------------------------------------------------

def later_what_was_to_be_tried_again_goes_out_under_the_same_id(state):
    sent = wait("the second try", lambda: [e for e in letters() if e["to"] == "owner@example.com" and "=?UTF-8?B?" in e["data"] and
                                           "事项退回补正" in str(email.header.make_header(email.header.decode_header(email.message_from_string(e["data"])["Subject"])))])
    assert len(sent) == 1 and sent[0]["tls"], sent  # the address that holds when it is sent
    rows = wait("nothing left", lambda: not outbox("waiting") and not outbox("trying") and outbox("sent"))
    row = next(r for r in rows if r["title"] == "事项退回补正" and r["channel"] == "邮件")
    tries = who("sys").view(f"/adm/outbox/{row['of']}/{row['id']}")["attempts"]
    assert [a["result"] for a in tries] == ["放弃", "没有发出，再试", "已发出"], tries
    assert email.message_from_string(sent[0]["data"])["Message-ID"].startswith(f"<{row['of']}.{row['id']}."), row["id"]


def later_what_waits_for_somebody_is_in_the_messages(state):
    assert len(letters()) == len({email.message_from_string(e["data"])["Message-ID"] for e in letters()}), "no letter twice"


run(globals())
