# SPDX-License-Identifier: Apache-2.0
"""S17 with its values: documents 文书 and certificates 证照."""
import io
import os
import pathlib
import re
import subprocess
import sys
import traceback
import zipfile
from urllib.parse import quote
from xml.etree import ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import client

TOKENS = dict(t.split("=", 1) for t in os.environ["TOKENS"].split())
WORK = pathlib.Path(os.environ["WORK"])
passed = failed = 0
serial = iter(range(1, 900))


def who(account):
    return api.Client(TOKENS, account)


def code():
    return f"2304-211403-04-01-{800000 + next(serial)}"


def page(account, path, status=200):
    r = client.as_user(account).get(path)
    assert r.status == status, (path, r.status, r.text[:400])
    return r.text


def told(program, data, *args):
    """What a program says about these bytes."""
    path = WORK / "file"
    path.write_bytes(data)
    r = subprocess.run([program, *args[:-1], str(path), args[-1]] if args else [program, str(path)], capture_output=True, text=True, check=False)
    return r.stdout + r.stderr


def words_of(pdf):
    return re.sub(r"\s", "", told("pdftotext", pdf, "-"))


def pdf_of(account, path):
    r = client.as_user(account).get(path)
    assert r.status == 200 and r.get("content-type") == "application/pdf" and r.body.startswith(b"%PDF-1."), (r.status, r.headers)
    return r.body


# ---- notices and decisions ----------------------------------------------------------------------------------------

def documents(account, no):
    return {d["doc_title"]: d for d in who(account).view(f"/doc/{no}")["documents"]}


def test_what_is_handed_in_and_accepted_has_its_numbered_documents(state):
    owner, clerk = who("owner"), who("wang")
    no = state["no"] = api.register(owner, code())
    api.submit(owner, no)
    receipt = documents("owner", no)["申请材料收件凭证"]
    assert receipt["doc_number"] == f"HLD收〔2026〕{no}-2号" and not receipt["servable"], receipt
    clerk.ask("stage.accept", f"project/{no}", stage=1)
    accepted = documents("owner", no)["受理通知书"]
    assert re.fullmatch(rf"HLD受〔2026〕{no}-\d+号", accepted["doc_number"]) and accepted["waits"], accepted
    text = who("owner").view(f"/doc/{no}/{accepted['seq']}")
    assert "时限为7个工作日，应于2026年12月4日前办结" in "".join(text["paragraphs"]), text["paragraphs"]
    assert text["basis"] == "《中华人民共和国行政许可法》第三十二条第一款第（五）项" and not text["remedies"], text
    words = words_of(pdf_of("owner", f"/doc/{no}/{accepted['seq']}/pdf"))
    for part in ("受理通知书", accepted["doc_number"], "现予受理，受理日期为2026年11月25日", "样章：演示系统开具", "第三十二条第一款第（五）项"):
        assert part in words, (part, words)
    for account in ("wang", "zhao", "ap-natural-resources"):
        assert accepted["doc_number"] in page(account, f"/doc/{no}/{accepted['seq']}")
    assert f'href="/doc/{no}"' in page("owner", f"/my/{no}") and f'href="/doc/{no}"' in page("wang", f"/w/c/{no}/1")
    for path in (f"/doc/{no}", f"/doc/{no}/{accepted['seq']}", f"/doc/{no}/{accepted['seq']}/pdf"):
        page("owner2", path, 404)
    page("owner", f"/doc/{no}/1", 404)


def test_a_delivery_is_recorded_once_and_has_its_return(state):
    no, clerk = state["no"], client.as_user("wang")
    assert f'href="/doc/{no}/' in page("wang", "/w/letters") and 'href="/w/letters"' in page("wang", "/w")
    seq = documents("wang", no)["受理通知书"]["seq"]
    waiting = {which: who("wang").view(f"/w/letters?which={which}") for which in ("", "late", "fresh", "today")}
    home = {row["label"]: row["n"] for row in who("wang").view("/w")["letters"]["lamps"]}
    assert list(home.values()) == [waiting[which]["total"] for which in ("", "late", "fresh", "today")], home
    newest = waiting[""]["rows"][0]
    assert (newest["number"], newest["seq"]) == (who("wang").view(f"/doc/{no}")["number"], seq) and newest["due"] == "2026-12-09", newest
    assert not newest["late"] and newest["seq"] in [r["seq"] for r in waiting["today"]["rows"]], newest
    assert "全部待送达" in page("zhao", "/w") and not who("wang").view("/w/letters?kind=%E6%B2%A1%E6%9C%89")["rows"]
    assert {r["doc_title"] for r in who("wang").view("/w/letters?kind=%E5%8F%97%E7%90%86%E9%80%9A%E7%9F%A5%E4%B9%A6")["rows"]} == {"受理通知书"}
    path = f"/doc/{no}/{seq}"
    clerk.get(path)
    wrong = clerk.post(path, [("how", "邮寄送达"), ("to", ""), ("note", "邮件号 1")])
    assert wrong.status == 422 and "邮件号 1" in wrong.text and "收件人" in wrong.text, wrong.status
    assert clerk.post(path, [("how", "邮寄送达"), ("to", "钱某"), ("note", "邮件号 1234567890123")]).status == 303
    again = who("wang").ask("document.serve", f"project/{no}", status=409, seq=seq, how="直接送达", to="钱某")
    assert "已于" in again["detail"] and "邮寄送达" in again["detail"], again
    served = documents("owner", no)["受理通知书"]
    assert not [r for r in who("wang").view("/w/letters")["rows"] if str(r["project"]) == no]
    assert served["served_how"] == "邮寄送达" and served["served_to"] == "钱某" and not served["waits"], served
    words = words_of(pdf_of("owner", f"/doc/{no}/{served['served_seq']}/pdf"))
    for part in ("送达回证", "送达的文书受理通知书", served["doc_number"], "送达方式邮寄送达", "收件人钱某", "送达人王某", "邮件号1234567890123"):
        assert part in words, (part, words)
    who("ap-natural-resources").ask("document.serve", f"project/{no}", status=403, seq=seq, how="直接送达", to="钱某")


def test_a_decision_against_the_applicant_names_bodies_and_times(state):
    owner, clerk = who("owner"), who("wang")
    no = api.register(owner, code())
    api.submit(owner, no)
    clerk.ask("stage.not-accept", f"project/{no}", stage=1, reason="该事项依法不需要取得许可。", article="《中华人民共和国行政许可法》第三十二条第一款第（一）项", where="向市发展改革委备案")
    doc = documents("owner", no)["不予受理决定书"]
    view = who("owner").view(f"/doc/{no}/{doc['seq']}")
    assert view["remedies"] == ["如不服本决定，可以自收到本决定书之日起六十日内，向葫芦岛市人民政府申请行政复议（《中华人民共和国行政复议法》第二十条）。",
                                "也可以自收到本决定书之日起六个月内，向葫芦岛市龙港区人民法院提起行政诉讼（《中华人民共和国行政诉讼法》第四十六条）。"], view["remedies"]
    assert view["remedy_sample"] and "示例" in page("owner", f"/doc/{no}/{doc['seq']}")
    assert view["issuer"] == "市发展改革委", view["issuer"]
    words = words_of(pdf_of("owner", f"/doc/{no}/{doc['seq']}/pdf"))
    for part in ("不予受理决定书", "理由：该事项依法不需要取得许可。你单位可以", "向葫芦岛市人民政府申请行政复议", "六个月内，向葫芦岛市龙港区人民法院", "（复议机关、法院为示例。）"):
        assert part in words, (part, words)


def test_a_refusal_names_a_real_article_and_its_letter_is_read_before_it_is_signed(state):
    owner, stream = who("owner"), None
    no = api.register(owner, code())
    stream = f"project/{no}"
    api.submit(owner, no)
    who("wang").ask("stage.accept", stream, stage=1)
    items = [i["code"] for i in who("wang").view(f"/w/c/{no}/1")["slip_items"]]
    who("wang").ask("stage.draft-slip", stream, stage=1, items=items, opinion="同意派转")
    who("zhao").ask("stage.dispatch", stream, stage=1, opinion="同意")
    item = next(i for i in who("wang").view(f"/w/c/{no}/1")["here"]["items"] if i["unit_name"] == "市自然资源局")["code"]
    unit, path = "ap-natural-resources", f"/w/t/{no}/1/{item}"
    who(unit).ask("item.take", stream, stage=1, item=item)
    person, view = client.as_user(unit), who(unit).view(path)
    assert view["articles"] and all("条" in a for a in view["articles"]), view["articles"]
    says = [("act", "decide"), ("result", "refuse"), ("opinion", "用地不符合国土空间规划，不符合法定条件。"), ("signature", view["signer"]), ("seen", str(view["item"]["seen"]))]
    for wrong in ("某法第九九九条", "《某法》第九九九条", "城乡规划法", "《》第一条", "D99-1"):
        person.get(path)
        r = person.post(path, says + [("article", wrong)])
        assert r.status == 422 and wrong in r.text and "看不出是哪部法的哪一条" in r.text, (wrong, r.status)
    asks = dict(stage=1, item=item, result="refuse", opinion=says[2][1], signature=view["signer"])
    who(unit).ask("item.decide", stream, status=422, article="某法第九九九条", **asks)
    person.get(path)
    first = person.post(path, says + [("article", "《中华人民共和国土地管理法》第五十二条")])
    for part in ("申请人会收到的：不予行政许可决定书", "（依据：《中华人民共和国土地管理法》第五十二条）", "申请行政复议", "签字，不通过"):
        assert first.status == 200 and part in first.text, (first.status, part)
    mark = dict(client.fields_of(first.text))["letter"]
    changed = person.post(path, says + [("article", "《中华人民共和国土地管理法》第五十三条"), ("letter", mark)])
    assert changed.status == 200 and "第五十三条）" in changed.text, changed.status
    done = person.post(path, says + [("article", "《中华人民共和国土地管理法》第五十二条"), ("letter", mark)])
    assert done.status == 303 and who(unit).view(path)["item"]["article"] == "《中华人民共和国土地管理法》第五十二条", done.status


def test_what_waits_for_the_head_stands_on_the_heads_home(state):
    owner, unit, head = who("owner"), "ap-natural-resources", who("hd-natural-resources")
    no = api.register(owner, code())
    stream = f"project/{no}"
    api.submit(owner, no)
    who("wang").ask("stage.accept", stream, stage=1)
    items = [i["code"] for i in who("wang").view(f"/w/c/{no}/1")["slip_items"]]
    who("wang").ask("stage.draft-slip", stream, stage=1, items=items, opinion="同意派转")
    who("zhao").ask("stage.dispatch", stream, stage=1, opinion="同意")
    item = next(i for i in who("wang").view(f"/w/c/{no}/1")["here"]["items"] if i["unit_name"] == "市自然资源局")["code"]
    who(unit).ask("item.take", stream, stage=1, item=item)
    assert not head.view("/w")["extensions"]
    who(unit).ask("item.ask-extension", stream, stage=1, item=item, days=2, reason="需要现场核实")
    view = head.view("/w")
    row, = view["extensions"]
    assert view["extension_count"] == 1 and row["days"] == 2 and row["reason"] == "需要现场核实" and row["due"] < row["due_new"], row
    assert "延期待批（1）" in page("hd-natural-resources", "/w") and "等部门负责人批准" in page(unit, f"/w/t/{no}/1/{item}")
    head.ask("item.extend", stream, stage=1, item=item)
    assert not head.view("/w")["extensions"]



# ---- certificates -------------------------------------------------------------------------------------------------

def through(no, n=1, by="owner"):
    """A stage from its form to the decision of its last item."""
    api.submit(who(by), no, n)
    clerk, stream = who("wang"), f"project/{no}"
    clerk.ask("stage.accept", stream, stage=n)
    items = [i["code"] for i in clerk.view(f"/w/c/{no}/{n}")["slip_items"]]
    clerk.ask("stage.draft-slip", stream, stage=n, items=items, opinion="同意派转")
    who("zhao").ask("stage.dispatch", stream, stage=n, opinion="同意")
    for item in clerk.view(f"/w/c/{no}/{n}")["here"]["items"]:
        approver = who(f"ap-{item['unit']}")
        approver.ask("item.take", stream, stage=n, item=item["code"])
        name = approver.view(f"/w/t/{no}/{n}/{item['code']}")["signer"]
        approver.ask("item.decide", stream, stage=n, item=item["code"], result="pass", opinion="同意，符合条件", signature=name)


def land(supply, kind="verify"):
    """A project whose land is had in one way or the other, decided in stage 1."""
    view = who("owner").view("/my/new")
    facts = {k.removeprefix("f_"): v for k, v in api.answers(view["fields"]).items()}
    facts.update(land_supply=supply, approval_type=kind)
    r = who("owner").ask("project.register", personal={"phone": "13800001234"}, code=code(), name=f"证照示例{next(serial)}", category="industry", county="longgang",
                         owner=view["owner"], uscc=view["uscc"], facts=facts, contact_name="钱某", contact_phone="personal:phone")
    no = r["stream"].split("/")[1]
    through(no)
    return no


def check_code(no, number, n=1):
    return who("wang").view(f"/cert/{no}/{n}?number={number}")["check_code"]


def verified(number, check):
    r = client.Jar().get(f"/verify?number={number}&code={check}")
    assert r.status == 200, r.status
    return r.text


def test_s17_1_allocated_land_has_one_merged_document_granted_land_two_of_one_day(state):
    clerk = who("wang")
    no = state["allocated"] = land("allocation")
    answer = clerk.ask("stage.certify", f"project/{no}", stage=1)["answer"]
    assert [c["name"] for c in answer["certificates"]] == ["规划用地许可证"], answer
    view = clerk.view(f"/cert/{no}/1")
    assert view["merges"] == ["国有土地划拨决定书", "建设用地批准书", "建设用地规划许可证"] and view["cert_clause"] == "D60-2.4.3-(6)", view
    words = words_of(pdf_of("owner", f"/cert/{no}/1/pdf"))
    for part in ("合并的证件国有土地划拨决定书、建设用地批准书、建设用地规划许可证", "法定发证机关市自然资源局",
                 "建设项目用地预审意见、建设项目选址意见书合并为建设项目用地预审意见（选址意见书）"):
        assert part in words, (part, words)
    no = state["granted"] = land("grant")
    answer = clerk.ask("stage.certify", f"project/{no}", stage=1)["answer"]
    assert [(c["name"], c["number"]) for c in answer["certificates"]] == [("规划用地许可证", f"HLD-ZJ1-{int(no):06}-1"), ("建设用地批准书", f"HLD-ZJ1-{int(no):06}-1B")], answer
    days = {clerk.view(f"/cert/{no}/1?number={c['number']}")["certified"] for c in answer["certificates"]}
    assert days == {"2026-11-25"}, days
    words = words_of(pdf_of("owner", f"/cert/{no}/1/pdf?number=HLD-ZJ1-{int(no):06}-1B"))
    assert "建设用地批准书" in words and "建设用地规划许可证与建设用地批准书同步核发" in words and "企业投资项目" not in words, words
    mine = page("owner", f"/my/{no}")
    assert all(c["number"] in mine for c in answer["certificates"])
    page("owner2", f"/cert/{no}/1?number=HLD-ZJ1-{int(no):06}-1B", 404)


def test_s17_2_what_is_issued_carries_the_special_seal_and_its_authority(state):
    no = state["granted"]
    view = who("owner").view(f"/cert/{no}/1")
    assert view["seal"] == "葫芦岛市建设项目审批专用章" and view["seal_basis"].startswith("葫政办发〔2019〕60号"), view
    words = words_of(pdf_of("owner", f"/cert/{no}/1/pdf"))
    assert "印章和授权葫芦岛市建设项目审批专用章（葫政办发〔2019〕60号四、（十五）第4段）" in words, words
    assert 'aria-label="葫芦岛市建设项目审批专用章（样章）"' in page("owner", f"/cert/{no}/1")


def test_s17_3_a_certificate_is_found_by_each_of_its_names(state):
    number = f"HLD-ZJ1-{int(state['granted']):06}-1"
    found = {}
    for q in ("建设用地规划许可证", "规划用地许可证", "用地规划许可", number, "证照示例"):
        found[q] = [r["certificate"] for r in who("wu").view("/w/certs?q=" + quote(q))["rows"]]
        assert number in found[q], (q, found[q])
    assert found["建设用地规划许可证"] == found["规划用地许可证"]
    assert [r["certificate"] for r in who("wu").view("/w/certs?q=" + quote("建设工程规划许可证"))["rows"]] == []
    assert "建设用地规划许可证" in who("wang").view(f"/cert/{state['granted']}/1")["aliases"]
    assert number in page("ap-natural-resources", f"/w/certs?q={quote('建设用地规划许可证')}&status=valid")


def test_a_changed_a_suspended_and_a_revoked_certificate_say_so_everywhere(state):
    no = state["granted"]
    main, other = f"HLD-ZJ1-{int(no):06}-1", f"HLD-ZJ1-{int(no):06}-1B"
    head, stream = who("zhao"), f"project/{no}"
    old, second = check_code(no, main), check_code(no, other)
    aloud = second.lower().replace("0", "o").replace("1", "l")  # as somebody reads it from paper
    assert "现在有效" in verified(other.lower().replace("0", "O").replace("-1", "-I"), aloud), (other, second)
    assert "现在有效" in verified(main, old) and "现在有效" in verified(other, second)
    who("wang").ask("certificate.change", stream, status=403, certificate=main, change="更名", reason="申请", article="示例")
    form = client.as_user("zhao")
    form.get(f"/cert/{no}/1")
    wrong = form.post(f"/cert/{no}/1", [("number", main), ("act", "change"), ("change", "建设单位更名"), ("reason", ""), ("article", "行政许可法第四十九条")])
    assert wrong.status == 422 and "建设单位更名" in wrong.text, wrong.status
    new = head.ask("certificate.change", stream, certificate=main, change="建设单位更名为示例新公司", reason="建设单位申请", article="行政许可法第四十九条")["answer"]["certificate"]
    assert new == main + ".2"
    assert "由 " + new in verified(main, old) and "现在有效" in verified(new, check_code(no, new))
    words = words_of(pdf_of("owner", f"/cert/{no}/1/pdf"))
    assert new in words and "变更的内容建设单位更名为示例新公司" in words and "代替的证件" + main in words, words
    assert documents("owner", no)["准予变更行政许可决定书"]["waits"]
    head.ask("certificate.suspend", stream, certificate=other, reason="正在核查", article="示例规定第三条", until="2026-12-31")
    text = verified(other, second)
    assert "暂停使用" in text and "现在不能使用" in text and "2026-12-31" in text
    head.ask("certificate.restore", stream, certificate=other, reason="核查完毕")
    assert "现在有效" in verified(other, second)
    head.ask("certificate.revoke", stream, certificate=other, way="撤销", reason="以欺骗手段取得", article="行政许可法第六十九条第二款")
    assert "已经失效" in verified(other, second)
    taken = documents("owner", no)["撤销行政许可决定书"]
    assert len(who("owner").view(f"/doc/{no}/{taken['seq']}")["remedies"]) == 2
    assert "已撤销" in page("owner", f"/my/{no}") and "已撤销" in page("wu", f"/w/certs?status=revoked&q={other}")
    assert head.ask("certificate.restore", stream, status=409, certificate=other, reason="再看看")["error"] == "conflict"


def test_the_state_is_known_offline_too(state):
    program, no = os.environ["PROGRAM"], state["granted"]
    other = f"HLD-ZJ1-{int(no):06}-1B"
    key = WORK / "key"
    run = lambda *a: subprocess.run([program, *a], capture_output=True, text=True, check=True).stdout
    shown = lambda: client.Jar().get(f"/verify?number={other}&code={check_code(no, other)}").text
    assert "状态凭证要等" in shown() and f"/verify/{other}/{check_code(no, other)}/receipt" not in shown(), "before anything is signed there is nothing to download"
    run("key", "make", str(key), "--name", "yichuang.papers")
    run("checkpoint", "--store", str(WORK / "store"), "--key", str(key))
    assert f"/verify/{other}/{check_code(no, other)}/receipt" in shown()
    r = client.Jar().get(f"/verify/{other}/{check_code(no, other)}/receipt")
    assert r.status == 200 and r.body.startswith(b"yichuang-receipt/1"), r.text[:200]
    last, issue = WORK / "last", WORK / "issue"
    last.write_bytes(r.body)
    issue.write_bytes(client.as_user("owner").get(f"/proof/{no}/1?what=certified").body)
    said = lambda *files: subprocess.run([program + "-verify", str(key) + ".pub", *map(str, files)], capture_output=True, text=True, check=False)
    assert f"certificate {other}: IN FORCE, issued" in said(issue).stdout, said(issue).stdout
    both = said(last, issue)
    assert both.returncode == 0 and f"certificate {other}: REVOKED" in both.stdout, both.stdout
    last.write_bytes(r.body.replace("撤销".encode(), "注销".encode(), 1))
    forged = said(issue, last)
    assert forged.returncode == 1 and "NOT VALID" in forged.stdout and f"certificate {other}:" not in forged.stdout, forged.stdout


# ---- signatures ---------------------------------------------------------------------------------------------------

def openssl(*args):
    r = subprocess.run(["openssl", *map(str, args)], capture_output=True, text=True, check=False)
    return r.stdout + r.stderr


def cms_of(pdf):
    """What is signed, and the CMS over it, as the ByteRange says."""
    a, b, c, d = (int(n) for n in re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", pdf).groups())
    assert a == 0 and c + d == len(pdf) and pdf[b:b + 1] == b"<" and pdf[c - 1:c] == b">", (a, b, c, d, len(pdf))
    der = bytes.fromhex(pdf[b + 1:c - 1].decode())
    return pdf[:b] + pdf[c:], der[:4 + int.from_bytes(der[2:4], "big")]


def test_a_pdf_is_signed_and_whoever_changes_it_is_found_out(state):
    signer = WORK / "signer.pem"
    signer.write_bytes(client.Jar().get("/s/signer").body)
    no = state["granted"]
    for path in (f"/cert/{no}/1/pdf", f"/doc/{no}/{documents('owner', no)['受理通知书']['seq']}/pdf"):
        pdf = pdf_of("owner", path)
        said = told("pdfsig", pdf)
        for part in ("Signature is Valid.", "Total document signed", "ETSI.CAdES.detached", "Hash Algorithm: SHA-256", "示例审批服务"):
            assert part in said, (part, said)
        content, der = cms_of(pdf)
        (WORK / "content").write_bytes(content)
        (WORK / "cms").write_bytes(der)
        check = ("cms", "-verify", "-cades", "-inform", "DER", "-in", WORK / "cms", "-binary", "-content", WORK / "content", "-CAfile", signer, "-purpose", "any", "-out", "/dev/null")
        assert "Verification successful" in openssl(*check), openssl(*check)
        (WORK / "content").write_bytes(content.replace(b"/Title", b"/Tutle", 1))
        assert "Verification failure" in openssl(*check)
        assert "Signature is Valid." not in told("pdfsig", pdf.replace(b"/Producer", b"/Producar", 1))
    assert words_of(pdf).startswith("样章：")


def test_the_files_of_a_certificate_carry_sm2_signatures(state):
    r = client.as_user("owner").get(f"/cert/{state['granted']}/1/files")
    assert r.status == 200 and r.get("content-type") == "application/zip", r.status
    folder = WORK / "files"
    with zipfile.ZipFile(io.BytesIO(r.body)) as z:
        assert z.testzip() is None
        z.extractall(folder)
    signed = [f for f in folder.iterdir() if (folder / (f.name + ".sm2")).exists()]
    assert signed, list(folder.iterdir())
    assert sorted(f.suffix for f in signed) == [".ofd", ".pdf"], signed
    for f in signed:
        check = ("dgst", "-sm3", "-verify", folder / "sm2.pub", "-sigopt", "distid:1234567812345678", "-signature", folder / (f.name + ".sm2"), f)
        assert "Verified OK" in openssl(*check), openssl(*check)
        f.write_bytes(f.read_bytes()[:-1] + b"x")
        assert "Verified OK" not in openssl(*check)
    assert client.as_user("owner2").get(f"/cert/{state['granted']}/1/files").status == 404


def flipped(data, bit):
    return data[:bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1:]


def test_anybody_can_check_a_file_of_a_certificate_against_its_sm2_signature(state):
    folder = WORK / "again"
    with zipfile.ZipFile(io.BytesIO(client.as_user("owner").get(f"/cert/{state['granted']}/1/files").body)) as z:
        z.extractall(folder)
    verifier = pathlib.Path(os.environ["PROGRAM"]).parent / "yichuang-verify"

    def tool(*parts):
        for name, data in zip(("key", "file", "sign"), parts):
            (WORK / name).write_bytes(data)
        r = subprocess.run([verifier, "--file", WORK / "key", WORK / "file", WORK / "sign"], capture_output=True, text=True, check=False)
        assert (r.returncode == 0) == r.stdout.startswith("VALID"), (r.returncode, r.stdout, r.stderr)
        return r.returncode

    def asked(file, sign, name="证件.pdf"):
        jar = client.Jar()
        jar.get("/verify")
        r = jar.files("/verify", [], [("file", name, file), ("signature", name + ".sm2", sign)])
        assert r.status == 200, (r.status, r.text[-600:])
        return "签名成立" in r.text, "签名不成立" in r.text

    for ending in ("pdf", "ofd"):
        paper = next(folder.glob("*." + ending))
        file, sign, key = paper.read_bytes(), (folder / (paper.name + ".sm2")).read_bytes(), (folder / "sm2.pub").read_bytes()
        assert tool(key, file, sign) == 0 and tool(client.Jar().get("/s/signer").body, file, sign) == 0
        assert asked(file, sign, paper.name) == (True, False)
        for bad in (flipped(file, 0), flipped(file, len(file) * 4), flipped(file, len(file) * 8 - 1), file[:-1]):
            assert tool(key, bad, sign) == 1 and asked(bad, sign) == (False, True)
        for bad in (*(flipped(sign, bit) for bit in (0, 9, 17, 26, 35, 300, len(sign) * 8 - 1)), sign[:-1], sign + b"x"):
            assert tool(key, file, bad) == 1 and asked(file, bad) == (False, True)
        body = key.index(b"\n") + 1
        for bit in (body * 8, body * 8 + 300, body * 8 + 600, body * 8 + 900):
            assert tool(flipped(key, bit), file, sign) in (1, 2)
        other = WORK / "other"
        subprocess.run([os.environ["PROGRAM"], "key", "seal", str(other), "--name", "别的"], check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-pubout"], input=other.read_bytes()[other.read_bytes().rindex(b"-----BEGIN PRIVATE"):], check=True, capture_output=True).stdout
        assert tool(public, file, sign) == 1
        other.unlink()
        r = subprocess.run(["node", "tests/proof/page.mjs", "src/web/static/verify.html", "--file", folder / "sm2.pub", paper, folder / (paper.name + ".sm2")], capture_output=True, text=True, check=False)
        assert r.returncode == 0, r.stdout + r.stderr
    jar = client.Jar()
    jar.get("/verify")
    r = jar.files("/verify", [], [("file", "证件.pdf", file)])
    assert "请选择文件旁边的 .sm2 签名" in r.text and "签名不成立" not in r.text, r.text[-600:]
    r = jar.files("/verify", [], [("file", "证件.pdf", b"x" * (4 * 1024 * 1024 + 1)), ("signature", "a", sign)])
    assert "文件超过 4 MB" in r.text, r.text[-600:]
    blobs = sum(1 for _ in (WORK / "store" / "blobs").rglob("*") if _.is_file())
    assert asked(file, sign)[0] and blobs == sum(1 for _ in (WORK / "store" / "blobs").rglob("*") if _.is_file())  # nothing is kept


# ---- OFD, and what no font has --------------------------------------------------------------------------------------

def test_the_same_document_as_ofd_has_its_text_and_its_fonts_inside(state):
    no = state["granted"]
    for path in (f"/cert/{no}/1", f"/doc/{no}/{documents('owner', no)['受理通知书']['seq']}"):
        r = client.as_user("owner").get(path + "/ofd")
        assert r.status == 200 and r.get("content-type") == "application/ofd", r.status
        assert client.as_user("owner").get(path + "/ofd").body == r.body, "the same document is the same file"
        with zipfile.ZipFile(io.BytesIO(r.body)) as z:
            names = z.namelist()
            assert z.testzip() is None and names[0] == "OFD.xml", names
            trees = {n: ElementTree.fromstring(z.read(n)) for n in names if n.endswith(".xml")}
            ns = {"ofd": "http://www.ofdspec.org/2016"}
            assert trees["OFD.xml"].findtext(".//ofd:DocRoot", None, ns) == "Doc_0/Document.xml"
            pages = [p.get("BaseLoc") for p in trees["Doc_0/Document.xml"].findall(".//ofd:Page", ns)]
            fonts = {f.get("ID"): f.findtext("ofd:FontFile", None, ns) for f in trees["Doc_0/PublicRes.xml"].findall(".//ofd:Font", ns)}
            assert all(z.read("Doc_0/Res/" + f).startswith(b"OTTO") for f in fonts.values()), fonts
            ids = [e.get("ID") for t in trees.values() for e in t.iter() if e.get("ID")]
            assert len(ids) == len(set(ids)) and int(trees["Doc_0/Document.xml"].findtext(".//ofd:MaxUnitID", None, ns)) >= max(map(int, ids))
            said = ""
            for page_name in pages:
                for text in trees["Doc_0/" + page_name].iter("{http://www.ofdspec.org/2016}TextObject"):
                    run = text.find("ofd:TextCode", ns)
                    steps = (run.get("DeltaX") or "").split()
                    assert text.get("Font") in fonts and len(steps) == max(0, len(run.text) - 1), (run.text, steps)
                    said += run.text
        drop = lambda words: sorted(re.sub(r"[\s-]", "", words))  # pdftotext takes hyphens at the ends of lines away
        assert drop(said) == drop(words_of(pdf_of("owner", path + "/pdf"))), said


def test_a_change_with_a_character_that_no_font_has_is_refused_before_it_is_made(state):
    no = state["allocated"]
    number = f"HLD-ZJ1-{int(no):06}-1"
    assert len(pdf_of("owner", f"/cert/{no}/1/pdf")) < 120 * 1024 and b"pdfaid:part>2<" in pdf_of("owner", f"/cert/{no}/1/pdf")
    r = who("zhao").ask("certificate.change", f"project/{no}", status=422, certificate=number, change="更名为\U00031350公司", reason="申请变更", article="示例规定第一条")
    assert "U+31350" in r["detail"] and "方框" in r["detail"], r
    assert who("wang").view(f"/cert/{no}/1")["certificate"] == number


def main():
    global passed, failed
    client.PORT = int(os.environ["BASE"].rsplit(":", 1)[1])
    api.ALL.update(TOKENS)
    state = {}
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            test(state)
            assert not client.faults, client.faults
            passed += 1
        except Exception:
            failed += 1
            client.faults.clear()
            print(f"FAILED {name}\n{traceback.format_exc(limit=-3)}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
