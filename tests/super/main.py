# SPDX-License-Identifier: Apache-2.0
"""S35 with its values."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client
from steps import page, run, who

# ---- S35 --------------------------------------------------------------------------------------------------------


def in_charge(unit, day):
    view = client.Jar().get(f"/api/v1/s/leaders?unit={unit}&day={day}").json["asked"]
    return [(a["relation_label"], a["leader"]) for a in view["answers"]]


def test_s35_who_is_in_charge_is_answered_for_a_day(state):
    assert in_charge("business-environment", "2019-09-01") == [("分管", "朱云")]
    assert in_charge("natural-resources", "2019-09-01") == [("分管", "马文志")]
    assert in_charge("audit", "2019-09-01") == [("分管", "王力威"), ("协助分管", "马文志")]
    assert in_charge("audit", "2019-07-01") == []
    nobody = client.Jar().get("/s/leaders?unit=audit&day=2019-07-01").text
    assert "未收录" in nobody and "朱云" not in nobody
    assert client.Jar().get("/s/leaders?day=yesterday").status == 422
    assert client.Jar().get("/s/leaders?unit=nobody").status == 404


def test_s35_the_counts_are_those_of_the_document(state):
    leaders = client.Jar().get("/api/v1/s/leaders?day=2019-09-01").json["leaders"]
    counts = [(le.get("charge_count", 0), le.get("liaison_count", 0)) for le in leaders]
    assert counts == [(1, 3), (3, 5), (5, 3), (11, 14), (9, 6), (23, 9), (2, 4), (0, 0)], counts


def test_s35_the_public_page_shows_duties_address_hours_and_contact(state):
    html = client.Jar().get("/s/leaders?unit=housing-construction").text
    assert "马文志" in html and "负责乡村振兴、民政、财税、自然资源、城建规划" in html
    assert "电话：" in html and "地址：" in html and "时间：" in html


def test_s35_a_change_is_entered_and_holds_from_its_day(state):
    html = page("sys", "/adm/portfolio")
    assert "63 号文件" in html
    sys_ = client.as_user("sys")
    bad = sys_.post("/adm/portfolio", [("act", "change"), ("from", "2026-12-01"), ("document", "葫政办发〔2026〕示例号"), ("rows", "朱云：主管：市教育局")])
    assert bad.status == 422 and "只能是分管、协助分管" in bad.text and "朱云：主管：市教育局" in bad.text, bad.status
    done = sys_.post("/adm/portfolio", [("act", "change"), ("from", "2026-12-01"), ("document", "葫政办发〔2026〕示例号"),
                                        ("rows", "胡伟：分管：营商环境建设局（行政审批局）、教育局\n无：协助分管：市审计局")])
    assert done.status == 303, (done.status, done.text[:400])
    assert in_charge("business-environment", "2026-11-30") == [("分管", "朱云")]
    assert in_charge("business-environment", "2026-12-01") == [("分管", "胡伟")]
    assert in_charge("audit", "2026-12-01") == [("分管", "王力威")]
    assert who("wu").ask("portfolio.change", status=403, **{"from": "2026-12-01", "document": "示例文件", "rows": [{"unit": "audit", "relation": "charge", "leader": "朱云"}]})
    assert "不再有人" in page("sys", "/adm/portfolio")


run(globals())
