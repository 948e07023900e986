# SPDX-License-Identifier: Apache-2.0
"""S14: the archive of a case."""
import csv
import hashlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import api
import client
from steps import code, run, through, who

WORK = pathlib.Path(os.environ["WORK"])
AT = ["--store", str(WORK / "store"), "--policy", "policies/huludao"]
FIRST, SECOND = api.PDF, api.PDF.replace(b"trailer", b"% the second version\ntrailer")


def program(*args, code=0):
    r = subprocess.run([os.environ["PROGRAM"], *args], capture_output=True, text=True)
    assert r.returncode == code, (args, r.returncode, r.stdout[-800:], r.stderr[-800:])
    return r.stdout


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def index_of(folder):
    return list(csv.DictReader(io.StringIO((folder / "index.csv").read_text())))


def test_s14_1_one_case_becomes_a_folder_with_an_index(state):
    owner, clerk = who("owner"), who("wang")
    no = state["no"] = api.register(owner, code(), "归档示例")
    stream = f"project/{no}"
    api.submit(owner, no)
    for unit in clerk.view(f"/w/c/{no}/1")["asked"]["units"]:
        who(f"ap-{unit['unit']}").ask("stage.report", stream, stage=1, missing=[])
    clerk.ask("stage.request-correction", stream, stage=1, missing=[{"what": "红线图", "why": "坐标系不对"}])
    api.PDF = SECOND
    through(no, 1)  # what is handed in now is the correction
    api.PDF = FIRST
    state["number"] = clerk.view(f"/w/p/{no}")["number"]
    program("checkpoint", *AT, "--key", str(WORK / "key"))
    folder = state["folder"] = WORK / "archive"
    said = program("archive", state["number"], str(folder), *AT)
    files, rows = files_of(folder), index_of(folder)
    assert {r["path"] for r in rows} | {"index.csv", "index.html", "SHA256SUMS", "SM3SUMS"} == set(files), said
    assert f"{len(files)} 个文件" in said, said
    page = (folder / "index.html").read_text()
    links = re.findall(r'<a href="([^"]+)">', page)
    assert len(links) == len(rows) and "归档目录" in page and "没有凭证" not in page, len(links)
    assert "已经有了" in subprocess.run([os.environ["PROGRAM"], "archive", state["number"], str(folder), *AT], capture_output=True, text=True).stderr


def test_s14_2_each_file_has_its_hash_and_a_name(state):
    folder = state["folder"]
    kinds = set()
    for r in index_of(folder):
        data = (folder / r["path"]).read_bytes()
        kinds.add(r["kind"])
        assert r["sha256"] == hashlib.sha256(data).hexdigest() and int(r["size"]) == len(data), r
        assert r["sm3"] == hashlib.new("sm3", data).hexdigest(), r
        if r["kind"] in ("申请表", "材料", "文书", "证件", "凭证"):
            assert r["by"] and r["time"].startswith("2026-11-25T"), r
        if r["kind"] in ("申请表", "材料", "文书", "证件"):
            assert r["handler"], r
    assert kinds == {"申请表", "材料", "文书", "证件", "意见", "办理记录", "凭证", "公钥"}, kinds
    first = next(r for r in index_of(folder) if r["kind"] == "材料" and r["version"] == "1")
    assert first["by"] == "张某" and first["handler"] == "王某", first  # 申请人, 窗口
    opinions = (folder / "opinions.html").read_text()
    assert "同意，符合条件" in opinions and "通过" in opinions and "同意派转" in opinions
    for r in index_of(folder):
        if r["path"].endswith(".pdf") and r["kind"] in ("文书", "证件"):
            assert (folder / r["path"]).read_bytes().startswith(b"%PDF-"), r
    whole = b"".join(files_of(folder).values())
    assert b"13800001234" not in whole and b"v1." not in (folder / "submissions/stage-1/v1/form.html").read_bytes()


def test_s14_3_what_was_replaced_stays_readable(state):
    folder = state["folder"]
    old = [r for r in index_of(folder) if r["kind"] == "材料" and r["stage"] == "1" and r["version"] == "1"]
    new = [r for r in index_of(folder) if r["kind"] == "材料" and r["stage"] == "1" and r["version"] == "2"]
    assert old and new, (len(old), len(new))
    assert all((folder / r["path"]).read_bytes() == FIRST for r in old)
    assert all((folder / r["path"]).read_bytes() == SECOND for r in new)
    assert {r["title"] for r in new} <= {r["title"] for r in old}


def test_the_receipt_of_each_act_proves_itself_offline(state):
    folder = state["folder"]
    receipts = sorted(str(p) for p in (folder / "receipts").iterdir())
    acts = (folder / "acts.html").read_text().count("<tr>") - 1
    assert len(receipts) == acts > 10, (len(receipts), acts)
    r = subprocess.run([os.environ["VERIFIER"], str(folder / "keys.pub"), *receipts], capture_output=True, text=True)
    assert r.returncode == 0, r.stdout[-500:] + r.stderr[-500:]


def test_one_changed_byte_is_found(state):
    said = program("archive", "check", str(state["folder"]))
    assert "与清单一致" in said, said
    r = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=state["folder"], capture_output=True, text=True)
    assert r.returncode == 0, r.stdout
    copy = WORK / "copy"
    for name in [r["path"] for r in index_of(state["folder"])][::9] + ["index.csv", "index.html"]:
        shutil.copytree(state["folder"], copy)
        data = bytearray((copy / name).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / name).write_bytes(data)
        said = program("archive", "check", str(copy), code=1)
        assert said.splitlines()[:2] == [f"{name}：与 SHA-256 散列不符，被改动过", f"{name}：与 SM3 散列不符，被改动过"], said
        shutil.rmtree(copy)
    shutil.copytree(state["folder"], copy)
    (copy / "acts.html").unlink()
    (copy / "submissions" / "more.txt").write_text("x")
    said = program("archive", "check", str(copy), code=1)
    assert "acts.html：清单里有，目录里没有" in said and "submissions/more.txt：不在清单里" in said, said
    assert "不是一份归档" in subprocess.run([os.environ["PROGRAM"], "archive", "check", str(WORK)], capture_output=True, text=True).stderr


def test_the_page_gives_the_same_as_one_file(state):
    no = state["no"]
    page = client.as_user("wang").get(f"/archive/{no}")
    assert page.status == 200 and "submissions/stage-1/v2/" in page.text and "王某" in page.text
    r = client.as_user("wang").get(f"/archive/{no}/zip")
    assert r.status == 200 and r.get("content-type") == "application/zip" and "attachment" in r.get("content-disposition"), r.status
    with zipfile.ZipFile(io.BytesIO(r.body)) as z:
        assert z.testzip() is None
        inside = {n.split("/", 1)[1]: z.read(n) for n in z.namelist()}
    outside = files_of(state["folder"])
    assert set(inside) == set(outside)
    differ = {n for n in inside if inside[n] != outside[n]}
    assert differ <= {"index.html", "SHA256SUMS", "SM3SUMS"}, differ  # the index says when it was made
    assert client.as_user("owner").get(f"/archive/{no}/zip").status == 403
    assert client.as_user("wu").get(f"/archive/{no}").status == 200
    assert client.as_user("wang").get("/archive/99").status == 404


def test_acts_after_the_last_head_have_no_receipt_yet_and_the_index_says_so(state):
    no = state["no"]
    api.submit(who("owner"), no, 2)
    folder = WORK / "later"
    said = program("archive", state["number"], str(folder), *AT)
    assert "还没有凭证" in said and "还有 1 条记录没有凭证" in (folder / "index.html").read_text(), said
    assert "与清单一致" in program("archive", "check", str(folder))
    program("archive", "HLD-000099-X", str(WORK / "none"), *AT, code=2)
    program("archive", state["number"], code=2)


run(globals())
