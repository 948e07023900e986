# SPDX-License-Identifier: Apache-2.0
"""S12 with areas: a region is drawn, and the plot of a project says who lies inside. Imported by main.py, behind blueprint.py."""
import api
import client
from blueprint import box, checked, row
from steps import FIRM, page, register, uscc_of, who

ZONE = "葫芦岛经济开发区北区"
NEEDS_NONE = "共享区域成果，无需单独编报"
GROUND = dict(special_site="true", geo_hazard="true", water_soil="false", near_river="false", mineral="false", seismic="false", heritage="false", forest="false")
AREA = box(-2000, -2000, 1000, 1000)
INSIDE, NEAR, ACROSS = box(-1500, -1500, 100, 100), box(-950, -1500, 100, 100), box(-1050, -1500, 100, 100)


def lines(shape):
    import json
    ring = json.loads(shape)["geometry"]["coordinates"][0][:-1]
    return "\n".join(f"{x},{y}" for x, y in ring)


def project(name, plot, **facts):
    no = register("owner", uscc_of("owner"), FIRM, name=name)
    checked(no, plot)
    return no


def report_of(no):
    return next(m for m in who("owner").view(f"/my/{no}/stage/1")["materials"] if m["code"] == "geo-report")


def saved(no, **typed):
    """The draft with this ground, as a browser without script posts it."""
    typed = dict(GROUND, **typed)
    fields = [(k, v) for k, v in client.fields_of(page("owner", f"/my/{no}/stage/1")) if k.startswith("f_") and k[2:] not in typed]
    r = client.as_user("owner").files(f"/my/{no}/stage/1", fields + [(f"f_{k}", v) for k, v in typed.items()] + [("draft", "1")], [])
    assert r.status == 303, (r.status, r.text[:600])


def test_s12_1_a_region_is_drawn_and_its_assessment_attached(state):
    dr = who("ap-development-reform")
    no = dr.ask("region.add", name=ZONE, kind="zone", county="longgang", boundary="东至滨海路，西至疏港路", body="开发区管理委员会")["answer"]["no"]
    state["zone"] = no
    blob = who("owner").jar.send("POST", "/api/v1/blobs", None, api.PDF, "application/pdf").json["blob"]
    dr.ask("region.assess", f"region/{no}", kind="geology", body="市自然资源局", doc="葫自然资评示例9号", since="2026-11-25", until="2026-12-08",
           requirements="坡脚 30 米内不得开挖，边坡按评估措施支护。", files=[{"blob": blob, "name": "北区地灾评估.pdf", "size": len(api.PDF)}])
    jar, path = client.as_user("ap-development-reform"), f"/w/regions/{no}/draw"
    assert client.as_user("ap-natural-resources").get(path).status == 403
    page("ap-development-reform", path)
    knot = jar.files(path, [("act", "draw"), ("shape", "120.82,40.69\n120.83,40.70\n120.83,40.69\n120.82,40.70"), ("basis", "测试批准文件"), ("sample", "true")], [])
    assert knot.status == 422 and "边线自己相交" in knot.text and "120.82,40.70" in knot.text, knot.status
    done = jar.files(path, [("act", "draw"), ("shape", lines(AREA)), ("basis", "测试批准文件"), ("sample", "true")], [])
    assert done.status == 303 and done.get("location") == f"/w/regions/{no}", (done.status, done.text[:600])
    public = client.Jar().get(f"/s/regions/{no}").text
    assert "测试批准文件" in public and 'class="plot"' in public and "示例" in public
    everybody = client.Jar().get("/map/region").text
    assert ZONE in everybody and "2026-12-08" in everybody and 'class="ly ly9' in everybody
    shape = client.Jar().get(f"/s/regions/{no}/shape").json["features"][0]
    assert abs(float(shape["properties"]["area_ha"]) - 100) < 0.5 and shape["properties"]["sample"] is True, shape["properties"]
    layers = [f["properties"] for f in client.Jar().get("/map/export").json["features"] if f["properties"]["layer"] == "assessed-region"]
    assert len(layers) == 1 and layers[0]["version"] == 1, "what is drawn is the layer, without anybody's doing"
    by_hand = dr.ask("layer.propose", status=409, layer="assessed-region", source="测试数据", date="2026-11-01", basis="测试批准文件", shape=AREA)
    assert "由登记的区域自动汇成" in by_hand["detail"]


def test_s12_2_a_project_whose_plot_lies_inside_shares_without_naming_the_region(state):
    no = project("范围内的项目", INSIDE)
    view = who("owner").view(f"/my/{no}/stage/1")
    chosen = [c["value"] for f in view["fields"] if f["name"] == "f_region" for c in f["choices"] if c["chosen"]]
    assert chosen == [ZONE], chosen
    saved(no, region="")
    report = report_of(no)
    assert report["known"]["label"].startswith(NEEDS_NONE), report
    form = page("owner", f"/my/{no}/stage/1")
    assert NEEDS_NONE in form and "用地全部在区域内" in form
    check = who("owner").view(f"/my/{no}/map")["checks"][0]["no"]
    assert "全部在区域内" in page("owner", f"/map/check/{check}") and row(check, "assessed-region")[1]["result"] == "inside"
    api.submit(who("owner"), no, 1, **dict(GROUND, region=""))
    window = page("wang", f"/w/c/{no}/1")
    assert NEEDS_NONE in window and "用地全部在这个区域内" in window and "请按红线图核对" not in window
    values = {v["label"]: v["value"] for v in who("wang").view(f"/w/c/{no}/1")["values"]}
    assert values["所在区域"] == ZONE, "what the map says stands in the form"
    state["within"] = no


def test_s12_3_a_project_50_m_outside_still_needs_it(state):
    no = project("五十米外的项目", NEAR)
    saved(no)
    assert "known" not in report_of(no) and not report_of(no)["optional"]
    saved(no, region=ZONE)
    assert "known" not in report_of(no)
    form = page("owner", f"/my/{no}/stage/1")
    assert "离它的边界约 50 米" in form and NEEDS_NONE not in form, "it says why"
    filled = {k[2:]: v for k, v in api.answers(who("owner").view(f"/my/{no}/stage/1")["fields"]).items()}
    saved(no, **{**filled, **GROUND, "region": ZONE})
    page("owner", f"/my/{no}/stage/1/check")
    r = client.as_user("owner").post(f"/my/{no}/stage/1/check", [])
    assert r.status == 422 and "离它的边界约 50 米，仍要单独编报。请不选这个区域，或者调整用地，重新做蓝图检查" in r.text, (r.status, r.text[r.text.find("errsum"):][:900])
    api.submit(who("owner"), no, 1, **dict(GROUND, region=""))
    files = who("wang").view(f"/w/c/{no}/1")["files"]
    assert next(f for f in files if f["material"] == "地质灾害危险性评估报告")["source"] == ""


def test_s12_a_plot_across_the_border_is_not_inside_and_it_says_how_much(state):
    no = project("跨边界的项目", ACROSS)
    saved(no)
    form = page("owner", f"/my/{no}/stage/1")
    assert "known" not in report_of(no) and "0.5" in form and "部分在内的仍要单独编报" in form, form[:3000]
    check = who("owner").view(f"/my/{no}/map")["checks"][0]["no"]
    assert "部分在区域内" in page("owner", f"/map/check/{check}")


def test_s12_the_window_moves_the_plot_and_sees_that_it_left_the_region(state):
    no = state["within"]
    checked(no, NEAR, "wang")
    window = page("wang", f"/w/c/{no}/1")
    assert "不在区域内" in window and "约 50 米" in window and "补正“所在区域”" in window
    checked(no, INSIDE, "wang")
    assert "用地全部在这个区域内" in page("wang", f"/w/c/{no}/1")


def test_s12_a_plot_without_a_case_is_told_what_it_would_share(state):
    jar = client.as_user("owner")
    page("owner", "/map/pick")
    r = jar.files("/map/pick", [("act", "pick"), ("shape", lines(INSIDE)), ("category", "industry")], [])
    assert r.status == 200 and NEEDS_NONE in r.text and "全部在区域内" in r.text and "在区域内，共享评估成果" in r.text, r.text[:1500]
    r = jar.files("/map/pick", [("act", "pick"), ("shape", lines(ACROSS)), ("category", "industry")], [])
    assert "部分在区域内" in r.text and "在区域内，共享评估成果" not in r.text


def test_an_agent_checks_the_plot_of_whom_he_acts_for(state):
    no, jar = state["agent"], client.as_user("agent2")
    text = page("agent2", f"/my/{no}/map")
    assert "检查用地、用海范围" in text
    done = jar.files(f"/my/{no}/map", [("act", "check"), ("shape", lines(INSIDE)), ("reclaim", "false"), ("industry", "allowed")], [])
    assert done.status == 303, (done.status, done.text[:800])
    check = done.get("location").rsplit("/", 1)[1]
    assert ZONE in page("agent2", f"/map/check/{check}") and page("owner", f"/map/check/{check}")
    client.as_user("agent").get(f"/my/{no}/map")
    assert client.as_user("agent").get(f"/my/{no}/map").status == 404
    who("agent").ask("mapcheck.make", status=403, project=int(no), shape=INSIDE, reclaim=False, industry="allowed")


def later_s12_4_after_the_valid_date_the_share_stops_inside_too(state):
    """Today is 2026-12-09: the day after the last."""
    no = project("过期以后的项目", INSIDE)
    saved(no)
    assert "known" not in report_of(no)
    form = page("owner", f"/my/{no}/stage/1")
    assert "用地全部在区域内" in form and "没有可以共享的地质灾害危险性评估，仍要单独编报" in form
    kept = next(p["no"] for p in who("owner").view("/my")["projects"] if p["name"] == "范围内的项目")
    assert NEEDS_NONE in page("owner", f"/my/{kept}/stage/1/receipt") or NEEDS_NONE in page("wang", f"/w/c/{kept}/1")
