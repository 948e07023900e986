# SPDX-License-Identifier: Apache-2.0
"""The draw once more, from docs/draw.md alone, in Python.

  draw.py FILE    prints what is drawn, or what is wrong; exit code 0 when the file is in order"""
import hashlib
import sys

HEAD = "yichuang-draw/1"


def h(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Numbers:
    def __init__(self, seed, label):
        self.seed, self.label, self.block, self.left = seed, label, 0, []

    def below(self, n):
        while True:
            if not self.left:
                b = hashlib.sha256(self.seed + f"{self.label}\n{self.block}".encode()).digest()
                self.left = [int.from_bytes(b[i:i + 4], "big") for i in range(0, 32, 4)]
                self.block += 1
            w = self.left.pop(0)
            if w < 2**32 // n * n:
                return w % n


def sample(seed, label, n, k):
    numbers, a = Numbers(seed, label), list(range(n))
    for i in range(k):
        j = i + numbers.below(n - i)
        a[i], a[j] = a[j], a[i]
    return a[:k]


def shares(objects, rate, total):
    have = {c: sum(o[2] == c for o in objects) for c in "ABCD"}
    if not total:
        return {c: -(-have[c] * rate[c] // 100) for c in "ABCD"}
    weight = sum(have[c] * rate[c] for c in "ABCD")
    part = {c: total * have[c] * rate[c] for c in "ABCD"}
    out = {c: min(have[c], part[c] // weight if weight else 0) for c in "ABCD"}
    rest = {c: part[c] % weight if weight else 0 for c in "ABCD"}
    for _ in range(min(total, len(objects)) - sum(out.values())):
        best = max((c for c in "DCBA" if out[c] < have[c]), key=lambda c: rest[c])
        rest[best] = -1
        out[best] += 1
    return out


def check(text):
    """What is drawn, as in the file; raises AssertionError with what is wrong."""
    head, rest = text.split("\n\n", 1)
    head += "\n"
    rows = [line.split(" ") for line in head.splitlines()]
    assert rows[0] == [HEAD], "head"
    plan = next(r for r in rows if r[0] == "plan")
    rule = next(r for r in rows if r[0] == "rule")
    rate = {r[1]: int(r[2]) for r in rows if r[0] == "rate"}
    beacon_at = next(r for r in rows if r[0] == "beacon")[1]
    parties = [r[1] for r in rows if r[0] == "party"]
    objects = [r[1:4] for r in rows if r[0] == "object"]
    people = [(r[1], r[3].split(",")) for r in rows if r[0] == "inspector"]
    assert [int(r[1]) for r in rows if r[0] == "before"] == list(range(1, int(plan[2]))), "earlier attempts"
    acts = [line.split(" ") for line in rest.splitlines()]
    said = {k: [a[1:] for a in acts if a[0] == k] for k in ("list", "commit", "reveal", "value", "seed", "drawn", "voided")}
    digest = h(head)
    assert said["list"] == [[digest]], "list"
    commits, secrets = {c[0]: c for c in said["commit"]}, {r[0]: r for r in said["reveal"]}
    for party, secret, at in said["reveal"]:
        assert commits[party][1] == h(f"{HEAD} commit\n{digest}\n{party}\n{secret}\n"), f"commitment of {party}"
        assert max(c[2] for c in said["commit"]) <= at < beacon_at, f"time of {party}"
    if not said["value"]:
        assert not said["drawn"], "drawn without a number"
        return []
    value, at = said["value"][0]
    assert set(secrets) == set(parties) and at >= beacon_at, "not all revealed"
    seed = h(f"{HEAD} seed\n{digest}\n" + "".join(f"{p} {secrets[p][1]}\n" for p in parties) + f"value {value}\n")
    assert said["seed"] == [[seed]], "seed"
    raw, share, drawn = bytes.fromhex(seed), shares(objects, rate, int(rule[2])), []
    for c in "DCBA":
        members = [o for o in objects if o[2] == c]
        for i in sample(raw, c, len(members), share[c]):
            number, uscc = members[i][:2]
            fit = [cert for cert, avoid in people if uscc not in avoid]
            drawn.append([number, c] + [fit[k] for k in sample(raw, number, len(fit), int(rule[1]))])
    assert drawn == said["drawn"], "drawn"
    return drawn


if __name__ == "__main__":
    try:
        for row in check(open(sys.argv[1], encoding="utf-8", newline="").read()):
            print(*row)
    except (AssertionError, KeyError, ValueError, StopIteration) as e:
        print("NOT:", e)
        sys.exit(1)
