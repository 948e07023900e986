# SPDX-License-Identifier: Apache-2.0
"""main.py PROGRAM VERIFIER DIRECTORY: see run.sh. Standard library only; the client is that of tests/http."""
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import time

import client

program, verifier, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
here = pathlib.Path(__file__).resolve().parent
store, policy, old = work / "store", work / "policy", work / "old"
passed = failed = 0

PHONES = ["13977730001", "13977730002", "13977730003", "0429-7773004", "13977730005"]
NAMES = ["欧阳测不见", "司徒看不着"]


def id_number(front):
    digits = "10X98765432"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return front + digits[sum(int(c) * w for c, w in zip(front, weights)) % 11]


IDS = [id_number("21140219900307123"), id_number("21140219851212456")]
CANARIES = [c.encode() for c in PHONES + NAMES + IDS]


def check(ok, name, why=""):
    global passed, failed
    if client.faults:
        ok, why = False, f"{why} {client.faults[:2]}"
        client.faults.clear()
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAILED {name}\n  {str(why)[:1500]}")
    return ok


def call(*args, code=0, said="", text=None, at=store):
    r = subprocess.run([program, *map(str, args), "--store", str(at), "--policy", str(policy)] if at else [program, *map(str, args)],
                       capture_output=True, input=text and text.encode(), timeout=120)
    out = r.stdout.decode() + r.stderr.decode()
    check(r.returncode == code and said in out, f"{' '.join(map(str, args[:2]))} gives {code} {said}", f"{r.returncode}: {out}")
    return out


class Server:
    count = 0

    def __init__(self, at=store):
        Server.count += 1
        self.out, self.log = work / f"serve-{Server.count}.out", work / "serve.log"
        args = [program, "serve", "--store", str(at), "--policy", str(policy), "--port", "0", "--clock", "2026-11-25T09:30"]
        self.process = subprocess.Popen(args, stdout=open(self.out, "wb"), stderr=open(self.log, "ab"))
        for _ in range(200):
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.out.read_text())
            if found:
                client.PORT = int(found[1])
                return
            time.sleep(0.05)
        raise SystemExit(f"the server did not start: {self.log.read_text()}")

    def stop(self):
        self.process.terminate()
        check(self.process.wait(timeout=30) == 0, "the server ends well")
        client.jars.clear()


def files_below(*roots):
    for root in roots:
        yield from (p for p in ([root] if root.is_file() else root.rglob("*")) if p.is_file())


def holding(needles, *roots):
    """Files that hold one of these byte strings."""
    return sorted({f"{p.relative_to(work)}" for p in files_below(*roots) for data in [p.read_bytes()] for n in needles if n in data})


def spelled(text):
    """As it may stand in a file: UTF-8, JSON escapes, percent-encoding, UTF-16."""
    s = text.decode()
    forms = {text, s.encode("utf-16-le"), s.encode("utf-16-be")}
    if not s.isascii():
        forms |= {"".join(f"\\u{ord(c):04x}" for c in s).encode(), "".join(f"%{b:02X}" for b in text).encode()}
    return forms


def vault_rows(at):
    db = sqlite3.connect(f"file:{at}/journal.db?mode=ro", uri=True)
    rows = dict((ref, (wrapped, box)) for ref, wrapped, box in db.execute("SELECT ref, wrapped, box FROM vault"))
    db.close()
    return rows


def event_refs(at, stream):
    db = sqlite3.connect(f"file:{at}/views.db?mode=ro", uri=True)
    refs = [r for (r,) in db.execute("SELECT ref FROM personal WHERE stream = ?", (stream,))]
    db.close()
    return refs


# ---- before anything ---------------------------------------------------------------------------------

def prepare():
    shutil.copytree("policies/huludao", policy)
    forms = (policy / "forms.yaml").read_text()
    field = "  - {name: manager_id, label: 负责人身份证号, type: idno, required: true, personal: true, hint: 示例, example: \"\"}\n"
    (policy / "forms.yaml").write_text(forms.replace("\nstage2:", field + "\nstage2:", 1).replace("}\n" + field, "}\n" + field))
    call("policy", "check", policy, "--quiet", at=None)
    call("demo", "--quiet", "--day", "2026-11-24", "--projects", "8")
    call("key", "make", work / "key", "--name", "yichuang.personal", at=None)


def as_canary():
    jar = client.jars.get("canary")
    if not jar:
        jar = client.jars["canary"] = client.Jar()
        check(jar.login("canary").status == 303, "the applicant logs in")
    return jar


def forms_answers(jar, path, values):
    from api import sample
    out = []
    for f in jar.get(f"/api/v1{path}").json["fields"]:
        name = f["name"].removeprefix("f_")
        value = values.get(name)
        if value is None and f["optional"]:
            continue
        if value is None:
            value = f["choices"][-1]["value"] if f.get("choices") else sample(f["label"], f["kind"])
        out.append((f["name"], value))
    return out


# ---- as people would -----------------------------------------------------------------------------------

def plant():
    """An account, a project and its first stage, with values that are changed, refused and handed in again."""
    jar = client.Jar()
    uscc = re.search(r'name="uscc" value="(\w+)"', client.as_user("owner2").get("/my/new").text)[1]
    jar.get("/signup")
    person = [("id", "canary"), ("name", "钱某"), ("org_name", "示例不见有限公司"), ("org_uscc", uscc), ("password", client.PASSWORD)]
    r = jar.post("/signup", person[:-1] + [("phone", PHONES[0]), ("password", "short")])
    check(r.status == 422 and PHONES[0] in r.text, "a refused form comes back with what was typed")
    check(jar.post("/signup", person + [("phone", PHONES[0])]).status == 303, "an account is made")
    jar = as_canary()
    page = jar.get("/my/new")
    fields = [("code", "2304-211403-04-01-135244"), ("name", "个人信息示例项目"), ("category", "industry"), ("county", "longgang"),
              ("owner", "示例不见有限公司"), ("uscc", uscc), ("contact_name", "钱某"), ("contact_phone", PHONES[1])]
    facts = forms_answers(jar, "/my/new", {})
    r = jar.post("/my/new", [(k, v) for k, v in fields if k != "county"] + facts)
    check(r.status == 422, "a registration without its place is refused")
    jar.get("/my/new")
    r = jar.post("/my/new", fields + facts)
    check(r.status == 303, "a project is registered", r.text[-1500:])
    no = r.get("location").split("/")[-1]
    path = f"/my/{no}/stage/1"
    answers = forms_answers(jar, path, {"contact_name": NAMES[0], "contact_phone": PHONES[2], "manager_id": IDS[0]})
    jar.get(path)
    check(jar.post(path, answers + [("draft", "1")]).status == 303, "a draft is saved")
    plant_by_interface(no)
    bad = [(k, "12345" if k == "f_manager_id" else v) for k, v in answers]
    check(jar.post(path, bad).status == 422, "a wrong number is refused")
    answers = forms_answers(jar, path, {"contact_name": NAMES[1], "contact_phone": PHONES[3], "manager_id": IDS[1]})
    materials = [m for m in jar.get(f"/api/v1{path}").json["materials"] if not m["optional"] and not m["form"] and "known" not in m]
    from api import PDF
    jar.get(path)
    r = jar.files(path, answers, [(m["id"], "图纸.pdf", PDF) for m in materials])
    check(r.status == 303, "the form is complete", r.text[-2000:])
    page = jar.get(f"{path}/check").text
    check(IDS[1] in page and PHONES[3] in page, "who typed it sees it once more before it is handed in")
    check(jar.post(f"{path}/check", []).status == 303, "it is handed in")
    return no


def plant_by_interface(no):
    """The same through the interface: personal data beside the arguments."""
    sys_ = client.as_user("sys")
    sys_.get("/adm/users/canary/tokens")
    token = re.search(r"<code>([\w-]{43})</code>", sys_.post("/adm/users/canary/tokens", [("act", "issue"), ("name", "示例")]).text)[1]
    program_ = client.Jar()
    program_.base = {"Authorization": f"Bearer {token}"}
    view = program_.api(f"/my/{no}/stage/1")
    check(not any(c.decode() in view.text for c in CANARIES) and "****" in view.text, "the interface shows it masked, to whose it is too")
    body = {"stream": f"project/{no}", "args": {"stage": 1, "form": {"contact_phone": "personal:contact_phone"}}, "personal": {"contact_phone": PHONES[4]}}
    check(program_.api("/commands/stage.save-draft", body).status == 200, "a draft through the interface")
    wrong = dict(body, personal={"contact_phone": PHONES[4] + "9"})
    check(program_.api("/commands/stage.save-draft", wrong).status == 422, "a wrong one is refused")


def masked_everywhere(no):
    for account, path in (("wang", f"/w/c/{no}/1"), ("wang", f"/w/p/{no}"), ("wang", f"/w/personal/{no}"), ("wu", f"/w/personal/{no}"),
                          ("canary", f"/my/{no}"), ("canary", "/my/personal"), ("canary", f"/my/{no}/stage/1/receipt")):
        jar = as_canary() if account == "canary" else client.as_user(account)
        for prefix in ("", "/api/v1"):
            r = jar.get(prefix + path)
            found = [c.decode() for c in CANARIES if c.decode() in r.text]
            check(r.status == 200 and not found, f"{account} sees {prefix}{path} masked", f"{r.status} {found}")
    number = as_canary().get(f"/api/v1/my/{no}").json["number"]
    r = client.Jar().get(f"/track/{number}")
    check(r.status == 200 and not any(c.decode() in r.text for c in CANARIES), "the public sees nothing of it")


def look(no):
    """Looking: a purpose, once, an event; nothing in the address or the title."""
    clerk, path = client.as_user("wang"), f"/w/personal/{no}"
    values = clerk.get(f"/api/v1{path}").json["values"]
    one = next(v for v in values if v["label"] == "负责人身份证号" and v["text"].endswith(IDS[1][-4:]))
    check(one["text"] == f"{IDS[1][:4]}**********{IDS[1][-4:]}", "the number is masked by the rule", one)
    clerk.get(path)
    for missing in ("ref", "purpose", "note"):
        fields = [("ref", one["ref"]), ("purpose", "check"), ("note", "核对项目负责人")]
        r = clerk.post(path, [f for f in fields if f[0] != missing])
        check(r.status == 422 and IDS[1] not in r.text, f"without {missing} nothing is shown", r.status)
    key = [("key", "look-once-0001")]
    r = clerk.post(path, fields + key)
    check(r.status == 200 and r.text.count(IDS[1]) == 1 and "no-store" in r.get("cache-control"), "it is shown, once, and not kept")
    check(IDS[1] not in re.search(r"<title>([^<]*)</title>", r.text)[1] and not r.get("location"), "not in the title, not in an address")
    r = clerk.post(path, fields + key)
    check(r.status == 422 and IDS[1] not in r.text and "已经显示过" in r.text, "the same form again does not show it again")
    check(IDS[1] not in clerk.get(path).text, "the page itself never has it")
    # whose business it is not
    for account, status in (("sec", 403), ("sys", 403), ("audit", 403), ("owner", 403)):
        jar = client.as_user(account)
        jar.get("/")
        check(jar.get(path).status == status and jar.post(path, fields).status == status, f"{account} may not")
    # through the interface
    sys_ = client.as_user("sys")
    sys_.get("/adm/users/wang/tokens")
    token = re.search(r"<code>([\w-]{43})</code>", sys_.post("/adm/users/wang/tokens", [("act", "issue"), ("name", "示例")]).text)[1]
    jar = client.Jar()
    jar.base = {"Authorization": f"Bearer {token}"}
    body = {"key": "look-api-0001", "args": {"record": f"project/{no}", "ref": one["ref"], "purpose": "check", "note": "核对"}}
    first, again = jar.api("/commands/personal.look", body), jar.api("/commands/personal.look", body)
    check(first.status == 200 and first.json["value"] == IDS[1] and not first.json["repeated"], "the interface gives it once", first.text)
    check(again.status == 200 and again.json["repeated"] and "value" not in again.json, "and not twice", again.text)
    # who looked is known to whose it is, and to the auditor
    mine = as_canary().get("/my/personal").text
    check("核对项目负责人" in mine and "王某" in mine, "the applicant sees who looked and why")
    audit = client.as_user("audit")
    page = audit.get("/audit/personal").text
    check("核对项目负责人" in page and "/s/checkpoints" in page and IDS[1] not in page, "so does the auditor")
    rows = audit.get("/api/v1/audit/personal").json
    check(rows["looks_total"] == 2 and rows["looks"][0]["actor"] == "wang", "each look is one event", rows["looks_total"])
    check(audit.get("/api/v1/audit/personal?actor=zhao").json["looks_total"] == 0, "the list can be narrowed")


def erase(no):
    """Asked for by whose it is, confirmed by another."""
    jar = as_canary()
    jar.get("/my/personal")
    ask = [("record", f"project/{no}"), ("ground", "consent"), ("reason", "不再办理"), ("act", "request")]
    r = jar.post("/my/personal", ask)
    check(r.status == 409 and "还在办理" in r.text and "以后才能清除" in r.text, "a running case keeps its data, and says until when", r.status)
    jar.get(f"/my/{no}/withdraw")
    check(jar.post(f"/my/{no}/withdraw", [("stage", "0"), ("reason", "不再建设")]).status == 303, "the case is withdrawn")
    jar.get("/my/personal")
    check(jar.post("/my/personal", ask + [("key", "ask-erase-0001")]).status == 303, "asked for")
    check(jar.post("/my/personal", ask + [("key", "ask-erase-0001")]).status == 303, "sent again it is the same request")
    check(as_canary().get("/my/personal").text.count("等待确认") == 1, "one request waits")
    jar.get("/my/personal")
    check(jar.post("/my/personal", [("record", "user/canary"), ("ground", "consent"), ("reason", "不再使用"), ("act", "request")]).status == 303,
          "the account's too")
    sec = client.as_user("sec")
    page = sec.get("/adm/personal").text
    check("等待确认（2）" in page and "/adm/calendar" in page and "/adm/policy" in page, "the security administrator has a workbench")
    for record in (f"project-{no}", "user-canary"):
        where = f"/adm/personal/{record}/1"
        page = sec.get(where).text
        check(not any(c.decode() in page for c in CANARIES), "who confirms sees no value")
        r = sec.post(where, [("act", "confirm"), ("key", f"confirm-{record}")])
        check(r.status == 303, "confirmed by another", r.text[-800:])
        check(sec.post(where, [("act", "confirm"), ("key", f"confirm-{record}")]).status == 303, "the same form again is the same act")
        check(sec.post(where, [("act", "confirm"), ("key", f"confirm2-{record}")]).status == 409, "a second time there is nothing to confirm")
        check("已清除" in sec.get(where).text, "it says so")


def erased_on_pages(no):
    for account, path in (("wang", f"/w/c/{no}/1"), ("wang", f"/w/personal/{no}"), ("canary", "/my/personal")):
        jar = as_canary() if account == "canary" else client.as_user(account)
        page, view = jar.get(path), jar.get(f"/api/v1{path}")
        check(page.status == 200 and "〔已清除 2026-11-25〕" in page.text and "〔已清除 2026-11-25〕" in view.text, f"{path} says when it was erased")
    check(as_canary().get(f"/my/{no}").status == 200 and client.as_user("wang").get(f"/w/p/{no}").status == 200, "the case stays readable")
    audit = client.as_user("audit").get("/api/v1/audit/personal").json
    check(audit["erasures_total"] == 2 and all(e["erased"] and e["values_erased"] > 0 for e in audit["erasures"]), "the auditor sees both", audit["erasures"])
    check(client.as_user("canary").get("/my").status == 200, "an account in use keeps its password")


# ---- what is left -----------------------------------------------------------------------------------------

def search(gone, kept, *roots):
    plain = [f for c in CANARIES for f in spelled(c)]
    check(not holding(plain, *roots), "no value in plain", holding(plain, *roots))
    sealed = [b for wrapped, box in gone.values() for b in (wrapped[8:40], box[:24], wrapped.hex()[16:80].encode(), box.hex()[:48].encode())]
    check(not holding(sealed, *roots), "no key and no box of it", holding(sealed, *roots))
    check(holding([box for _, box in kept.values()], roots[0]), "others are there: the search finds what is to be found")


def verifiers(proofs, when):
    keys = work / "keys.txt"
    for path in proofs:
        r = subprocess.run([verifier, str(keys), str(path)], capture_output=True, timeout=60)
        check(r.returncode == 0, f"yichuang-verify accepts {path.name} {when}", r.stdout.decode() + r.stderr.decode())
    page = subprocess.run(["node", "tests/proof/page.mjs", "src/web/static/verify.html", str(keys), *(x for p in proofs for x in (str(p), "good"))],
                          capture_output=True, timeout=120)
    check(page.returncode == 0 and b"FAILED" not in page.stdout, f"the page accepts them {when}", page.stdout.decode() + page.stderr.decode())


def proofs_taken(no):
    """Receipt, head and keys of before."""
    (work / "keys.txt").write_text(client.Jar().get("/s/keys").text)
    r = as_canary().get(f"/proof/{no}/1?what=submitted")
    check(r.status == 200 and r.text.startswith("yichuang"), "a receipt of before", r.text[:200])
    (work / "receipt.txt").write_bytes(r.text.encode())
    size = max(int(x) for x in re.findall(r"/s/checkpoint/(\d+)", client.Jar().get("/s/checkpoints").text))
    (work / "head.txt").write_text(client.Jar().get(f"/s/checkpoint/{size}").text)
    return size


def main():
    prepare()
    server = Server()
    no = plant()
    masked_everywhere(no)
    call("checkpoint", "--key", work / "key")
    size = proofs_taken(no)
    verifiers([work / "receipt.txt", work / "head.txt"], "before")
    look(no)
    before = vault_rows(store)
    mine = event_refs(store, f"project/{no}") + event_refs(store, "user/canary")
    gone = {r: before[r] for r in mine if r in before}
    passwords = [r for r in event_refs(store, "user/canary") if before[r][1] and len(before[r][1]) > 120]
    for r in passwords:
        gone.pop(r)  # an account in use keeps its password
    kept = {r: v for r, v in before.items() if r not in gone}
    check(len(gone) >= 9, "all that was typed is in the vault", len(gone))
    check(not holding([f for c in CANARIES for f in spelled(c)], store, work / "serve.log"), "even before it is nowhere in plain")
    check(holding([box for _, box in gone.values()], store) != [], "its boxes are there before")
    call("backup", old, "--with-key")
    call("export", work / "old.jsonl")
    erase(no)
    erased_on_pages(no)
    call("backup", work / "new", "--with-key")
    call("export", work / "new.jsonl")
    call("personal", "erased", work / "erased.jsonl", said="新增")
    search(gone, kept, store, work / "new", work / "new.jsonl", work / "serve.log", work / "serve-1.out", work / "erased.jsonl")
    rows = vault_rows(store)
    check(all(not any(rows[r][0]) and not any(rows[r][1]) for r in gone), "their rows are zeros")
    check(all(rows[r] == v for r, v in kept.items()), "the rows of others are as they were")
    check((store / "journal.db-wal").stat().st_size == 0 or holding([box for _, box in gone.values()], store / "journal.db-wal") == [], "the log of writes has none")
    call("checkpoint", "--key", work / "key")
    newest = max(int(x) for x in re.findall(r"/s/checkpoint/(\d+)", client.Jar().get("/s/checkpoints").text))
    (work / "between.txt").write_text(client.Jar().get(f"/s/checkpoint/{newest}/from/{size}").text)
    verifiers([work / "receipt.txt", work / "head.txt", work / "between.txt"], "after the erasure")
    call("verify", said="一致")
    server.stop()
    search(gone, kept, store, work / "serve.log", work / "serve-1.out")
    call("rebuild")
    call("verify", said="一致")
    call("personal", "list", said="已清除")
    restored(no, gone, kept)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


def restored(no, gone, kept):
    """A copy from before the erasure: without the list they are back, and it says so; with it they are not."""
    call("restore", old, at=work / "without", said="清除过的，已经随它回来了")
    check(holding([box for _, box in gone.values()], work / "without") != [], "without the list they are back: the danger is real")
    call("restore", old, "--erased", work / "erased.jsonl", at=work / "with", said=f"又清除了 {len(gone)} 项")
    search(gone, kept, work / "with")
    call("verify", at=work / "with", said="一致")
    call("personal", "list", at=work / "with", said="恢复备份后重做")
    call("personal", "erased", work / "erased.jsonl", at=work / "with", said="新增 0 项")
    server = Server(work / "with")
    page = client.as_user("wang").get(f"/w/personal/{no}").text
    check("〔已清除 2026-11-25〕" in page, "its pages say when it was erased", page[-1500:])
    server.stop()
    # Of an export made before, the same by hand.
    call("import", work / "old.jsonl", at=work / "in")
    shutil.copy(store / "vault.key", work / "in" / "vault.key")
    shutil.copytree(store / "blobs", work / "in" / "blobs", dirs_exist_ok=True)
    call("rebuild", at=work / "in")
    check(holding([box for _, box in gone.values()], work / "in") != [], "an export from before has them too")
    call("personal", "again", work / "erased.jsonl", at=work / "in", said=f"又清除了 {len(gone)} 项")
    search(gone, kept, work / "in")
    call("verify", at=work / "in", said="一致")
    # The list guards itself.
    text = (work / "erased.jsonl").read_text()
    (work / "changed.jsonl").write_text(text.replace('"pos":', '"pos":1', 1))
    call("restore", old, "--erased", work / "changed.jsonl", at=work / "no", code=2)
    check(not (work / "no").exists(), "a changed list is refused before anything appears")


main()
