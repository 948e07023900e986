# SPDX-License-Identifier: Apache-2.0
"""Proofs from outside: the program signs and gives out, two verifiers that share nothing with it check.

  main.py PROGRAM VERIFIER HTML

One store of each suite. Receipts of the store with Ed25519 are also made here, from journal.db and docs/proofs.md alone:
a third hand that must agree with the others; and third.py verifies everything once more, from the document alone."""
import base64
import concurrent.futures
import contextlib
import hashlib
import html as html_module
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zlib

import third

program, verifier, html = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:4])
here = pathlib.Path(__file__).resolve().parent
policy = str(pathlib.Path("policies/huludao").resolve())
passed = failed = 0


def check(ok, name, why=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAILED {name}\n  {why}")


def call(*args, code=0, text="", said=""):
    r = subprocess.run([program, *args], capture_output=True, input=text.encode(), timeout=60)
    out, err = r.stdout.decode(), r.stderr.decode()
    check(r.returncode == code and said in out + err, " ".join(args[:2]) + (f" says {said}" if said else ""), f"{r.returncode}: {out}{err}")
    return out


def outside(keys, file, good=True, said="", flips=False):
    """yichuang-verify; the page is asked later, about all files at once."""
    r = subprocess.run([verifier, *(["--flips"] if flips else []), keys, file], capture_output=True, timeout=60)
    out = r.stdout.decode() + r.stderr.decode()
    check(r.returncode == (0 if good else 1) and (flips or said in out), f"yichuang-verify {file}", out)
    if flips:
        check(", 0 accepted" in out, f"every changed bit of {file} is refused by yichuang-verify", out)
        days_named(file, out)
    try:
        third.verify(third.keys_read(pathlib.Path(keys).read_bytes()), pathlib.Path(file).read_bytes())
        check(good, f"the third verifier refuses {file}")
    except third.Refused as e:
        check(not good, f"the third verifier accepts {file}", e)
    asked.setdefault(keys, []).extend([file, "flips" if flips else "good" if good else "bad"])


def days_named(file, out):
    """Each refusal names the day of the event or of the head; a head alone cannot when the line of its time is what changed."""
    text = pathlib.Path(file).read_bytes()
    if text.startswith(b"YICHUANG1/"):
        return
    bits, named = len(text) * 8, int(out.split(", ")[2].split()[0])
    check(named == bits if text.startswith(b"yichuang-receipt") else named >= bits - 8 * len("\ntime 2026-11-25T09:30:00+08:00\n"),
          f"a refusal of {file} names the day", out)


def page(keys):
    r = subprocess.run(["node", str(here / "page.mjs"), html, keys, *asked[keys]], capture_output=True, timeout=120)
    return r.returncode == 0, r.stdout.decode() + r.stderr.decode()


asked = {}


def save(name, text):
    pathlib.Path(name).write_bytes(text.encode())
    return name


def user(store, name):
    call("user", "add", "--store", store, "--policy", policy, "--id", name, "--name", "示例", "--role", "clerk", "--unit", "window",
         text="Long-Pass-2026x\n" * 2)


# ---- a third hand: RFC 6962 word for word, the event as text from its columns ------------------------------------------

def h(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mth(d):
    if len(d) == 1:
        return d[0]
    k = 1 << (len(d) - 1).bit_length() - 1
    return h(b"\1", mth(d[:k]), mth(d[k:]))


def path(m, d):
    if len(d) == 1:
        return []
    k = 1 << (len(d) - 1).bit_length() - 1
    return path(m, d[:k]) + [mth(d[k:])] if m < k else path(m - k, d[k:]) + [mth(d[:k])]


def events(store):
    db = sqlite3.connect(f"file:{store}/journal.db?mode=ro", uri=True)
    rows = db.execute("SELECT actor, behalf, body, command, happened, kind, actor_name, pos, prev, recorded, seq, stream, unit, version"
                      " FROM event ORDER BY pos").fetchall()
    names = "actor behalf body command happened kind name pos prev recorded seq stream unit version".split()
    out = []
    for row in rows:
        e = dict(zip(names, row), body=json.loads(row[2]), prev=row[8].hex())
        out.append(json.dumps(e, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    return out


def third_hand(store, index):
    texts = events(store)
    head = call("checkpoint", "show", "--store", store)
    leaves = [h(b"\0", t) for t in texts[:int(head.split("\n")[1])]]
    check(base64.b64decode(head.split("\n")[2]) == mth(leaves), "the root as a third hand makes it")
    way = "".join(base64.b64encode(p).decode() + "\n" for p in path(index, leaves))
    return f"yichuang-receipt/1\nevent {texts[index].decode()}\nindex {index}\n{way}\n{head}"


# ---- the two stores -----------------------------------------------------------------------------------------------------

def gm():
    call("demo", "--quiet", "--store", "gm", "--policy", policy, "--day", "2026-11-24", "--projects", "6")
    at = ("--store", "gm", "--policy", policy)
    call("receipt", "HLD-000004-J", "--stage", "1", *at, code=2, said="还没有签过")
    call("key", "make", "gm.key", "--name", "yichuang.gm")
    check(os.stat("gm.key").st_mode & 0o777 == 0o600, "the private file is for its owner alone")
    call("checkpoint", "--store", "gm", "--key", "gm.key.pub", code=2)
    first = call("checkpoint", "--store", "gm", "--key", "gm.key")
    outside("gm.key.pub", save("gm.head", first), said="SM2/SM3", flips=True)
    for kind in ("项目登记", "收件", "受理"):
        text = call("receipt", "HLD-000004-J", kind, "--stage", "1", *at)
        outside("gm.key.pub", save(f"gm-{kind}.txt", text), said="project/4", flips=kind == "受理")
    quick_response(at)
    call("receipt", "HLD-000004-J", "不予许可", "--stage", "1", *at, code=2, said="还没有“不予许可”")
    call("receipt", "HLD-000004-J", "别的", "--stage", "1", *at, code=2, said="没有这种凭证")
    witness(first)
    rotation()


def quick_response(at):
    """The text of the codes: one for most receipts, two for a long one; in any order; all of them and of one receipt."""
    def codes(kind):
        return call("receipt", "HLD-000004-J", kind, "--stage", "1", *at, "--qr")
    kinds = {"受理": "stage.accepted", "事项决定": "item.decided", "出件": "stage.certified"}
    short = next((k for k in kinds if codes(k).startswith("YICHUANG1/1/1/")), "受理")  # which of them is short follows from the demonstration
    accepted, submitted, said = codes(short), codes("收件"), kinds[short]
    check(accepted.startswith("YICHUANG1/1/1/") and len(submitted.splitlines()) == 2, "one code, and two", accepted)
    outside("gm.key.pub", save("gm-受理.qr", accepted), said=said, flips=True)
    outside("gm.key.pub", save("gm-受理-whole.qr", accepted.rstrip("\n")), said=said)
    outside("gm.key.pub", save("gm-收件.qr", submitted), said="stage.submitted", flips=True)
    one, two = submitted.splitlines()
    outside("gm.key.pub", save("gm-turned.qr", two + "\n" + one), said="stage.submitted")
    wrong = {"first": one, "second": two, "twice": one + "\n" + one, "mixed": one + "\n" + accepted.rstrip("\n").replace("/1/1/", "/2/2/"),
             "empty line": one + "\n\n" + two, "space": submitted.replace("/2/", "/2/ ", 1), "lower": accepted.lower(), "none": "YICHUANG1/",
             "cut": accepted[:-2], "longer": accepted.rstrip("\n") + "0", "windows": submitted.replace("\n", "\r\n"), "zero": accepted.replace("/1/1/", "/0/1/")}
    for name, text in wrong.items():
        outside("gm.key.pub", save(f"gm-{name}.qr", text), good=False)
    for kind in ("事项决定", "出件"):
        outside("gm.key.pub", save(f"gm-{kind}.qr", codes(kind)), said="project/4")
    # Packed in another way, with a right check: the same receipt. Packed with something behind it, or cut short: none.
    file = pathlib.Path("gm-受理.txt").read_bytes()
    packed = zlib.compressobj(0, zlib.DEFLATED, -15)
    packed = packed.compress(file) + packed.flush()
    fixed = zlib.compressobj(9, zlib.DEFLATED, -15, 8, zlib.Z_FIXED)
    outside("gm.key.pub", save("gm-stored.qr", letters(packed)), said="stage.accepted")
    outside("gm.key.pub", save("gm-fixed.qr", letters(fixed.compress(file) + fixed.flush())), said="stage.accepted")
    outside("gm.key.pub", save("gm-behind.qr", letters(packed + b"x")), good=False)
    outside("gm.key.pub", save("gm-short.qr", letters(packed[:-1])), good=False)


def letters(packed):
    digits, out = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-.:", ""
    packed += zlib.crc32(packed).to_bytes(4, "big")
    for i in range(0, len(packed), 2):
        v = int.from_bytes(packed[i:i + 2], "big")
        for k in ((1681, 41, 1) if i + 1 < len(packed) else (41, 1)):
            out += digits[v // k % 41]
    return f"YICHUANG1/1/1/{out}\n"


@contextlib.contextmanager
def site(store):
    """A copy is served: what a server does by itself each day would make the journal longer."""
    shutil.rmtree("served", ignore_errors=True)
    shutil.copytree(store, "served")
    server = subprocess.Popen([program, "serve", "--store", "served", "--policy", policy, "--port", "0"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    try:
        line = ""
        while "http://" not in line:
            line = server.stdout.readline().decode()
            check(line, f"the server of {store} starts")
            if not line:
                return
        yield re.search(r"http://[0-9.:]+", line)[0]
    finally:
        server.terminate()
        server.wait()


def public(store, **kept):
    """What the public page of a store says to somebody who kept a head: word for word the name of the verdict."""
    with site(store) as url:
        for verdict, head in kept.items():
            query = urllib.parse.urlencode({"kept": head.replace("\n", "\r\n")})
            try:
                page = urllib.request.urlopen(f"{url}/s/compare?{query}", timeout=30).read().decode()
            except urllib.error.HTTPError as e:
                page = f"refused {e.read().decode()}"
            words = {"good": "相符：", "older": "恢复了较早的备份", "fork": "分叉：", "rewritten": "日志被改写过", "refused": "refused"}
            check([w for w, text in words.items() if text in page] == [verdict], f"the public page of {store} says {verdict}", page[-2500:])
            if verdict == "fork":
                file = html_module.unescape(re.search(r"<pre>(.*?)</pre>", page, re.S)[1])
                outside("gm.key.pub", save("gm.public-fork", file), good=False, said="fork")
        broken = urllib.request.urlopen(f"{url}/s/checkpoints", timeout=30).read().decode()
        check("签名无效" not in broken, f"the heads of {store} are signed")


def witness(first):
    look = ("witness", "--keep", "kept", "--key", "gm.key.pub")
    sizes = [first.split("\n")[1]]
    call(*look, "--store", "gm", said="已留存第一个")
    check(pathlib.Path("kept").read_text() == first, "the first head is kept as it is")
    shutil.copytree("gm", "backup")
    user("gm", "li")
    call(*look, "--store", "gm", said="收下")  # the head has not changed
    second = call("checkpoint", "--store", "gm", "--key", "gm.key")
    call("checkpoint", "--store", "gm", "--key", "gm.key", said="没有新的办理")
    sizes.append(second.split("\n")[1])
    proof = call("checkpoint", "proof", *sizes, "--store", "gm")
    outside("gm.key.pub", save("gm.proof", proof), said="older checkpoint")
    call(*look, save("gm.head2", second), code=2, said=f"checkpoint proof {sizes[0]} {sizes[1]}")
    call(*look, "gm.proof", said="收下")
    check(pathlib.Path("kept").read_text() == second, "the second head is kept")
    # The house restores its old backup, heads and all
    call(*look, "--store", "backup", code=1, said="恢复了较早的备份")
    call(*look, "gm.head", code=1, said="旧")
    public("backup", older=second, good=first, refused=first.replace("time 2", "time 3"))
    public("gm", good=first)
    # …and goes on from it with other people: two heads of one size
    user("backup", "wang2")
    fork = call("checkpoint", "--store", "backup", "--key", "gm.key")
    check(fork.split("\n")[1] == sizes[1] and fork != second, "a fork has the same size", fork)
    call(*look, "--store", "backup", code=1, said="分叉")
    call(*look, save("gm.fork", fork), code=1, said="分叉")
    public("backup", fork=second, good=fork)
    public("gm", fork=fork, good=second)
    outside("gm.key.pub", save("gm.two-heads", "yichuang-consistency/1\n\n" + second + "\n" + fork), good=False, said="fork")
    # …and on, beyond what was kept
    user("backup", "zhao2")
    call("checkpoint", "--store", "backup", "--key", "gm.key")
    call(*look, "--store", "backup", code=1, said="分叉")
    os.remove(f"backup/proof/checkpoint/{int(sizes[1]):016}")
    call(*look, "--store", "backup", code=1, said="不是留存的")
    public("backup", rewritten=second, good=first)
    call(*look, "--store", "gm", said="收下")
    check(pathlib.Path("kept").read_text() == second, "nothing that was refused is kept")
    call("verify", "--store", "gm", "--policy", policy)


def rotation():
    old = pathlib.Path("gm.key.pub").read_text()
    save("old.pub", old)
    call("key", "make", "gm.key", "--name", "yichuang.gm", code=2, said="key rotate")
    call("key", "rotate", "gm.key")
    lines = [x for x in pathlib.Path("gm.key.pub").read_text().splitlines() if x[0] != "#"]
    check(len(lines) == 2 and not lines[0].endswith(" -") and lines[1].endswith(" -"), "the old key stays with its end", lines)
    user("gm", "sunny")
    save("gm.head3", call("checkpoint", "--store", "gm", "--key", "gm.key"))
    outside("gm.key.pub", "gm.head3")
    outside("old.pub", "gm.head3", good=False)
    call("witness", "--keep", "kept", "--key", "gm.key.pub", "--store", "gm", said="收下")


def intl():
    call("init", "--store", "intl", "--suite", "intl")
    call("key", "make", "bad.key", "--name", "has space", code=2)
    call("key", "make", "wrong.key", "--name", "yichuang.intl")
    call("key", "make", "intl.key", "--name", "yichuang.intl", "--suite", "intl")
    user("intl", "chen")
    call("checkpoint", "--store", "intl", "--key", "wrong.key", code=2, said="--suite")
    save("intl.head", call("checkpoint", "--store", "intl", "--key", "intl.key"))
    outside("intl.key.pub", "intl.head", said="Ed25519/SHA-256", flips=True)
    for n in range(4):
        user("intl", f"user{n}")
    call("checkpoint", "--store", "intl", "--key", "intl.key")
    outside("intl.key.pub", save("intl.txt", third_hand("intl", 2)), said="VALID", flips=True)
    other = third_hand("intl", 1).replace("index 1\n", "index 2\n")
    outside("intl.key.pub", save("intl-other.txt", other), good=False)
    outside("gm.key.pub", "intl.head", good=False)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    gm()
    intl()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for keys, (ok, why) in zip(asked, pool.map(page, asked)):
            check(ok, f"the page, with {keys}: {asked[keys]}", why)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
