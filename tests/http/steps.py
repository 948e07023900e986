# SPDX-License-Identifier: Apache-2.0
"""A person by name, a project and a stage of it from form to delivery, and the runner of acceptance steps: what tests of a
room that go through pages and interface share. The environment has BASE and TOKENS (see tests/early/run.sh)."""
import os
import sys
import time
import traceback

import api
import client

TOKENS = dict(t.split("=", 1) for t in os.environ["TOKENS"].split())
FIRM = "葫芦岛示例机械制造有限公司"
serial = iter(range(1, 900))


def who(account):
    return api.Client(TOKENS, account)


def code():
    return f"2304-211403-04-01-{700000 + next(serial)}"


def page(account, path):
    r = client.as_user(account).get(path)
    assert r.status == 200, (path, r.status, r.text[:400])
    return r.text


def register(account, uscc, owner, **more):
    view = who("owner").view("/my/new")
    facts = {k[2:]: v for k, v in api.answers(view["fields"]).items()}
    if more.get("category") in ("gov-building", "water", "highway"):
        facts["approval_type"] = "approve"
    facts.update(more.pop("facts", {}))
    for name in more.pop("without", []):
        facts.pop(name, None)
    args = dict(code=code(), name="前期办理示例", category="industry", county="longgang", owner=owner, uscc=uscc, facts=facts,
                contact_name="钱某", contact_phone="personal:phone")
    args.update(more)
    return who(account).ask("project.register", personal={"phone": "13800001234"}, **args)["stream"].split("/")[1]


def dispatch(no, n, by="owner", **typed):
    """A stage from its form to its departments; its items, as the window sees them. `typed`: what the form says otherwise than usual."""
    api.submit(who(by), no, n, **typed)
    clerk, stream = who("wang"), f"project/{no}"
    clerk.ask("stage.accept", stream, stage=n)
    items = [i["code"] for i in clerk.view(f"/w/c/{no}/{n}")["slip_items"]]
    clerk.ask("stage.draft-slip", stream, stage=n, items=items, opinion="同意派转")
    sent = client.as_user("wang").get(f"/w/c/{no}/{n}").text.split('<h2 id="sl">')[1]
    assert "轮到窗口负责人阅批" in sent and sent.split("</section>")[0].count("<li>") == len(items) + 2, sent[:2000]
    who("zhao").ask("stage.dispatch", stream, stage=n, opinion="同意")
    return clerk.view(f"/w/c/{no}/{n}")["here"]["items"]


def decide(no, n, item, status=200, take=True, **more):
    """An item is taken and decided by its department."""
    approver, stream = who(f"ap-{item['unit']}"), f"project/{no}"
    if take:
        approver.ask("item.take", stream, stage=n, item=item["code"])
    name = approver.view(f"/w/t/{no}/{n}/{item['code']}")["signer"]
    args = dict(result="pass", opinion="同意，符合条件", signature=name)
    args.update(more)
    return approver.ask("item.decide", stream, status=status, stage=n, item=item["code"], **args)


def issue(no, n):
    clerk, stream = who("wang"), f"project/{no}"
    clerk.ask("stage.certify", stream, stage=n)
    clerk.ask("stage.deliver", stream, stage=n, how="窗口领取", to="钱某")


def through(no, n, by="owner", **typed):
    """A stage from its form to its delivery."""
    for item in dispatch(no, n, by, **typed):
        decide(no, n, item)
    issue(no, n)


def wait_for(ready):
    """The timer looks once a second."""
    for _ in range(400):  # a loaded machine is slow, not wrong
        if ready():
            return
        time.sleep(0.25)
    assert ready()


def uscc_of(account):
    return who(account).view("/my/new")["uscc"]


def run(steps):
    """Those that begin with test_ for the argument `first`, with later_ for any other; ends the program."""
    passed = failed = 0
    client.PORT = int(os.environ["BASE"].rsplit(":", 1)[1])
    api.ALL.update(TOKENS)
    word = "test_" if sys.argv[1] == "first" else sys.argv[1] + "_"
    state = {}
    for name, test in list(steps.items()):
        if not name.startswith(word):
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
