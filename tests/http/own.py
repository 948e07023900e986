# SPDX-License-Identifier: Apache-2.0
"""What applicants read and hand in on the pages of their own projects."""
import re

import api
import client


def ready_for(tokens, n, account="owner"):
    """A project of the demonstration whose stage n may be applied for."""
    owner = api.program(tokens, account)
    for p in owner.view("/my")["projects"]:
        if p.get("stage") == n and p["turn_word"] == "申报":
            return p["no"]
    raise AssertionError([(p["no"], p.get("stage"), p["turn_word"]) for p in owner.view("/my")["projects"]])


def typed(page):
    """What the form of the page would send, files left out."""
    fields = [(k, v) for k, v in client.fields_of(page) if k not in ("csrf", "key", "shown")]
    for name, body in re.findall(r'<select[^>]* name="([\w-]+)"[^>]*>(.*?)</select>', page, re.S):
        fields.append((name, re.search(r'value="([^"]*)" selected', body)[1] if "selected" in body else ""))
    return fields


def corrected(tokens, no, n=3, what="施工单位", **typed):
    """A stage handed in, then sent back for one field."""
    owner, clerk, stream = api.program(tokens, "owner"), api.program(tokens, "wang"), f"project/{no}"
    args = api.filled(owner, no, n, **typed)
    owner.ask("stage.submit", stream, **args)
    for unit in clerk.view(f"/w/c/{no}/{n}")["asked"]["units"]:
        department = client.as_user(f"ap-{unit['unit']}")
        department.get(f"/w/a/{no}/{n}")
        assert department.post(f"/w/a/{no}/{n}", [("act", "none"), ("missing", "")]).status == 303, unit
    clerk.ask("stage.request-correction", stream, stage=n, missing=[{"what": what, "why": "与中标通知书不一致"}])


def test_a_file_that_only_a_changed_answer_calls_for_is_taken_when_applying_again(tokens):
    owner, clerk, jar = api.program(tokens, "owner"), api.program(tokens, "wang"), client.as_user("owner")
    no = ready_for(tokens, 3)
    path, stream = f"/my/{no}/stage/3", f"project/{no}"
    corrected(tokens, no, drawing_promise="false", road_dig="false", work_start="2026-11-02")
    page = jar.get(f"/my/{no}").text
    assert "等您补正" in page and "可以申报" not in page, "one turn"
    clerk.ask("stage.not-accept", stream, stage=3, reason="该建设内容依法不需要取得本阶段许可。", article="《中华人民共和国行政许可法》第三十二条第一款第（一）项", where="请按原批准的内容建设。")
    again = jar.get(path).text
    assert "<details open><summary>不用另交的" in again and "要换的文件，在这里按“换新的一版”" in again, "what is to be exchanged is not hidden"
    assert again.count("这一天已经过去，请核对。") == 1 and "核对 1 个已经过去的日期" in again, "a plan that has gone by is pointed out"
    form = again.split(f'<form action="{path}"')[1].split("</form>")[0]
    fields = [f for f in typed(form) if f[0] != "f_drawing_promise"] + [("f_drawing_promise", "true")]
    asked = jar.files(path, fields, [])
    assert asked.status == 422 and 'id="m_promise-letter"' in asked.text, (asked.status, re.findall(r'class="err".*?</p>', asked.text, re.S)[:5])
    kept = jar.files(path, fields + [("draft", "1")], [("m_promise-letter", "承诺书.pdf", api.PDF)])
    assert kept.status == 303, (kept.status, re.findall(r'class="err".*?</p>', kept.text, re.S)[:5])
    assert "已选：承诺书.pdf" in re.sub(r"<[^>]*>", "", jar.get(path).text), "what was saved is still there"
    sent = jar.files(path, fields, [("m_promise-letter", "承诺书.pdf", api.PDF)])
    assert sent.status == 303 and sent.get("location").endswith("/check"), (sent.status, re.findall(r'class="err".*?</p>', sent.text, re.S)[:5])
    said = re.sub(r"<[^>]*>", "", jar.get(f"/my/{no}").text)
    for part in ("不予受理的理由", "依法不需要取得本阶段许可", "窗口告诉您怎么办：请按原批准的内容建设。", "填错了或者情况变了的", "或者拨打 8890", "申请行政复议", "提起行政诉讼", "登记以后，这里写明最迟到哪一天"):
        assert part in said, (part, said[:3000])
    assert "上次结束的原因" not in said, "said once"
    letter = re.search(rf'/doc/{no}/(\d+)">不予受理', jar.get(f"/my/{no}").text)
    clerk.ask("document.serve", stream, seq=int(letter[1]), how="邮寄送达", to="钱某")
    assert '最迟 <time datetime="2027-' in jar.get(f"/my/{no}").text and "放假安排还没有公布" in jar.get(f"/my/{no}").text



def test_a_certificate_is_not_denied_before_its_code_was_asked_for(_tokens):
    jar = client.Jar()
    page = jar.get("/verify?number=HLD-ZJ1-000001-1&code=").text
    assert "请填写核验码，它印在证件下方" in page and "就不是本系统开具的" not in page, page[:2000]
    led = jar.get("/track?no=HLD-ZJ1-000001-1")
    assert led.status == 303 and led.get("location") == "/verify?number=HLD-ZJ1-000001-1", (led.status, led.get("location"))
    assert "断开网络" in jar.get("/s/checkpoints").text and "本决定" not in jar.get("/s/stage/3").text


def plain(page):
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", page))


def test_what_changed_answers_leave_out_is_said_and_the_window_reads_of_the_refusal(tokens):
    owner, clerk, jar, window = api.program(tokens, "owner"), api.program(tokens, "wang"), client.as_user("owner"), client.as_user("wang")
    no = api.register(owner, "2304-211403-04-01-135317", "再次申请示例")
    path, stream = f"/my/{no}/stage/1", f"project/{no}"
    corrected(tokens, no, 1, "建设地点", site="龙港区甲街", energy_review="true")
    args = api.filled(owner, no, 1, site="龙港区乙街", energy_review="true")
    owner.ask("stage.submit", stream, answers=[{"what": "建设地点", "note": "已改"}], **args)
    said = plain(window.get(f"/w/c/{no}/1").text)
    assert "龙港区乙街补正时改了原为龙港区甲街" in said and said.count("补正时改了") == 1 and "这是再次申请" not in said, said[:3000]
    clerk.ask("stage.not-accept", stream, stage=1, reason="选址还没有定。", article="《中华人民共和国行政许可法》第三十二条第一款第（一）项", where="定了以后再申请。")
    owner.ask("stage.save-draft", stream, **api.filled(owner, no, 1, energy_review="false"))
    said = plain(jar.get(f"{path}/check").text)
    assert "上次申请过、这次不再需要的事项固定资产投资项目节能审查：按您这次的回答不再需要（需要节能审查：否），依据" in said, said
    assert jar.post(f"{path}/check", []).status == 303
    assert "节能审查：按您这次的回答不再需要" in plain(jar.get(f"{path}/receipt").text)
    home = jar.get(f"/my/{no}").text
    said = plain(home)
    for part in ("上次申请没有通过，现在办的是再次申请。2026年11月25日不予受理", "选址还没有定。", "再次申请不影响下面的办法：决定书：不予受理决定书", "申请行政复议", "提起行政诉讼", "这次受理以后再办：",
                 "这次不再需要：固定资产投资项目节能审查：按您这次的回答不再需要（需要节能审查：否）"):
        assert part in said, (part, said[:4000])
    assert "建设项目用地预审" in said.split("这次受理以后再办：")[1].split("这次不再需要")[0], said[:4000]
    page = window.get(f"/w/c/{no}/1").text
    said = plain(page)
    assert "这一阶段以前不予受理过，这是再次申请" in said and "选址还没有定。" in said and "节能审查：" in said and "补正时改了" not in said, said[:3000]
    assert re.search(rf'href="/doc/{no}/\d+">不予受理', page)


def test_a_delivery_by_post_has_its_number_and_may_be_of_an_earlier_day(tokens):
    clerk, window = api.program(tokens, "wang"), client.as_user("wang")
    row = next(r for r in clerk.view("/w")["to_deliver"] if r["at"] < "2026-11-25")
    path = f"/w/c/{row['project']}/{row['stage']}"
    assert "快递单号" in window.get(path).text

    def said(**typed):
        window.get(path)
        return window.post(path, [("act", "deliver"), ("to", "钱某"), *typed.items()])
    for typed, why in (({"how": "邮递", "on": "2026-11-26"}, "送达日期不能晚于今天（2026-11-25）"), ({"how": "邮递", "on": "2020-01-02"}, "送达日期不能早于出件的那一天"),
                       ({"how": "邮递", "on": "昨天"}, "送达日期要写成日期"), ({"how": "窗口领取", "letter": "EA123456789CN"}, "快递单号只在送达方式是“邮递”时填写"),
                       ({"how": "邮递", "letter": "单号八九十"}, "只能用字母、数字")):
        r = said(**typed)
        assert r.status == 422 and why in r.text, (typed, r.status, re.findall(r'class="err".*?</p>', r.text, re.S))
    r = said(how="邮递", letter="EA123456789CN", on="2026-11-24")
    assert r.status == 303, re.findall(r'class="err".*?</p>', r.text, re.S)
    page = plain(window.get(f"/w/p/{row['project']}").text)
    assert "已送达2026年11月24日（快递单号EA123456789CN）" in page and "EA123456789CN" not in client.Jar().get(f"/track/{row['number']}").text, page
    papers = window.get(f"/doc/{row['project']}").text
    back = re.search(rf'href="(/doc/{row["project"]}/\d+)">[^<]*送达回证', papers)
    said = plain(window.get(back[1]).text)
    assert "快递单号EA123456789CN" in said and "送达时间2026年11月24日送达人" in said, said


def test_a_certificate_that_is_posted_has_its_number_before_it_is_signed_for(tokens):
    clerk, window = api.program(tokens, "wang"), client.as_user("wang")
    made = next(r for r in clerk.view("/w")["to_issue"] if client.as_user("wang").get(f"/w/c/{r['project']}/{r['stage']}").text.count('value="certify"'))
    clerk.ask("stage.certify", f"project/{made['project']}", stage=made["stage"])
    row = next(r for r in clerk.view("/w")["to_deliver"] if r["project"] == made["project"])
    path = f"/w/c/{row['project']}/{row['stage']}"
    assert "只登记寄出" in window.get(path).text
    r = window.post(path, [("act", "post"), ("letter", "")])
    assert r.status == 422 and 'id="letter-e"' in r.text, r.text[:2000]
    window.get(path)
    assert window.post(path, [("act", "post"), ("how", "邮递"), ("to", "钱某"), ("letter", "EA555556789CN")]).status == 303
    page = window.get(path).text
    assert "2026年11月25日 已寄出，快递单号 EA555556789CN，等签收" in page and 'id="how-2" name="how" value="邮递" checked' in page and 'name="letter" value="EA555556789CN"' in page, page
    after = next(r for r in clerk.view("/w")["to_deliver"] if r["project"] == row["project"])
    assert after["why"] == "2026年11月25日 已寄出，快递单号 EA555556789CN" and after["why"] in window.get("/w").text, after
    assert (after["due"], after["at"]) == (row["due"], row["at"]) if "due" in row else after["at"] == row["at"], (row, after)
    owner = next(o for o in map(client.as_user, ["owner"] + [f"owner{k}" for k in range(2, 9)]) if o.get(f"/my/{row['project']}").status == 200)
    told = plain(owner.get(f"/my/{row['project']}").text)
    assert "最迟" in told and "2026年11月25日已寄出，快递单号EA555556789CN" in told, told[:3000]
    assert "待送达，2026年11月25日 已寄出，快递单号 EA555556789CN" in owner.get("/my").text
    seen = client.Jar().get(f"/track/{row['number']}").text
    assert "已寄出" in seen and "EA555556789CN" not in seen, seen
    assert "证件已寄出" in owner.get("/msg").text
    window.get(path)
    assert window.post(path, [("act", "deliver"), ("how", "邮递"), ("to", "钱某"), ("letter", "EA555556789CN")]).status == 303
    told = plain(owner.get(f"/my/{row['project']}").text)
    assert "已送达" in told and "等签收" not in told and "2026年11月25日已寄出" not in told, told[:3000]


def test_a_letter_may_have_come_on_an_earlier_day_than_it_is_entered(tokens):
    clerk, window = api.program(tokens, "wang"), client.as_user("wang")
    row = next(r for r in clerk.view("/w/letters")["rows"] if r["day"] < "2026-11-24")
    path = f"/doc/{row['project']}/{row['seq']}"

    def said(on):
        window.get(path)
        return window.post(path, [("how", "邮寄送达"), ("to", "钱某"), ("note", "EA1"), ("on", on)])
    for on, why in (("2026-11-26", "送达日期不能晚于今天（2026-11-25）"), ("2020-01-02", "送达日期不能早于作出的那一天"), ("昨天", "送达日期要写成日期")):
        r = said(on)
        assert r.status == 422 and why in r.text and f'value="{on}"' in r.text, (on, r.status, re.findall(r'class="err".*?</p>', r.text, re.S))
    r = said("2026-11-24")
    assert r.status == 303, re.findall(r'class="err".*?</p>', r.text, re.S)
    page = window.get(path).text
    assert "已送达：2026年11月24日　邮寄送达" in page, page[-3000:]
    back = re.search(rf'href="(/doc/{row["project"]}/\d+)">送达回证', page)
    said = plain(window.get(back[1]).text)
    assert "送达时间2026年11月24日送达人" in said, said


def test_what_was_registered_is_read_and_corrected_until_it_is_handed_in(tokens):
    owner, jar, code = api.program(tokens, "owner"), client.as_user("owner"), "2304-211403-04-01-135290"
    made = jar.post("/my/new", api.registration(jar.get("/my/new").text, code, "登记时写错的名称"))
    assert made.status == 303, made.text
    no = made.get("location").split("/")[2]
    path, stream = f"/my/{no}/registered", f"project/{no}"
    assert f'href="{path}">登记的情况和改正</a>' in jar.get(f"/my/{no}").text
    page = jar.get(path).text
    for part in ("登记时写错的名称", code, 'value="13800001234"', 'value="钱某"'):
        assert part in page, (part, page)
    fields = dict(typed(page))
    for radio in re.findall(r'name="(f_[\w-]+)" value="([^"]*)" checked', page):
        fields[radio[0]] = radio[1]
    same = jar.post(path, list(fields.items()))
    assert same.status == 422 and "没有改动：和登记的一样" in same.text, same.text[:3000]
    jar.get(path)
    wrong = jar.post(path, list({**fields, "name": "", "f_floor_area": "很大"}.items()))
    assert wrong.status == 422 and 'id="name-e"' in wrong.text and 'id="f_floor_area-e"' in wrong.text and 'value="很大"' in wrong.text, wrong.text
    jar.get(path)
    done = jar.post(path, list({**fields, "name": "改正以后的名称", "f_floor_area": "4321", "contact_phone": "13900004321"}.items()))
    assert done.status == 303 and done.get("location") == f"/my/{no}", done.text[:3000]
    page = jar.get(path).text
    assert "改正以后的名称" in page and "4321" in page and 'value="13900004321"' in page and 'value="13800001234"' not in page, page
    told = plain(page).split("改正过的")[1]
    for part in ("项目名称：登记时写错的名称→改正以后的名称", "→4321", "联系电话：换了号码（号码不显示）"):
        assert part in told and "13800001234" not in told and "13900004321" not in told, (part, told[:2000])
    assert "改正了登记的情况：项目名称、建筑面积" in jar.get(f"/my/{no}").text, jar.get(f"/my/{no}").text
    found = client.as_user("wang").get("/w/projects?q=" + code).text
    assert "改正以后的名称" in found and "登记时写错的名称" not in found
    inside = client.as_user("wang").get(f"/w/p/{no}").text.split("<summary>登记的情况</summary>")[1].split("</details>")[0]
    assert "4321" in inside and "登记时写错的名称 → 改正以后的名称" in inside and "13800001234" not in inside, inside
    assert client.as_user("owner2").get(path).status == 404 and client.as_user("wang").get(path).status == 403
    api.submit(owner, no, 1)
    page = jar.get(path).text
    assert "现在不能改：申请已经交给窗口" in page and 'name="name"' not in page and 'name="contact_name"' in page, page
    told = owner.ask("project.correct", stream, status=409, name="第三个名称")
    assert "项目名称现在不能改：申请已经交给窗口；撤回申请，或者窗口告知补正以后再改" in str(told), told
    late = jar.post(path, [("contact_name", "孙某"), ("contact_phone", "13900004321")])
    assert late.status == 303 and 'value="孙某"' in jar.get(path).text, late.text[:2000]


def test_a_code_that_is_none_says_which_part_cannot_be(_tokens):
    jar = client.as_user("owner")
    for code, why in (("2026-211402-47-01-900017", "第一段不对：2021 年以来的代码，第一段是两位的年和两位的月"), ("2605-211402-04-07-900017", "第四段（项目类型）不对"), ("2605-211402-04", "应分五段"),
                      ("2605-2114O2-04-01-900017", "都应是数字")):
        jar.get("/my/new")
        r = jar.post("/my/new", [("code", code)])
        assert r.status == 422 and why in r.text and "填写项目代码，格式如" not in r.text and f'value="{code}"' in r.text, (code, r.text[:3000])


def test_projects_are_found_by_where_they_stand(_tokens):
    jar = client.as_user("wang")
    every = jar.get("/api/v1/w/projects").json
    paused = jar.get("/api/v1/w/projects?stands=paused").json
    assert 0 < paused["total"] < every["total"], (paused["total"], every["total"])
    for row in paused["projects"]:
        page = jar.get(f"/w/p/{row['no']}").text
        assert row["pauses"], row
        for pause in row["pauses"]:
            assert "暂停" in page and pause["item_name"] in page, (row, pause)
    listed = jar.get("/w/projects?stands=paused").text
    named = next(p for row in paused["projects"] for p in row["pauses"] if p["planned"])
    assert f'{named["item_name"]}（{named["unit_name"]}）暂停，预计 <time datetime="{named["planned"]}">' in listed, (named, listed[:6000])
    assert "预计" not in jar.get("/w/projects?stands=running").text
    running = jar.get("/api/v1/w/projects?stands=running").json
    assert running["projects"] and all(p["stage_status"] == "审批中" for p in running["projects"]), running["projects"]
    assert '<option value="paused" selected>有事项暂停</option>' in jar.get("/w/projects?stands=paused").text
    assert "没有这样的项目" in jar.get("/w/projects?q=nothing-of-the-kind").text
