# SPDX-License-Identifier: Apache-2.0
"""S37 with its values."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
from steps import FIRM, decide, dispatch, page, register, run, uscc_of, who

# ---- S37 bodies, seats, authorisation -----------------------------------------------------------------------------


def test_s37_the_body_has_29_units_and_9_regions(state):
    view = client.Jar().get("/api/v1/s/bodies").json
    body = view["bodies"][0]
    assert body["name"] == "葫芦岛市工程建设项目审批制度改革领导小组" and (len(body["units"]), len(body["regions"])) == (29, 9)
    assert [u["name"] for u in body["regions"]][:2] == ["兴城市政府", "绥中县政府"] and body["others"] == ["市政府分管副秘书长"]
    html = client.Jar().get("/s/bodies").text
    assert "成员单位 29 个" in html and "县（市）区和开发区 9 个" in html and "/clause/D60-6.19.1" in html


def test_s37_the_seats_are_39_and_come_from_seven_places(state):
    view = client.Jar().get("/api/v1/s/bodies").json
    assert view["seats"] == 39 and [g["seats"] for g in view["groups"]] == [16, 2, 1, 6, 4, 1, 9], view["groups"]
    utilities = {p["unit_name"]: p["seats"] for p in view["posts"] if p["name"].endswith("接入窗口")}
    assert utilities == {"葫芦岛供电公司": 1, "市自来水公司": 1, "市政排水": 1, "燃气公司": 1, "供热公司": 2, "通信公司": 3}, utilities
    assert "窗口编制 39 人" in client.Jar().get("/s/bodies").text


def test_s37_one_person_too_many_is_entered_and_warned_of(state):
    zhao = client.as_user("zhao")
    groups = {g["name"]: g for g in who("zhao").view("/w/seats")["groups"]}
    assert groups["市生态环境局"]["over"] == 1 and groups["市住房城乡建设局"]["over"] == 0, groups  # the demonstration has two persons on one seat
    assert "超编 1 人" in page("zhao", "/w/seats") and "超编 1 人" in client.Jar().get("/s/bodies").text
    wrong = zhao.post("/w/seats", [("act", "second"), ("account", "nobody"), ("post", "seat-natural"), ("fit", "土地管理专业"), ("discipline", "true")])
    assert wrong.status == 422 and "没有账号“nobody”" in wrong.text and "土地管理专业" in wrong.text, wrong.status
    page("zhao", "/w/seats")
    no = zhao.post("/w/seats", [("act", "second"), ("account", "ap-drainage-company"), ("post", "seat-drainage"), ("fit", "给排水专业"), ("discipline", "false")])
    assert no.status == 422 and "接受窗口统一领导" in no.text, no.status
    page("zhao", "/w/seats")
    done = zhao.post("/w/seats", [("act", "second"), ("account", "ap-drainage-company"), ("post", "seat-drainage"), ("fit", "给排水专业"), ("discipline", "true")])
    assert done.status == 303 and done.get("location") == "/w/seats/ap-drainage-company", (done.status, done.text[:400])
    assert "给排水专业" in page("zhao", "/w/seats/ap-drainage-company")
    assert who("zhao").ask("user.second", "user/ap-drainage-company", status=409, post="seat-drainage", fit="给排水专业", discipline=True)
    assert client.as_user("hd-water").post("/w/seats", [("act", "second")]).status == 403
    extra = who("sys").ask("user.create", id="ap3-drainage", name="程某", roles="approver", unit="drainage-company")
    assert extra["stream"] == "user/ap3-drainage"
    assert who("zhao").ask("user.second", "user/ap3-drainage", post="seat-drainage", fit="给排水专业", discipline=True)["answer"]["over"] == 1
    # the utilities together have nine seats, so the group is not over; the unit is
    assert "超编" in page("zhao", "/w/seats/ap3-drainage")


def test_s37_whoever_is_not_authorised_for_an_item_cannot_sign_it(state):
    no = register("owner", uscc_of("owner"), FIRM)
    items = dispatch(no, 1)
    item = next(i for i in items if i["unit"] == "natural-resources")
    head = client.as_user("hd-natural-resources")
    html = page("hd-natural-resources", "/w/seats/ap-natural-resources")
    assert "收回授权" in html
    done = head.post("/w/seats/ap-natural-resources", [("act", "revoke"), ("item", item["code"]), ("reason", "岗位调整")])
    assert done.status == 303, done.text[:300]
    refused = decide(no, 1, item, status=403)
    assert "没有办理" in refused["detail"] or "已经失效" in refused["detail"], refused
    assert refused["clause"] == "D60-6.19.2-p2" and refused["field"] == "signature", refused
    assert "不能签字" in page("ap-natural-resources", f"/w/t/{no}/1/{item['code']}")
    other = client.as_user("hd-water")
    assert other.get("/w/seats/ap-natural-resources").status == 404
    page("hd-natural-resources", "/w/seats/ap-natural-resources")
    late = head.post("/w/seats/ap-natural-resources", [("act", "authorise"), ("items[]", item["code"]), ("from", "2026-11-25"), ("until", "2026-11-24"), ("document", "授权书2号")])
    assert late.status == 422 and "不能早于" in late.text and "授权书2号" in late.text, late.status
    page("hd-natural-resources", "/w/seats/ap-natural-resources")
    given = head.post("/w/seats/ap-natural-resources", [("act", "authorise"), ("items[]", item["code"]), ("from", "2026-11-25"), ("document", "授权书2号")])
    assert given.status == 303, given.text[:300]
    decide(no, 1, item, take=False)
    assert "授权书2号" in page("zhao", "/w/seats/ap-natural-resources")


def test_s37_the_three_conditions_of_a_seconded_person_are_shown(state):
    html = page("zhao", "/w/seats/ap2-ecology-environment")
    assert "符合岗位要求" in html and "授权以前不能签字" in html and "接受窗口统一领导" in html
    assert "授权没有到位" in page("zhao", "/w/seats")
    assert client.as_user("owner").get("/w/seats").status == 403


run(globals())
