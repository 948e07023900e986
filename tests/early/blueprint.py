# SPDX-License-Identifier: Apache-2.0
"""S30 with its values, through pages and interface: the one blueprint, the check of a project, what it does in the case. Imported by main.py."""
import html
import json
import re

import api
import client
from steps import FIRM, page, register, uscc_of, who

EAST, NORTH = 111200.0 * 0.7585, 111040.0  # metres of a degree at 40.7°N, to a few parts in a thousand


def box(x, y, w, h, lon=120.85, lat=40.71):
    """A rectangle of metres as GeoJSON, in a file as people have it."""
    at = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
    ring = [[round(lon + a / EAST, 9), round(lat + b / NORTH, 9)] for a, b in at]
    return json.dumps({"type": "Feature", "properties": {"name": "示例"}, "geometry": {"type": "Polygon", "coordinates": [ring]}})


def publish(layer, shape, unit="natural-resources"):
    a, head = who(f"ap-{unit}"), who(f"hd-{unit}")
    no = a.ask("layer.propose", layer=layer, source="测试数据", date="2026-11-01", basis="测试批准文件", sample=True, shape=shape)["answer"]["no"]
    a.ask("layer.publish", f"layer/{layer}", status=403, version=no)
    head.ask("layer.publish", f"layer/{layer}", version=no)


def submitted(state, key, **more):
    no = register("owner", uscc_of("owner"), FIRM, name=f"蓝图检查{key}", **more)
    api.submit(who("owner"), no, 1)
    state[key] = no
    return no


def checked(no, shape, account="owner", **more):
    """By the form, as a file; the number of the check."""
    path = f"/my/{no}/map" if account == "owner" else f"/w/map/case/{no}"
    page(account, path)
    typed = [("act", "check")] + list({"reclaim": "false", "industry": "allowed", **more}.items())
    r = client.as_user(account).files(path, typed, [("file", "用地.geojson", shape.encode())])
    assert r.status == 303, (r.status, r.text[:1500])
    return r.get("location").rsplit("/", 1)[1]


def row(no, layer, account="wang"):
    view = who(account).view(f"/map/check/{no}")
    return view, next(r for r in view["rows"] if r["code"] == layer)


def test_s30_1_two_hectares_over_the_red_line(state):
    publish("ecological-redline", box(170, -500, 1000, 2000))
    publish("urban-boundary", box(-3000, -3000, 6000, 6000))
    publish("marine-redline", box(9000, 0, 500, 500), "ecology-environment")
    no = submitted(state, "red")
    check = checked(no, box(0, 0, 200, 100))
    view, red = row(check, "ecological-redline")
    assert abs(float(red["area"]) - 0.3) < 0.003 and abs(float(view["area"]) - 2) < 0.02, (red["area"], view["area"])
    assert red["result"] == "conflict" and red["clause"] == "D60-4.12-p1" and red["rings"], red
    assert row(check, "urban-boundary")[1]["result"] == "inside" and row(check, "wetland")[1]["result"] == "nodata"
    text = page("wang", f"/w/c/{no}/1")
    assert "不能直接受理" in text and f"与生态保护红线重叠 {red['area']} 公顷" in text and "把用地边界移到红线以外" in text
    assert 'value="accept">受理' not in text, "no button that would be refused"
    refused = who("wang").ask("stage.accept", f"project/{no}", status=409, stage=1)
    assert "不能直接受理" in refused["detail"] and refused["clause"] == "D60-4.12-p1", refused
    assert "1 项冲突" in page("owner", f"/my/{no}") and client.as_user("owner2").get(f"/map/check/{check}").status == 404
    moved = checked(no, box(-40, 0, 200, 100))
    assert f"/map/check/{moved}" in page("wang", f"/map/check/{check}"), "the newest counts"
    who("wang").ask("stage.accept", f"project/{no}", stage=1)


def test_s30_1_the_report_is_frozen_downloadable_and_computed_again(state):
    check = next(c["no"] for c in who("wang").view("/w/map?view=conflicts")["checks"])
    before = who("wang").view(f"/map/check/{check}")
    publish("ecological-redline", box(100, -500, 1000, 2000))
    after = who("wang").view(f"/map/check/{check}?again=1")
    assert after["again"] == "same" and after["digest"] == before["digest"] == after["again_digest"]
    assert "重算一致" in page("wang", f"/map/check/{check}?again=1")
    pdf = client.as_user("owner").get(f"/map/check/{check}/pdf")
    assert pdf.status == 200 and pdf.body.startswith(b"%PDF"), pdf.status
    file = client.as_user("owner").get(f"/map/check/{check}/file").json
    assert [f["properties"].get("code") for f in file["features"]] == [None, "ecological-redline", "urban-boundary"], file["features"]


def test_s30_2_new_reclamation_is_not_accepted_with_the_words_of_the_document(state):
    no = submitted(state, "sea")
    check = checked(no, box(-900, 0, 100, 100), "wang", reclaim="true")
    assert row(check, "reclamation")[1]["clause"] == "D13-2.1.1"
    text = page("wang", f"/w/c/{no}/1")
    assert "全面停止新增围填海项目审批" in text and "报国务院审批" in text
    who("wang").ask("stage.accept", f"project/{no}", status=409, stage=1)
    clause = client.Jar().get("/clause/D13-2.1.1").text
    assert "除党中央、国务院、中央军委确定的国家重大战略项目外，全面停止新增围填海项目审批。" in clause
    national = checked(no, box(-900, 0, 100, 100), "wang", reclaim="true", national="true")
    assert row(national, "reclamation")[1]["result"] == "warn"
    checked(no, box(-900, 0, 100, 100), "wang", reclaim="true")
    ready = dict(client.fields_of(page("wang", f"/w/c/{no}/1")))
    assert ready["article"].startswith("葫政发〔2019〕13号 ") and "全面停止新增围填海项目审批" in ready["reason"] and "报国务院审批" in ready["where"], ready
    r = client.as_user("wang").post(f"/w/c/{no}/1", [("act", "not-accept")] + [(k, ready[k]) for k in ("reason", "article", "where")])
    assert r.status == 303, r.status
    assert "不予受理" in page("owner", f"/my/{no}")


def test_what_the_page_writes_for_two_conflicts_is_taken_as_it_stands(state):
    """Reclaimed land over the red line of the sea: two clauses, each cited, in the notice as in the refusal."""
    no = submitted(state, "sea and line")
    checked(no, box(9100, 100, 100, 100), "wang", reclaim="true")
    for unit in who("wang").view(f"/w/c/{no}/1")["asked"]["units"]:
        who(f"ap-{unit['unit']}").ask("stage.report", f"project/{no}", stage=1, missing=[])
    ready = dict(client.fields_of(page("wang", f"/w/c/{no}/1")))
    assert ready["article"].count("葫政发〔2019〕13号 ") == 2 and ready["article"] in ready["missing"], ready
    r = client.as_user("wang").post(f"/w/c/{no}/1", [("act", "notice"), ("missing", ready["missing"])])
    assert r.status == 303, (r.status, r.text[:3000])
    assert "用地范围" in page("owner", f"/my/{no}/stage/1")


def test_s30_3_restricted_industry_on_wetland_is_blocked(state):
    publish("wetland", box(-2000, 0, 500, 500))
    no = submitted(state, "wet")
    check = checked(no, box(-1900, 0, 100, 100), industry="restricted")
    view, wet = row(check, "wetland")
    assert wet["result"] == "conflict" and view["blocks"] == 1 and wet["clause"] == "D13-2.4.2", wet
    who("wang").ask("stage.accept", f"project/{no}", status=409, stage=1)
    view, wet = row(checked(no, box(-1900, 0, 100, 100)), "wetland")
    assert wet["result"] == "warn" and view["blocks"] == 0, wet
    who("wang").ask("stage.accept", f"project/{no}", stage=1)
    items = [i["code"] for i in who("wang").view(f"/w/c/{no}/1")["slip_items"]]
    who("wang").ask("stage.draft-slip", f"project/{no}", stage=1, items=items, opinion="同意派转")
    who("zhao").ask("stage.dispatch", f"project/{no}", stage=1, opinion="同意")
    item = who("wang").view(f"/w/c/{no}/1")["here"]["items"][0]
    assert "项需注意" in page(f"ap-{item['unit']}", f"/w/t/{no}/1/{item['code']}"), "the approver sees the check"


def test_s30_4_layers_go_to_the_province_and_to_everybody(state):
    export = client.Jar().get("/map/export").json
    names = [f["properties"]["layer"] for f in export["features"]]
    assert "marine-redline" in names and all(f["properties"]["crs"].endswith("（EPSG:4490）") for f in export["features"]), names
    public = client.Jar().get("/map")
    assert public.status == 200 and len(public.text) < 30000 and "示例" in public.text and "CGCS2000" in public.text
    assert 'class="ly ly7 off"' in client.Jar().get("/map?shown=1&on%5B%5D=marine-redline").text
    assert client.Jar().get("/map/layer/wetland").status == 200 and client.Jar().get("/map/layer/nowhere").status == 404
    proposed = who("ap-natural-resources").ask("layer.propose", layer="wetland", source="测试数据", date="2026-11-01", basis="测试批准文件", shape=box(0, 0, 9, 9))["answer"]["no"]
    assert client.Jar().get(f"/map/layer/wetland/{proposed}/file").status == 404, "not before it is published"
    other = client.as_user("ap-housing-construction").get("/w/map/layer/wetland").text  # led there, others see that it waits
    assert f"第 {proposed} 版" in other and f"/map/layer/wetland/{proposed}/file" not in other and "批准公布" not in other
    assert "等批准的版本" in page("hd-natural-resources", "/w/map")
    r = client.as_user("hd-natural-resources").files("/w/map/layer/wetland", [("act", "refuse"), ("reason", "范围与批准文件的附图不一致")], [])
    assert r.status == 303, (r.status, r.text[:800])


def test_a_plot_is_tried_without_a_trace(state):
    page("owner", "/map/pick")
    jar, before = client.as_user("owner"), who("wang").view("/w/map")["total"]
    r = jar.files("/map/pick", [("act", "pick"), ("shape", "120.8525,40.7101\n120.8535,40.7101\n120.8535,40.7110\n120.8525,40.7110"), ("category", "industry")], [])
    assert r.status == 200 and "1 项冲突" in r.text and "第一阶段要办的事项" in r.text, (r.status, r.text[:500])
    bad = jar.files("/map/pick", [("act", "pick"), ("shape", "120.1,40.1\n120.2,40.2\n120.2,40.1\n120.1,40.2")], [])
    assert bad.status == 422 and "边线自己相交" in bad.text and "120.2,40.1" in bad.text, bad.status
    far = jar.files("/map/pick", [("act", "pick")], [("file", "地.geojson", box(0, 0, 10, 10, 116.4, 39.9).encode())])
    assert far.status == 422 and "不在本市范围" in far.text and "MultiPolygon" in far.text, far.status
    assert who("wang").view("/w/map")["total"] == before


def test_anybody_tries_a_plot_and_brings_it_along(state):
    """No account, no script: the result, what it means, and the plot goes with the registration to the check of the project."""
    jar, before = client.Jar(), who("wang").view("/w/map")["total"]
    form = jar.get("/map/pick")
    assert form.status == 200 and "不用登录" in form.text and "/map/pick" in jar.get("/map").text
    plot = "120.8525,40.7101\n120.8535,40.7101\n120.8535,40.7110\n120.8525,40.7110"
    r = jar.files("/map/pick", [("act", "pick"), ("shape", plot), ("category", "industry")], [])
    assert r.status == 200 and "1 项冲突" in r.text and "对项目意味着什么" in r.text and "第一阶段要办的事项" in r.text, (r.status, r.text[:500])
    assert 'href="/map/layer/' in r.text and 'href="/clause/' in r.text and "先登录" in r.text
    along = html.unescape(re.search(r'href="(/my/new\?plot=[^"]+)"', r.text)[1])
    assert len(along) < 6200 and jar.get(along).get("location").startswith("/login?next=%2Fmy%2Fnew%3Fplot%3D120.8525_40.7101~"), along
    most = "\n".join(f"{120.85 + i / 1e5:.6f},{40.71 + (i % 2) / 1e6:.6f}" for i in range(600)) + "\n120.853,40.72"
    assert jar.files("/map/pick", [("act", "pick"), ("shape", most)], []).status == 422, "more points than a visitor may ask for"
    assert client.Jar().files("/map/pick", [("act", "pick"), ("file", "x")], [("file", "a.geojson", b"x" * 60000)]).status in (400, 403, 422)
    assert who("wang").view("/w/map")["total"] == before
    english = jar.files("/en/map/pick", [("act", "pick"), ("shape", plot), ("category", "industry")], []).text.split("<main")[1].split("</main")[0]
    assert "What it means for a project" in english and "Approvals of the first stage" in english
    owner = client.as_user("owner")
    text = owner.get(along).text
    assert "带来了试算过的地块" in text and 'name="plot" value="120.8525_40.7101~' in text, text[:3000]
    fields = api.registration(text, "2304-211403-04-01-137788", "带着地块登记示例") + [("plot", along.split("plot=")[1].split("&")[0])]
    sent = owner.post("/my/new", fields)
    assert sent.status == 303 and re.match(r"/my/\d+/map\?plot=120\.8525_", sent.get("location")), (sent.status, sent.get("location"), sent.text[:1500])
    check = owner.get(sent.get("location")).text
    assert "120.8525,40.7101\n120.8535,40.7101" in html.unescape(check) and "试算过的地块已经填好" in check
    assert client.as_user("owner").get("/my/new?plot=" + "9" * 400).status == 200


def test_layers_and_the_trial_are_found(state):
    text = client.Jar().get("/s?q=" + "".join(f"%{b:02X}" for b in "海洋生态红线".encode())).text
    assert "/map/layer/marine-redline" in text, text[:2000]
    assert "/map/pick" in client.Jar().get("/s?q=" + "".join(f"%{b:02X}" for b in "选址试算".encode())).text
