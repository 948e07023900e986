# SPDX-License-Identifier: Apache-2.0
"""What makes the ways of tests/browser/ways.mjs short, as conversations: acts from the row, ticks with ready reasons, a correction sent
from its form, the board of whoever leads a stage; and that applicants and the public meet no word of the office."""
import html
import re

import api
import client
from steps import FIRM, dispatch, register, uscc_of

OFFICE = re.compile("派转|并联|前置|接单|阅批|体外循环")


def test_a_rule_that_refuses_something_new_is_not_told_as_a_faster_colleague(tokens):
    sec, path = client.as_user("sec"), "/adm/personal/new"
    sec.get(path)
    r = sec.post(path, [("number", "agent3"), ("ground", "unlawful"), ("reason", "号码登记错了人")])
    assert r.status == 409 and "没有可以清除的个人信息" in r.text and 'value="agent3"' in r.text and "号码登记错了人</textarea>" in r.text, r.text[:3000]
    assert "有人先您一步" not in r.text and "没有保存" not in r.text, r.text[:3000]


def test_the_head_of_the_window_sees_what_waits_in_it_and_what_is_late(_tokens):
    def sums(jar):
        main = jar.get("/w").text.split("<main")[1]
        return {label: (int(n), int(late or 0)) for label, n, late in re.findall(r'<a href="#g\d">([^< ]+) <strong>(\d+)</strong>(?: <span class="tag tag--bad">超期 (\d+)</span>)?', main)}
    clerk, head = client.as_user("wang"), client.as_user("zhao")
    seen, own = sums(head), sums(clerk)
    assert own and all(seen.get(k) == v for k, v in own.items()) and "派转单待阅批" in seen and any(late for _, late in own.values()), (seen, own)
    page = head.get("/w").text
    assert 'id="g2"' in page and 'value="certify"' not in page, "the seal is the clerk's"
    bad = [r for r in head.get("/api/v1/w/ratings").json["rows"] if not r["replied"]]
    late = sum(r["lamp"]["code"] == "red" for r in bad)
    mark = re.search(r'<a href="/w/ratings">差评等核实、答复 <strong>(\d+)</strong>(?: <span class="tag tag--bad">超期 (\d+)</span>)?', page)
    assert bad and mark and (int(mark[1]), int(mark[2] or 0)) == (len(bad), late), (mark and mark[0], len(bad), late)


def test_who_leads_a_stage_urges_from_the_row_and_the_department_is_told(tokens):
    for name, n in (("natural-resources", 2), ("housing-construction", 3), ("housing-construction", 4), ("development-reform", 1)):
        lead, path = client.as_user(f"lead-{name}"), f"/w/stage/{n}"
        page = lead.get(path).text
        assert f"阶段牵头：第 {n} 阶段" in page and "要催办的" in page, page[:3000]
        form = re.search(r'name="project" value="(\d+)"><input type="hidden" name="item" value="([\w-]+)"><button', page)
        if form:
            break
    assert form and "阶段牵头：第" in lead.get("/w/stage").text, "something is late or nearly"
    lead.get(path)
    fields = [("act", "urge"), ("project", form[1]), ("item", form[2])]
    assert lead.post(path, fields).status == 303
    assert re.search(r"今天已催办，共 \d+ 次</span> <span class=\"hint\">消息发给：[^<]*（未读）", lead.get(path).text), "to whom it went, and whether he has read it"
    lead.get("/prefs/password")  # the list may have nothing left to press: a form of later, with a key of its own
    r = lead.post(path, fields)
    assert r.status == 409 and "今天已经催办过" in r.text and "有人先您一步" not in r.text, (r.status, r.text[:2000])  # the page had said so
    wu = api.program(tokens, "wu")
    view = wu.view(f"/w/t/{form[1]}/{n}/{form[2]}")
    assert view["item"]["urged"] >= 1 and any("催办" in e["text"] for e in view["timeline"]), view["item"]
    assert "催办" in client.as_user("wu").get(path).text and 'value="urge"' not in client.as_user("wu").get(path).text
    told = client.as_user(f"ap-{view['item']['unit']}").get("/msg").text
    assert "事项被催办" in told, "the department is told"
    assert any(view["item"]["name"] in name for name in re.findall(r'打开<span class="vh">(事项被催办[^<]*' + re.escape(view["number"]) + "[^<]*)<", told)), "each link names its item"
    other = client.as_user("ap-development-reform")
    assert other.get("/w/stage/2").status == 404 and other.get("/w/stage/1").status == 200 and other.get("/w/stage").status == 403
    home = client.as_user("lead-housing-construction")  # it leads two
    led = {s["n"]: s.get("late", 0) for s in home.get("/api/v1/w/stage").json["led"]}
    assert set(led) == {3, 4} and all(wu.view(f"/w/stage/{n}?lamp=red")["total"] == late for n, late in led.items()), led
    assert home.get("/api/v1/w/stage").json["n"] == max(led, key=lambda n: (led[n], -n)), led
    for n, late in led.items():
        mark = re.search(rf'href="/w/stage/{n}"[^>]*>第 {n} 阶段 [^<]*(<span class="tag tag--bad">超期 {late} 件</span>)?</a>', home.get("/w/stage").text)
        assert mark and bool(mark[1]) == (late > 0), (n, late)
    counts = [int(n) for n in re.findall(r"<strong>(\d+)</strong>", lead.get(path).text)]
    for lamp, count in zip(("red", "yellow", "grey", "green"), counts):
        view = api.Client(tokens, "wu").view(f"{path}?lamp={lamp}")
        assert view["total"] == count and len(view["items"]) == min(count, 50), (lamp, count, view["total"])


def guessed(no):
    """A name that is none of the case's materials is not made into another one: the form comes back with those it may mean, and all that was filled in."""
    clerk, path = client.as_user("wang"), f"/w/c/{no}/1"
    page = clerk.get(path).text
    points = re.findall(r'name="points\[\]" value="([\w-]+)"', page)
    assert 'value="notice"' in page and "licence" in points and "forest-report" not in points, points
    r = clerk.post(path, [("act", "notice"), ("points[]", "licence"), ("why-licence", "已过有效期"), ("missing", "可行性报告：页码不全")])
    said = re.search(r'id="missing-e">.*?</p>', r.text, re.S)[0]
    assert r.status == 422 and "“可行性报告”不是本次申请要交的一种材料" in said and "可能是：“" in said, (r.status, said)
    assert 'value="licence" checked' in r.text and 'value="已过有效期"' in r.text and "可行性报告：页码不全</textarea>" in r.text, "nothing typed is lost"
    clerk.get(path)
    r = clerk.post(path, [("act", "notice"), ("why-licence", "已过有效期"), ("missing", "")])  # written beside it and not ticked: meant all the same
    assert "已过有效期" in r.text and "没有写进告知" in r.text, r.text[:2000]


def test_what_is_missing_is_ticked_and_a_correction_goes_straight_from_its_form(tokens):
    owner, clerk = (api.program(tokens, a) for a in ("owner", "wang"))
    no = api.register(owner, "2304-211403-04-01-135258")
    api.submit(owner, no)
    assert 'value="notice"' not in client.as_user("wang").get(f"/w/c/{no}/1").text, "not offered while departments still may answer"
    for unit in [u["unit"] for u in clerk.view(f"/w/c/{no}/1")["asked"]["units"]]:
        jar, path = client.as_user(f"ap-{unit}"), f"/w/a/{no}/1"
        page = jar.get(path).text
        assert f'href="{path}"' in jar.get("/w").text
        jar.get(path)
        point = re.search(r'name="points\[\]" value="([\w-]+)"', page)[1]
        assert jar.post(path, [("act", "report"), ("missing", ""), ("points[]", point)]).status == 303
    merged = clerk.view(f"/w/c/{no}/1")["asked"]["merged"]
    assert merged and all(not m["conflict"] for m in merged) and "没有交齐" in merged[0]["asks"][0]["why"], merged
    guessed(no)
    clerk.ask("stage.request-correction", f"project/{no}", stage=1, missing=[{"what": m["what"], "why": m["asks"][0]["why"]} for m in merged])
    jar, path = client.as_user("owner"), f"/my/{no}/stage/1"
    assert f'<a class="btn btn--2" href="{path}">去补正' in jar.get("/my").text
    page = jar.get(path).text
    assert 'name="send" value="1">提交补正' in page
    page = page.split(f'<form action="{path}"')[1].split("</form>")[0]
    fields = [(k, v) for k, v in client.fields_of(page) if k not in ("csrf", "key") and not k.startswith("draft")]
    assert len(re.findall(r'<span class="tag tag--warn">请补正</span>', page)) == len(merged), page[:600]
    nothing = jar.files(path, [f for f in fields if not f[0].startswith("a_")] + [("send", "1")], [])
    assert nothing.status == 422 and "还没有补正" in nothing.text, (nothing.status, nothing.text[:300])
    fields += [(name, "已按要求换了新图") for name in re.findall(r'<textarea[^>]* name="(a_\d+)"', page)]
    for name, text in re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>\n?([^<]*)</textarea>', page):
        fields += [] if name.startswith("a_") else [(name, text)]
    for name, body in re.findall(r'<select[^>]* name="([\w-]+)"[^>]*>(.*?)</select>', page, re.S):
        fields.append((name, re.search(r'value="([^"]*)" selected', body)[1] if "selected" in body else ""))
    fields = list(dict(fields).items())
    r = jar.files(path, fields + [("send", "1")], [("m_" + re.search(r'id="m_([\w-]+)"', page)[1], "新图.pdf", api.PDF)])
    assert r.status == 303 and r.get("location").endswith("/receipt"), (r.status, r.get("location"), re.findall(r'class="err".*?</p>|<h1>.*?</p>', r.text, re.S)[:5])
    assert owner.view(f"/my/{no}")["here"]["status"] == "submitted"


def test_nobody_outside_reads_words_of_the_office(tokens):
    """All pages of an applicant and of the public that links lead to from their homes, one of a kind three times."""
    for who in (None, "owner", "agent"):
        jar = client.as_user(who) if who else client.Jar()
        queue, asked, kinds, bad = ["/", "/my"] if who else ["/", "/track"], set(), {}, []
        if not who:
            queue += [f"/track/{p['number']}" for p in api.program(tokens, "wang").view("/w/projects")["projects"][:12]]
        while queue:
            path = queue.pop(0).split("#")[0]
            kind = re.sub(r"/[^/]*\d[^/]*|\?.*", "/N", path)
            if path in asked or kinds.get(kind, 0) >= 3 or re.match(r"/(a|en|clause|cert|logout|archive|api)/", path) or "pdf" in path or path.endswith(".html"):
                continue
            asked.add(path)
            kinds[kind] = kinds.get(kind, 0) + 1
            r = jar.get(path)
            if client.faults:
                raise AssertionError((path, client.faults))
            if r.status != 200 or not r.get("content-type").startswith("text/html"):
                continue
            main = r.text.split('<main', 1)[1].split("</main>")[0]
            text = re.sub(r"<svg.*?</svg>|<[^>]+>", "", main, flags=re.S)
            # Clauses of the documents and names of our own making are quoted as they are; documents, interpretations and drafts are their authors'.
            found = OFFICE.search(re.sub(r"“[^”]*”|《[^》]*》|D60-[\w.-]+", "", text))
            if found and not re.match(r"/s\b(\?|$)|/s/(rules|answers|bodies|leaders)|/(ask|feedback|open|talk)\b", path):
                bad.append((path, text[max(0, found.start() - 30):found.end() + 20]))
            queue += [h.replace("&amp;", "&") for h in re.findall(r'href="(/[^"]*)"', main)]
        assert len(asked) > 15 and not bad, (who, len(asked), bad[:6])


def summary(page):
    """The lines of the error summary, each with the id it leads to."""
    box = page.split('id="errsum"')[1].split("</ul>")[0]
    lines = re.findall(r'<li>(?:<a href="#([^"]*)">)?([^<]*)', box)
    assert all(f'id="{at}"' in page for at, _ in lines if at), lines
    return lines


def test_a_form_shows_all_its_mistakes_and_contradictions_at_once(_tokens):
    jar = client.as_user("owner")
    fields = dict(api.registration(jar.get("/my/new").text, "2304-211403-04-01-135271", ""))
    fields.update(f_approval_type="approve", f_land_supply="allocation", f_with_scheme="true", contact_phone="12", f_floor_area="很大", f_location_zone="yangjiazhangzi")
    r = jar.post("/my/new", list(fields.items()))
    lines = summary(r.text)
    assert r.status == 422 and [at for at, _ in lines] == ["name", "contact_phone", "f_floor_area", "f_approval_type", "f_with_scheme", "f_location_zone"], (r.status, lines)
    assert "（示例规则）" in lines[3][1] and "葫政办发〔2019〕60号" in lines[4][1], lines
    assert all(f'id="{at}-e"' in r.text for at, _ in lines if not at.startswith("f_")) and r.text.count("field--err") == len(lines)
    assert 'value="很大"' in r.text and 'value="12"' in r.text and re.search(r'value="approve" checked', r.text), "nothing typed is lost"
    r = jar.get("/s/advisor?ask=1&invest=social&build=social-nonprofit&land=grant")
    assert "划拨用地项目" in r.text and 'id="land-e"' in r.text, "the three questions have the same rules"
    assert 'id="land-e"' not in jar.get("/s/advisor?ask=1&invest=social&build=social-nonprofit&land=allocation").text
    text = jar.get("/s/advisor?ask=1&invest=social&build=industry&land=grant").text
    assert "使用政府投资资金的项目审批" not in text and "选址意见书" not in text, "who invests himself needs no approval, whichever of the other kinds it is"
    assert "看项目情况" not in text and "什么情况要办：立项类型是核准" in text, "what depends says on what"
    text = jar.get("/s/advisor?ask=1&invest=gov&build=renovation&land=allocation").text
    assert "使用政府投资资金的项目审批" in text and "立项类型是" not in text, "of an approved project the kind is settled"
    jar = client.as_user("ap-housing-construction")
    jar.get("/w/agencies/new")
    r = jar.post("/w/agencies/new", [("act", "add"), ("name", "短"), ("until", "明年")])
    lines = summary(r.text)
    assert [at for at, _ in lines] == ["add-name", "add-uscc", "add-recognised", "add-document", "add-until", "add-disciplines"], lines
    assert r.text.count("field--err") == 6 and 'value="明年"' in r.text


def test_a_stage_form_shows_fields_files_and_dates_at_once(tokens):
    owner = api.program(tokens, "owner")
    no = api.register(owner, "2304-211403-04-01-135272")
    jar, path = client.as_user("owner"), f"/my/{no}/stage/1"
    page = jar.get(path).text
    page = page.split(f'<form action="{path}"')[1].split("</form>")[0]
    fields = {k: v for k, v in client.fields_of(page) if k not in ("csrf", "key") and not k.startswith("draft")}
    behind = page.split('<div class="then">')
    assert len(behind) == 2 and 'id="f_water_soil' not in behind[0] and 'name="f_special_site"' in behind[0], "what one answer brings stands behind it"
    behind = behind[1].split("</div></div>\n<")[0]
    names = set(re.findall(r'name="(f_\w+)"', behind))
    assert names == {f"f_{n}" for n in ("water_soil", "near_river", "mineral", "geo_hazard", "seismic", "heritage", "forest")}, names
    maybe = int(re.search(r"<summary>视情况的 (\d+) 份材料", page)[1])
    fields.update(f_planned_start="2027年4月1日", f_planned_finish="2026-01-01", f_scale="", f_energy_review="true", f_special_site="false")
    jar.get(path)
    r = jar.files(path, list(fields.items()), [])
    left = re.search(r"<summary>视情况的 (\d+) 份材料", r.text)
    assert "节能" in r.text.split("<h2>材料</h2>")[1].split("<details")[0] and int(left[1] if left else 0) < maybe, "what the answers call for is no longer folded"
    ids = [at for at, _ in summary(r.text)]
    assert "f_planned_start" not in ids and "4 至 5 个工作日" in jar.get("/s/item/project-approval").text
    assert "f_scale" in ids and "f_planned_finish" in ids and any(i.startswith("m_") for i in ids) and len(ids) == len(set(ids)), ids


def test_an_item_is_taken_and_handed_to_a_colleague_who_is_told(tokens):
    """Nobody owns a unit's item, but all see who has it in hand; a leave hands everything over; a disabled account frees what it had."""
    no = register("owner", uscc_of("owner"), FIRM, name="交接的厂房")
    dispatch(no, 1)
    view = client.as_user("wang").get(f"/api/v1/w/p/{no}").json
    unit = next(i["unit"] for i in view["stages"][0]["items"] if i["unit"] == "natural-resources")
    item = next(i["code"] for i in view["stages"][0]["items"] if i["unit"] == unit)
    ap, lead = client.as_user(f"ap-{unit}"), client.as_user(f"lead-{unit}")
    def send(jar, path, fields):  # each form has its own key
        jar.get(path)
        return jar.post(path, fields.items())
    key, path = f"{no}/1/{item}", f"/w/t/{no}/1/{item}"
    def row(jar, held=""):
        return next((i for i in jar.get(f"/api/v1/w?held={held}&q=%E4%BA%A4%E6%8E%A5").json["items"] if i["code"] == item and str(i["project"]) == str(no)), None)
    assert row(ap)["holder"] == "" and row(ap, "free") and not row(ap, "mine") and "未认领" in ap.get("/w?held=free").text
    assert send(ap, "/w/desk", {"act": "take"}).status == 422 and "请先勾选事项" in send(ap, "/w/desk", {"act": "take"}).text
    assert send(ap, "/w/desk", {"act": "take", "items[]": key}).status == 303
    assert row(ap, "mine") and not row(ap, "free") and not row(lead, "mine") and row(lead)["holder"]
    assert "现在由谁承办：<strong>我</strong>" in ap.get(path).text
    # Handed over: the colleague is told, and leads his list with it; not to a stranger, nor what is another unit's.
    assert "不是本单位的账号" in send(ap, "/w/desk", {"act": "hand", "items[]": key, "to": "ap-housing-construction"}).text
    other = send(client.as_user("ap-housing-construction"), "/w/desk", {"act": "take", "items[]": key})
    assert other.status == 422 and "不归您的单位办理" in other.text
    # Nor to one who may not sign it: the list says so, the refusal names it; the head authorises him, and it is handed over.
    hd = client.as_user(f"hd-{unit}")
    name = next(i["name"] for i in view["stages"][0]["items"] if i["code"] == item)
    choice = re.compile(rf'<option value="lead-{unit}"[^>]*>[^<]*（没有授权')
    for jar, at in ((ap, "/w/desk"), (ap, path), (ap, "/w?held=mine")):
        assert choice.search(jar.get(at).text), at
    for act in ({"act": "hand", "items[]": key}, {"act": "all"}):
        no_right = send(ap, "/w/desk", {**act, "to": f"lead-{unit}"})
        assert no_right.status == 422 and ("all" in act.values() or f"交接的厂房“{name}”" in html.unescape(no_right.text)) and "授权，不能签字，不能交给他" in no_right.text, (no_right.status, name, no_right.text[:3000])
    assert row(ap, "mine") and not row(lead, "mine")
    given = send(hd, f"/w/seats/lead-{unit}", {"act": "authorise", "items[]": item, "from": "2026-11-25", "document": "授权书9号"})
    assert given.status == 303 and not choice.search(ap.get(path).text), (given.status, given.text[:2000])
    done = send(ap, "/w/desk", {"act": "hand", "items[]": key, "to": f"lead-{unit}", "back": path})
    assert done.status == 303 and "收到了消息" in ap.get(done.get("location")).text
    assert row(lead, "mine") and not row(ap, "mine") and "交接的厂房" in lead.get("/msg").text and "有事项交给您承办" in lead.get("/msg").text
    # It locks nothing: whoever comes takes it up, and it stays in the hands of whom it was given to.
    assert send(ap, path, {"act": "take"}).status == 303 and row(lead, "mine") and not row(ap, "mine")
    signed = re.search(r'name="signature" value="([^"]+)"', ap.get(path).text)[1]
    refused = send(ap, path, {"act": "pause", "cause": "", "notice": ""})
    assert refused.status == 422 and f'name="signature" value="{signed}"' in refused.text, "another form that was refused takes no signature away"
    # Everything at once, from one's own page; searching leads there.
    assert 'href="/w/desk"' in lead.get("/s?q=%E4%BA%A4%E6%8E%A5").text and 'href="/w/desk"' not in client.as_user("owner").get("/s?q=%E4%BA%A4%E6%8E%A5").text
    assert 'href="/w/desk"' in lead.get("/prefs").text and 'href="/w/desk"' not in client.as_user("owner").get("/prefs").text
    assert "件）" in lead.get("/w/desk").text
    # What is wrong stands in the form that was sent, and is led to.
    def refused(jar, fields):
        r = send(jar, "/w/desk", fields)
        forms = [f.split("</form>")[0] for f in r.text.split('<form action="/w/desk"')[1:]]
        bad = [i for i, f in enumerate(forms) if "field--err" in f]
        assert r.status == 422 and all(f'id="{at}"' in forms[bad[0]] for at, _ in summary(r.text) if at), (r.status, bad, r.text[:3000])
        return bad
    assert refused(lead, {"act": "all", "to": ""}) == [0] and refused(lead, {"act": "hand", "items[]": key, "to": ""}) == [1]
    last = hd.get("/w/desk").text.count('<form action="/w/desk"') - 1
    assert refused(hd, {"act": "all", "from": f"lead-{unit}", "to": ""}) == [last]
    assert refused(hd, {"act": "all", "from": "", "to": f"ap-{unit}"}) == [last] and row(lead, "mine"), "whose was not said: nobody's is handed over"
    assert send(lead, "/w/desk", {"act": "all", "to": f"hd-{unit}", "note": "休假两周"}).status == 303
    assert not row(lead, "mine") and row(client.as_user(f"hd-{unit}"), "mine")
    told = client.as_user(f"hd-{unit}").get("/msg").text
    assert "有事项交给您承办：" in told and "（交代：休假两周）" in told, "what the sender wrote is read by whom it is for"
    again = send(lead, "/w/desk", {"act": "all", "to": f"hd-{unit}"})
    assert again.status == 409 and "手上没有在办的事项" in again.text
    # An account that is disabled has nothing in hand.
    assert send(client.as_user("sys"), f"/adm/users/hd-{unit}", {"act": "disable", "reason": "调离"}).status == 303
    assert row(ap, "free") and row(ap)["holder"] == ""
    back = send(client.as_user("sys"), f"/adm/users/hd-{unit}", {"act": "enable"})
    assert back.status == 303, (back.status, back.text)
    assert not row(ap, "free")


def test_orders_are_filtered_counted_and_tied_to_a_case(_tokens):
    """Running ones first, each count the length of its list, answered ones folded away; one by hand names its case, which shows it."""
    wu = client.as_user("wu")
    view = wu.get("/api/v1/w/super/orders").json
    assert view["directives"] and not any(d["closed"] for d in view["directives"]) and view["open_count"] == view["total"]
    for state in view["states"]:
        assert wu.get("/api/v1" + state["href"]).json["total"] == state["n"], state
    by = lambda **q: wu.get("/api/v1/w/super/orders?status=all&" + "&".join(f"{k}={v}" for k, v in q.items())).json
    everything, kinds, months, units = by()["total"], [k["value"] for k in view["kinds"]], [m["value"] for m in view["months"]], [u["value"] for u in view["units"]]
    assert sum(by(kind=k)["total"] for k in kinds) == everything == sum(by(unit=u)["total"] for u in units)
    assert 0 < by(month=months[0])["total"] <= sum(by(month=m)["total"] for m in months) <= everything
    for case in wu.get("/api/v1/w/projects").json["projects"]:
        stages = wu.get(f"/api/v1/w/p/{case['no']}").json["stages"]
        stage, row = next(((n, i) for n, s in enumerate(stages, 1) for i in s.get("items", [])), (0, None))
        if row:
            break
    typed = {"act": "send", "unit": row["unit"], "subject": "这个项目办得慢", "demand": "请报办理情况和办结日期"}
    wu.get("/w/super/orders/new")
    for named, word in (("没有这样的项目名", "没有“"), ("示例", "个项目的名称里有")):
        bad = wu.post("/w/super/orders/new", (typed | {"case": named}).items())
        assert bad.status == 422 and word in bad.text and "这个项目办得慢" in bad.text and 'id="send-case-e"' in bad.text, bad.status
    done = wu.post("/w/super/orders/new", (typed | {"case": case["number"]}).items())
    assert done.status == 303, done.text[:300]
    order = wu.get("/api/v1" + done.get("location")).json
    assert order["of_number"] == case["number"] and case["number"] in wu.get(done.get("location")).text
    assert order["number"] in wu.get(f"/w/t/{case['no']}/{stage}/{row['code']}").text
    # What the address of a form says goes with what was typed: the order is about the item, and a second one wants its reason.
    of_item = f"/w/super/orders/new?project={case['no']}&stage={stage}&item={row['code']}"
    assert of_item.replace("&", "&amp;") in wu.get(of_item).text
    done = wu.post(of_item, (typed | {"subject": "这个事项办得慢", "case": case["number"]}).items())
    if done.status == 303:
        wu.get(of_item)
        done = wu.post(of_item, (typed | {"subject": "这个事项还是办得慢", "case": case["number"]}).items())
    assert done.status in (409, 422) and "没有办结：可以在那里要求重新回复或者办结" in done.text, (done.status, done.text[done.text.find('<main'):][:1500])
    assert of_item.replace("&", "&amp;") in done.text and "办得慢" in done.text
    wu.get(of_item)
    done = wu.post(of_item, (typed | {"subject": "这个事项还是办得慢", "case": case["number"], "again": "原来那份针对的是别的原因"}).items())
    assert done.status == 303, done.text[:300]
    of = wu.get("/api/v1" + done.get("location")).json
    assert of["about"].endswith(f"/{row['code']}"), of["about"]
    assert 'href="/w/super/orders"' in wu.get("/w/orders").text and 'href="/w/super/orders"' not in client.as_user("hd-housing-construction").get("/w/orders").text


def test_a_countys_home_says_that_its_monthly_report_is_due(_tokens):
    """The day, the lamp of its ledger, and one click; who has sent it, or owes none, has no card."""
    due, older, months = 0, 0, []
    for county in ("suizhong", "xingcheng", "jianchang", "lianshan", "longgang", "nanpiao"):
        jar = client.as_user(f"hd-{county}")
        view, own = jar.get("/api/v1/w").json, jar.get("/api/v1/w/l/kindergarten").json["report"]
        mine = [r for r in view["reports_due"] if r["month"] == own["month"] and r["ledger_name"].startswith("小区")]
        owes = own["lamp"]["code"] in ("red", "yellow", "green")
        assert len(mine) == (1 if owes else 0), (county, own, view["reports_due"])
        for r in mine:
            due += 1
            assert (r["due"], r["lamp"]) == (own["due"], own["lamp"]) and r["due"] in jar.get("/w").text
            assert jar.get(r["own_href"].split("#")[0]).status == 200
        months += [r["month"] for r in view["reports_due"]]
        for r in (r for r in view["reports_due"] if r["month"] < own["month"]):  # an older one stays, and can be made where it leads
            older += 1
            at = jar.get(r["own_href"].split("#")[0])
            assert "逾期未报" in jar.get("/w").text and (r.get("own_label") or f'name="month" value="{r["month"]}"' in at.text), r
            if not r.get("own_label"):
                made = jar.post("/w/l/kindergarten", [("act", "make"), ("month", r["month"])])
                assert made.status == 303 and made.get("location").endswith(r["month"]), (made.status, made.text[-500:])
                assert "这是事后补报" in jar.get(made.get("location")).text
    assert due and older and min(months) < "2026-10", months  # not only this month and the last
    assert not client.as_user("ap-natural-resources").get("/api/v1/w").json["reports_due"]


def test_a_county_finds_the_projects_that_are_built_in_it(_tokens):
    """From its home, with their number; each opens; another unit has no such list; the window narrows its own by county."""
    wang, found = client.as_user("wang"), 0
    for county in ("xingcheng", "lianshan", "longgang"):
        jar = client.as_user(f"ap-{county}")
        home, view = jar.get("/api/v1/w").json["of_county"], jar.get("/api/v1/w/county").json
        assert home["n"] == view["total"] == wang.get(f"/api/v1/w/projects?county={county}").json["total"], (county, home)
        assert 'href="/w/county"' in jar.get("/w").text
        assert {p["county_name"] for p in view["projects"]} <= {home["name"]}, view["projects"]
        assert jar.get("/api/v1/w/county?county=suizhong").json["total"] == view["total"], "its own only"
        assert [p["over"] for p in view["projects"]] == [p["stage_status"] == "已办结" and p["stage"] > 4 for p in view["projects"]]
        assert "<td>5 " not in jar.get("/w/county").text, "there is no fifth stage"
        for p in view["projects"][:3]:
            found += 1
            assert f'href="{p["href"]}"' in jar.get("/w/county").text and jar.get(p["href"]).status == 200, p
    assert found
    assert client.as_user("ap-natural-resources").get("/w/county").status == 403
    assert "of_county" not in client.as_user("ap-natural-resources").get("/api/v1/w").json
    assert '<option value="longgang" selected>' in wang.get("/w/projects?county=longgang").text


def test_guides_say_in_which_case(tokens):
    view = client.Jar().get("/api/v1/s/stage/3").json
    when = {m["name"]: m["condition"] for m in view["materials"]}
    assert when["建筑垃圾处置方案和消纳协议"] == "处置建筑垃圾" and when["确定施工企业的文件"] == "", when
    html = client.Jar().get("/s/stage/3").text
    assert "什么情况要交：占用挖掘道路" in html and "视情况" in html
    assert [a["condition"] for a in client.Jar().get("/api/v1/s/item/planning-permit").json["after"]] == ["土地获取方式是划拨", "土地获取方式不是划拨"]
    html = client.Jar().get("/s/item/construction-permit").text
    assert "（需要办的话）" in html and "不用办的类别：改造类" in html
    assert "Names of documents and conditions are given in Chinese" in client.Jar().get("/en/s/item/construction-permit").text


def test_what_an_agent_does_at_once_is_said_on_the_order_and_told_to_the_client(tokens):
    agent = client.as_user("agent")
    orders = re.findall(r'href="(/agent/w/\d+)"', agent.get("/agent/w").text)
    said = [agent.get(href).text for href in orders]
    page = next(p for p in said if "各阶段的申请和补正，每次提交前由委托单位确认" in p)
    assert "报装" in page and "不用先确认，每办一件委托单位都会收到消息" in page, page[:2000]
    projects = re.findall(r'href="/my/(\d+)"', "".join(said))
    no = next(n for n in projects if 'value="apply"' in agent.get(f"/my/{n}/utility").text)
    form = agent.get(f"/my/{no}/utility").text
    kinds = re.findall(r'name="kinds\[\]" value="([\w-]+)"', form)
    owner = next(j for j in map(client.as_user, ("owner", "owner2", "owner3", "owner4", "owner5", "owner6")) if j.get(f"/my/{no}").status == 200)
    before = owner.get("/msg").text.count("代办员提交了报装")
    agent.get(f"/my/{no}/utility")
    r = agent.post(f"/my/{no}/utility", [("act", "apply"), ("kinds[]", kinds[0]), ("needs", "用水 20 吨/日，管径 100 毫米")])
    assert r.status == 303, r.text[:2000]
    told = owner.get("/msg").text
    assert told.count("代办员提交了报装") > before, told[:3000]
    assert "代办员提交了报装" not in agent.get("/msg").text


def both_limits(no, item):
    """The department reads of a tied item its own limit and that of the joint acceptance, in the list and on the item."""
    department = client.as_user(f"ap-{item['unit']}")
    page = department.get(f"/w/t/{no}/4/{item['code']}").text
    said = re.search(r"两个时限都算：这一项 (\d+) 个工作日（(.*?)），超过的算本单位超期；联合验收按第 4 阶段 (\d+) 个工作日（", page)
    assert said and int(said[1]) == item["limit"] and (item["paused"] or item["due"] in said[2]), (item, page[page.index("<main"):][:3000])
    number = re.search(r"HLD-\d{6}-.", page)[0]
    rows = [r for r in department.get(f"/w?q={number}").text.split("<tr>") if f"/w/t/{no}/4/{item['code']}" in r]
    assert rows and "单项时限；联合验收 " in rows[0], rows


def test_a_project_and_its_joint_acceptance_say_the_same_also_after_it_is_withdrawn(tokens):
    wu, told = api.program(tokens, "wu"), set()
    owners = [client.as_user(who) for who in ("owner", "owner2", "owner3", "owner4")]
    begun = None
    for a in wu.view("/w/a")["acceptances"]:
        no, turn = a["project"], wu.view(f"/w/a/{a['no']}")["turn"]
        owner = next((j for j in owners if j.get(f"/my/{no}").status == 200), None)
        if not owner or not turn:
            continue
        page = owner.get(f"/my/{no}").text
        if a["status"] != "rectify":
            assert turn in page and turn in owner.get(f"/my/{no}/accept").text, (a["status"], turn)
        tied = [i for i in wu.view(f"/w/p/{no}")["stages"][3]["items"] if i["tied"]]
        assert tied and page.count("在联合验收里一起办理") == len(tied), a
        assert not any(f"withdraw?stage=4&amp;item={i['code']}\"" in page for i in tied), a
        both_limits(no, tied[0])
        told.add(a["status"])
        begun = begun or (a["status"] == "started" and (no, owner))
    assert told and begun, told
    no, owner = begun
    path = f"/my/{no}/accept"
    owner.get(path)
    assert owner.post(path, [("act", "withdraw"), ("reason", "室外工程还没有完成，准备好以后再提请")]).status == 303
    page, home = owner.get(path).text, owner.get(f"/my/{no}").text
    assert "上面这一次已经撤回" in page and "在项目里分别办理" in page and "待勘验" not in page, page[:3000]
    assert "各验收专项由部门分别办理" in home and "在联合验收里一起办理" not in home, home[:3000]
    day = re.search(r'name="from" value="([\d-]+)"', owner.get(path).text)[1]
    parts = [i["name"].removeprefix("联合验收：") for i in wu.view(f"/w/p/{no}")["stages"][3]["items"] if i["name"].startswith("联合验收：") and i["open"]]
    told = page.split("提请以后，办理")[1].split("。")[0]
    assert parts and all(p in told for p in parts) and ("人防" in told) == any("人防" in p for p in parts), (told, parts)
    assert owner.post(path, [("act", "start"), ("from", day)]).status == 303
    assert "定勘验日期" in owner.get(f"/my/{no}").text


def test_the_window_reads_the_day_that_counts(_tokens):
    """Delivery has its own day; a correction says since when and leads to what was asked; a pause gives the day that follows from its plan."""
    clerk, seen = client.as_user("wang"), set()
    for no in range(1, 31):
        page = clerk.get(f"/w/p/{no}").text
        for stage in clerk.get(f"/api/v1/w/p/{no}").json["stages"]:
            if stage["status"] == "certified": # whoever waits for it reads the same day as the window
                told = f"证件已经制成，最迟 {stage['deliver_by']} 送达"
                number = clerk.get(f"/api/v1/w/p/{no}").json["number"]
                assert f"待送达：最迟 {stage['deliver_by']} 送达" in page and told not in page and told in client.Jar().get(f"/track/{number}").text, (no, told)
        seen |= {w for w in ("待送达：最迟 ", " 起等申请人补正，要补正 ", "那天恢复的，到期日为") if w in page}
    assert " 起等申请人补正，要补正 " in seen and len(seen) > 1, seen


def test_a_stage_and_its_items_that_stand_still_name_one_day(_tokens):
    """The day on which it is to go on, if all that stands still has one; else today's answer."""
    no, _item, _unit = api.dispatched("2304-211403-04-01-136299", "停到同一天的厂房")
    clerk = client.as_user("wang")
    def stage():
        return clerk.get(f"/api/v1/w/p/{no}").json["stages"][0]
    for n, item in enumerate(stage()["items"]):
        approver, path = client.as_user(f"ap-{item['unit']}"), f"/w/t/{no}/1/{item['code']}"
        assert "stage_planned_due" not in stage() and "如今日恢复" not in clerk.get(f"/w/p/{no}").text
        approver.get(path)
        approver.post(path, [("act", "take")])
        page = approver.get(path).text
        fields, cause = dict(client.fields_of(page)), re.search(r'<option value="([\w-]+)"', page.split('id="cause"')[1])[1]
        planned = ["2026-12-02", "2026-12-04"][n % 2]
        assert approver.post(path, [("act", "pause"), ("seen", fields["seen"]), ("cause", cause), ("planned", planned), ("notice", "需要组织专家评审")]).status == 303
    page, own = clerk.get(f"/w/p/{no}").text, client.as_user("owner").get(f"/my/{no}").text
    last = stage()
    assert last["stage_planned_end"] == "2026-12-04" and last["stage_planned_due"] > last["due"], last
    for text in (page, own):
        assert f"预计 2026-12-04 恢复；那天恢复的，到期日为 {last['stage_planned_due']}" in text and "如今日恢复" not in text


def test_a_case_that_waits_says_for_what_and_until_when(_tokens):
    """In correction: what is asked, by which letter, and that no day ends it. Issued: the day that the list of the window gives."""
    clerk, seen = client.as_user("wang"), set()
    due = {(r["project"], r["stage"]): r["deadline"] for r in clerk.get("/api/v1/w").json["to_deliver"] if r["project"] < 60}
    for no in range(1, 60):
        for stage in (clerk.get(f"/api/v1/w/p/{no}").json or {}).get("stages", []):
            if stage["status"] not in ("correction", "certified"):
                continue
            page = clerk.get(f"/w/c/{no}/{stage['n']}").text
            seen.add(stage["status"])
            if stage["status"] == "correction":
                card = page.split('<h2 id="cor">')[1].split("</section>")[0]
                assert all(w["what"] in card and w["why"] in card for w in stage["notice"]["missing"]) and "补正材料告知书 HLD补" in card and "补正没有定最后一天" in card, card
                assert ("还没有登记送达" in card) == ('补正材料告知书' in page.split("还要登记送达")[1].split("</p>")[0] if "还要登记送达" in page else False), card
            if stage["status"] == "certified":
                assert f'最迟 <time datetime="{due.pop((no, stage["n"]))}">' in page and "回执上的日期" in page, (no, stage["n"])
    assert {"correction", "certified"} <= seen and not due, (seen, due)


def test_what_is_late_at_the_window_says_of_what_and_who_had_it_last(_tokens):
    """Records of the window belong to the window; the last of its people to act is named, to its head and to who oversees."""
    wu, named = client.as_user("wu"), 0
    for row in wu.get("/api/v1/w/super/lamps?unit=window").json["clocks"]:
        if row["kind_label"] == "阶段" and not row.get("waits_for"):  # it was accepted, so somebody did that
            named += 1
            assert row["hand"] in ("王某", "孙某", "赵某") and row["hand"] in wu.get(row["href"]).text, row
    assert named and "最后经手" in wu.get("/w/super/lamps?unit=window").text
    home = client.as_user("zhao").get("/api/v1/w").json
    assert {r["clock_of"] for r in home["arrived"]} <= {"受理答复"} and {r["clock_of"] for r in home["slips"] + home["to_issue"]} == {"阶段"}, home
    assert any(r["hand"] for r in home["slips"] + home["to_issue"]) and "最后经手" in client.as_user("zhao").get("/w").text
    assert all("hand" not in r for r in client.as_user("wang").get("/api/v1/w").json["arrived"])


def test_what_was_asked_for_in_words_may_be_answered_with_a_file(tokens):
    def at_hand():
        for unit in ("natural-resources", "development-reform", "housing-construction"):
            ap = api.program(tokens, f"ap-{unit}")
            for row in ap.view("/w")["items"]:
                for owner in (client.as_user("owner"), client.as_user("owner2")):
                    if owner.get(f"/my/{row['project']}").status == 200 and ap.view(f"/w/t/{row['project']}/{row['stage']}/{row['code']}")["can_decide"]:
                        yield ap, owner, row
    ap, owner, row = next(at_hand())
    ask = {"stage": row["stage"], "item": row["code"], "missing": [{"what": "现场说明", "why": "与图纸不符，附图", "basis": "《示例条例》第八条"}], "why_late": "派转以后才发现"}
    ap.ask("item.return", f"project/{row['project']}", **ask)
    path = f"/my/{row['project']}/supply/{row['stage']}/{row['code']}"
    page = owner.get(path).text
    day = ap.view(f"/w/t/{row['project']}/{row['stage']}/{row['code']}")["item"]["supply_by"]
    until = "{}年{}月{}日".format(*map(int, day.split("-")))
    assert f"请在 {until} 前补交" in page, page
    for at in (f"/w/c/{row['project']}/{row['stage']}", f"/w/p/{row['project']}"):
        assert f"等申请人在 {day} 前补交" in client.as_user("wang").get(at).text, "the window reads the day that the owner reads"
    assert "还有别的文件要一起交：部门要的文件也在这里选" in page, page
    names = re.findall(r'<input type="file" id="(m_[\w-]+)"', page.split("还有别的文件要一起交：部门要的文件也在这里选")[1])
    pdf = b"%PDF-1.4\n% drawn anew\ntrailer<<>>\n%%EOF\n"
    assert names, page
    r = owner.files(path, [("note", "")], [(names[0], "附图.exe", b"MZ\x90\x00")])
    assert r.status == 422 and "<details open><summary>还有别的文件" in r.text and f'id="{names[0]}-e"' in r.text, r.text
    r = owner.files(path, [("note", "")], [(names[0], "附图.pdf", pdf)])
    assert r.status == 422 and "请逐项说明补正的内容" in r.text and "已选：附图.pdf" in r.text and "<details open><summary>还有别的文件" in r.text, r.text
    carried = [(n, html.unescape(v)) for n, v in re.findall(r'<input type="hidden" name="(k_[\w-]+)" value="([^"]*)"', r.text)]
    sent = owner.files(path, carried + [("note", "已按现场改正，附图")], [])
    assert sent.status == 303 and sent.get("location") == path, (sent.status, sent.get("location"))
    said = re.sub(r"<[^>]*>", "", owner.get(path).text)
    for part in ("已收到您补交的内容", "现场说明：与图纸不符，附图", "附图.pdf", "补正说明：已按现场改正，附图", "由原来的承办人接着办"):
        assert part in said, (part, said)
    assert any(f["name"] == "附图.pdf" for f in ap.view(f"/w/t/{row['project']}/{row['stage']}/{row['code']}")["files"])
    said = re.sub(r"<[^>]*>", "", owner.get(f"/my/{row['project']}").text)
    assert "补交的材料已经到" in said and "由原来的承办人接着办。办理期限接着算" in said, said[:3000]


def test_the_journal_says_of_a_decision_on_which_item_and_what(_tokens):
    page = client.as_user("audit").get("/audit?from=&what=item.decided").text
    assert re.search(r"<td>作出审批决定<br>[^<：]+：(不)?通过</td>", page) and "<td>作出审批决定</td>" not in page, page
    here = client.as_user("audit").get("/audit?who=wang").text
    assert "不限日期再查" in here, here


def test_the_trail_of_a_project_leads_to_what_is_about_it_and_has_a_trail_of_its_own(_tokens):
    jar = client.as_user("audit")
    row = next(a for a in client.as_user("wu").get("/api/v1/w/a").json["acceptances"] if a["project_number"])
    page = jar.get(f"/audit?about={row['project_number']}&from=2026-11-20&to=2026-11-24").text
    said = page.split("这些另有轨迹")[1].split("</p>")[0]
    assert f">联合验收 {row['number']}</a>" in said, said
    there = html.unescape(re.search(rf'href="([^"]*)">联合验收 {row["number"]}', said)[1])
    assert "from=2026-11-20&to=2026-11-24" in there, there
    assert row["number"] in jar.get("/audit?about=" + there.split("about=")[1]).text
    own = jar.get(f"/audit?about={row['number']}").text
    assert "这些另有轨迹" not in own or f">关于 联合验收 {row['number']} 的消息</a>" in own.split("这些另有轨迹")[1].split("</p>")[0], own


def test_whoever_stops_an_account_reads_what_is_asked_for_it(tokens):
    at_hand = [r for r in client.as_user("sec").get("/api/v1/adm/access").json["waiting"] if not r["fresh"]]
    if not at_hand:  # decided by a test before this one
        api.program(tokens, "sys").ask("access.change", id="sun", roles="agent", unit="window", reason="改做代办")
        at_hand = [r for r in client.as_user("sec").get("/api/v1/adm/access").json["waiting"] if not r["fresh"]]
    asked = at_hand[0]
    page = client.as_user("sys").get(f"/adm/users/{asked['account']}").text
    assert f'href="/adm/access/{asked["no"]}">第 {asked["no"]} 号</a>' in page and "还在等安全管理员审批" in page, page
    assert "还在等安全管理员审批" not in client.as_user("sys").get("/adm/users/wang").text


def test_an_agents_home_says_how_far_each_project_is(_tokens):
    seen = 0
    for account in ("agent", "agent2", "agent3"):
        jar = client.as_user(account)
        for row in jar.get("/api/v1/agent/w").json["orders"]:
            if not row.get("stands"):
                continue
            seen += 1
            assert row["project_name"] in jar.get(f"/my/{row['project']}").text and re.match(r"第 \d 阶段 .+：.+", row["stands"]), row
            assert html.escape(row["stands"], quote=False) in jar.get("/agent/w").text, row
    assert seen


def test_an_agents_home_has_what_runs_first(_tokens):
    for account in ("agent", "agent2", "agent3"):
        jar = client.as_user(account)
        rows = jar.get("/api/v1/agent/w").json["orders"]
        parts = [0 if row.get("own", 0) > 0 else 1 if row.get("live") else 2 for row in rows]
        assert parts == sorted(parts), (account, parts)
        mine = next((row for row in rows if row.get("live") and row.get("project")), None)
        if mine:
            assert '<a href="/agent/w">返回我的代办</a>' in jar.get(f"/my/{mine['project']}").text


def test_a_page_that_is_in_chinese_only_says_so_in_english(_tokens):
    wang, note = client.as_user("wang"), "in Chinese only"
    assert note not in wang.get("/w").text
    wang.cookies["prefs"] = "..en"
    assert note in wang.get("/w").text and note not in wang.get("/contact").text
    del wang.cookies["prefs"]


def test_the_map_of_the_site_leads_nobody_to_what_is_refused(_tokens):
    county, other = client.as_user("ap-longgang"), client.as_user("ap-development-reform")
    assert 'href="/w/county"' in county.get("/sitemap").text and county.get("/w/county").status == 200
    assert 'href="/w/county"' not in other.get("/sitemap").text and other.get("/w/county").status == 403


def test_the_auditor_is_led_to_the_proof_and_nobody_else(_tokens):
    audit = client.as_user("audit")
    assert 'href="/audit/proof"' in audit.get("/audit").text and "从头核对一遍" in audit.get("/audit/proof").text
    page = audit.get("/audit/proof?run=1").text
    assert "日志没有被改过，各表和日志一致" in page and "再核对一遍" in page, page
    for other in ("sys", "wu", "owner"):
        assert client.as_user(other).get("/audit/proof?run=1").status == 403


def test_every_receipt_that_was_given_is_found_and_told_from_a_forged_one(tokens):
    """Also the first of a stage that was applied for again; where certificates are checked, a receipt is sent on to where it belongs."""
    owner, jar = api.program(tokens, "owner"), client.Jar()
    no = api.register(owner, "2304-211403-04-01-700991")
    api.submit(owner, no)
    first = owner.view(f"/my/{no}/stage/1/receipt")["receipt"]
    owner.ask("stage.withdraw", f"project/{no}", stage=1, reason="要改材料")
    api.submit(owner, no)
    second = owner.view(f"/my/{no}/stage/1/receipt")["receipt"]
    number = owner.view(f"/my/{no}")["number"]
    assert (first[-2:], second[-2:]) == ("-1", "-2"), (first, second)
    for receipt in (first, second, first.lower()):
        r = jar.get(f"/track?no={receipt}")
        assert r.status == 303 and r.get("location") == f"/track/{number}?receipt={receipt.upper()}", (receipt, r.status, r.text[:300])
        seen = jar.get(r.get("location")).text
        assert f"回执 {receipt.upper()} 属实" in seen and re.search(r"第 1 阶段　立项用地规划许可　类别：[^<]*20\d\d-\d\d-\d\d \d\d:\d\d 收到。", seen), seen[:3000]
        assert (f"最近一次的回执是 {second}" in seen) == (receipt != second) and "示例机械" not in seen.split("</section>")[0]
    assert "is genuine" in jar.get(f"/en/track/{number}?receipt={first}").text and "属实" in jar.get(f"/track/{first}").text
    assert "属实" not in jar.get(f"/track/{number}").text
    for forged in (first[:-1] + "3", first[:-1] + "0", first.replace("-1-1", "-2-1"), first.replace("SL-0", "SL-"), f"{first}-1"):
        assert "没有找到这个编号" in jar.get(f"/track?no={forged}").text, forged
    assert jar.get(f"/track/{number}?receipt=SL-000001-1-1").status == 404, "of another project"
    for path in ("/verify", "/en/verify"):
        assert jar.get(f"{path}?number={first}&code=0000000000000000").get("location").endswith(f"/track?no={first}")


def test_an_order_about_what_has_ended_asks_for_an_answer_all_the_same(_tokens):
    """What ends while an order is open settles it (unit tests of supervision); who asks about what has ended already wants to know something else."""
    wu, seen = client.as_user("wu"), {}
    for case in wu.get("/api/v1/w/projects").json["projects"]:
        for n, stage in enumerate(wu.get(f"/api/v1/w/p/{case['no']}").json["stages"], 1):
            for item in stage.get("items", []):
                if item["status"] in ("passed", "taken"):
                    seen.setdefault(item["status"], (case["no"], n, item["code"], item["unit"]))
    for status, (no, stage, code, unit) in seen.items():
        path = f"/w/super/orders/new?project={no}&stage={stage}&item={code}"
        wu.get(path)
        done = wu.post(path, {"act": "send", "unit": unit, "subject": "办结了没有", "demand": "请报办理情况和办结日期", "again": "再问一次办到哪里了"}.items())
        assert done.status == 303, done.text[:300]
        assert wu.get("/api/v1" + done.get("location")).json["waits"] is False, status
    assert seen.keys() == {"passed", "taken"}, seen


def test_in_english_a_count_and_what_it_counts_are_one_sentence(_tokens):
    clerk, owner = client.as_user("wang").get("/en/w").text, client.as_user("owner").get("/en/my/1").text
    assert "Role: Window staff" in clerk and "窗口人员" not in clerk.split("<h1>")[0], "the frame is in English"
    assert "Stage: <span" in clerk and re.search(r"Waiting for \d+ working days", clerk) and "Time limit: " in owner and ", 12 used" in owner, re.findall("Time limit.{60}", owner)
    assert not re.search(r"(阶段|受理答复|送达)[　：:]*<span class=\"lamp", clerk) and "已等" not in clerk


def test_an_agents_order_ends_with_its_project(tokens):
    head = api.program(tokens, "zhao")
    orders = [o for o in head.view("/w/early")["orders"] if o["status"] == "started"]
    done = {o["no"] for o in orders if head.view(f"/w/p/{o['project']}")["completed"]}
    assert done and len(done) < len(orders), "the demonstration has both"
    for o in orders:
        says = "项目已办结" if o["no"] in done else "已开工"
        assert o["status_label"] == says == head.view(f"/w/agent/{o['no']}")["status_label"], o


def test_a_closed_order_keeps_its_deadline_beside_the_promised_day(_tokens):
    wu, seen = client.as_user("wu"), 0
    for row in wu.get("/api/v1/w/super/orders?status=closed").json["directives"]:
        order = wu.get(f"/api/v1/w/orders/{row['no']}").json
        if order["promised"]:
            seen += 1
            page = wu.get(f"/w/orders/{row['no']}").text
            assert f"<dt>回复期限</dt><dd>{order['asked_by_cn']}" in page and f'<dt>承诺办结日</dt><dd><time datetime="{order["reply_by"]}">' in page, page[:3000]
    assert seen


def test_the_head_of_the_window_reads_whose_turn_it_is(_tokens):
    clerk, head, seen = client.as_user("wang"), client.as_user("zhao"), 0
    for row in head.get("/api/v1/w").json["to_issue"]:
        path = f"/w/c/{row['project']}/{row['stage']}"
        if 'value="certify"' in clerk.get(path).text:
            seen += 1
            assert "等窗口人员盖章出件" in head.get(path).text and 'value="certify"' not in head.get(path).text
    assert seen
