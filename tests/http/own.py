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


def corrected(tokens, no, **typed):
    """Stage 3 handed in, then sent back for one field."""
    owner, clerk, stream = api.program(tokens, "owner"), api.program(tokens, "wang"), f"project/{no}"
    args = api.filled(owner, no, 3, **typed)
    owner.ask("stage.submit", stream, **args)
    for unit in clerk.view(f"/w/c/{no}/3")["asked"]["units"]:
        department = client.as_user(f"ap-{unit['unit']}")
        department.get(f"/w/a/{no}/3")
        assert department.post(f"/w/a/{no}/3", [("act", "none"), ("missing", "")]).status == 303, unit
    clerk.ask("stage.request-correction", stream, stage=3, missing=[{"what": "施工单位", "why": "与中标通知书不一致"}])


def test_a_file_that_only_a_changed_answer_calls_for_is_taken_when_applying_again(tokens):
    owner, clerk, jar = api.program(tokens, "owner"), api.program(tokens, "wang"), client.as_user("owner")
    no = ready_for(tokens, 3)
    path, stream = f"/my/{no}/stage/3", f"project/{no}"
    corrected(tokens, no, drawing_promise="false", road_dig="false")
    page = jar.get(f"/my/{no}").text
    assert "等您补正" in page and "可以申报" not in page, "one turn"
    clerk.ask("stage.not-accept", stream, stage=3, reason="该建设内容依法不需要取得本阶段许可。", article="《中华人民共和国行政许可法》第三十二条第一款第（一）项", where="请按原批准的内容建设。")
    form = jar.get(path).text.split(f'<form action="{path}"')[1].split("</form>")[0]
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
