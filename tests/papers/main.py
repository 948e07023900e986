# SPDX-License-Identifier: Apache-2.0
"""S17 with its values: documents 文书 and certificates 证照."""
import os
import pathlib
import re
import subprocess
import sys
import traceback

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
