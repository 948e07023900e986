# SPDX-License-Identifier: Apache-2.0
"""Proofs from outside: the program signs and gives out, two verifiers that share nothing with it check.

  main.py PROGRAM VERIFIER HTML

One store of each suite. Receipts of the store with Ed25519 are also made here, from journal.db and docs/proofs.md alone:
a third hand that must agree with the others."""
import base64
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

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
    asked.setdefault(keys, []).extend([file, "flips" if flips else "good" if good else "bad"])


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
    for kind in ("收件", "受理"):
        text = call("receipt", "HLD-000004-J", kind, "--stage", "1", *at)
        outside("gm.key.pub", save(f"gm-{kind}.txt", text), said="project/4", flips=kind == "受理")
    call("receipt", "HLD-000004-J", "不予许可", "--stage", "1", *at, code=2, said="还没有“不予许可”")
    call("receipt", "HLD-000004-J", "别的", "--stage", "1", *at, code=2, said="没有这种凭证")
    witness(first)
    rotation()


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
    # …and goes on from it with other people: two heads of one size
    user("backup", "wang2")
    fork = call("checkpoint", "--store", "backup", "--key", "gm.key")
    check(fork.split("\n")[1] == sizes[1] and fork != second, "a fork has the same size", fork)
    call(*look, "--store", "backup", code=1, said="分叉")
    call(*look, save("gm.fork", fork), code=1, said="分叉")
    outside("gm.key.pub", save("gm.two-heads", "yichuang-consistency/1\n\n" + second + "\n" + fork), good=False, said="fork")
    # …and on, beyond what was kept
    user("backup", "zhao2")
    call("checkpoint", "--store", "backup", "--key", "gm.key")
    call(*look, "--store", "backup", code=1, said="分叉")
    os.remove(f"backup/proof/checkpoint/{int(sizes[1]):016}")
    call(*look, "--store", "backup", code=1, said="不是留存的")
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
