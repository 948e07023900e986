# SPDX-License-Identifier: Apache-2.0
"""A third verifier, from docs/proofs.md alone, with nothing but Python: receipts, checkpoints, consistency proofs, the text
of QR codes; both suites.

  third.py KEYS FILE          prints what is proved; exit code 0 good, 1 refused
  third.py --flips KEYS FILE  changes each bit in turn

SM3, SM2 and Ed25519 are written out, so that no library is trusted either."""
import base64
import hashlib
import re
import sys
import zlib


class Refused(Exception):
    pass


def need(ok, why):
    if not ok:
        raise Refused(why)


# ---- SM3 (GB/T 32905) and SM2 (GB/T 32918.2, curve of GB/T 32918.5) -----------------------------------------------------

M32 = 0xFFFFFFFF


def rotl(x, n):
    n %= 32
    return (x << n | x >> (32 - n)) & M32


def sm3(message):
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data = message + b"\x80" + bytes(-(len(message) + 9) % 64) + (len(message) * 8).to_bytes(8, "big")
    for at in range(0, len(data), 64):
        w = [int.from_bytes(data[at + 4 * j:at + 4 * j + 4], "big") for j in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotl(w[j - 3], 15)
            w.append(x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            ss1 = rotl(rotl(a, 12) + e + rotl(0x79CC4519 if j < 16 else 0x7A879D8A, j) & M32, 7)
            ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
            gg = e ^ f ^ g if j < 16 else e & f | ~e & M32 & g
            tt1 = ff + d + (ss1 ^ rotl(a, 12)) + (w[j] ^ w[j + 4]) & M32
            tt2 = gg + h + ss1 + w[j] & M32
            a, b, c, d = tt1, a, rotl(b, 9), c
            e, f, g, h = tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17), e, rotl(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)


P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A, B = P - 3, 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)


def plus(p, q):  # affine; None is the point at infinity
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0] and (p[1] + q[1]) % P == 0:
        return None
    m = (3 * p[0] * p[0] + A) * pow(2 * p[1], -1, P) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, P)
    x = (m * m - p[0] - q[0]) % P
    return x, (m * (p[0] - x) - p[1]) % P


def times(k, p):
    out = None
    while k:
        if k & 1:
            out = plus(out, p)
        p, k = plus(p, p), k >> 1
    return out


def sm2_good(pub, message, sig):
    r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
    x, y = int.from_bytes(pub[1:33], "big"), int.from_bytes(pub[33:], "big")
    if pub[0] != 4 or max(x, y) >= P or (y * y - x * x * x - A * x - B) % P or not 0 < r < N or not 0 < s < N or (r + s) % N == 0:
        return False
    z = sm3(b"\x00\x80" + b"1234567812345678" + b"".join(n.to_bytes(32, "big") for n in (A, B, *G)) + pub[1:])
    at = plus(times(s, G), times((r + s) % N, (x, y)))
    return at is not None and (int.from_bytes(sm3(z + message), "big") + at[0]) % N == r


# ---- Ed25519 (RFC 8032) ---------------------------------------------------------------------------------------------------

Q = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q


def ed_plus(p, q):
    k = D * p[0] * q[0] * p[1] * q[1] % Q
    return ((p[0] * q[1] + p[1] * q[0]) * pow(1 + k, -1, Q) % Q, (p[1] * q[1] + p[0] * q[0]) * pow(1 - k, -1, Q) % Q)


def ed_times(k, p):
    out = (0, 1)
    while k:
        if k & 1:
            out = ed_plus(out, p)
        p, k = ed_plus(p, p), k >> 1
    return out


def ed_point(b):
    n = int.from_bytes(b, "little")
    y, sign = n & 2**255 - 1, n >> 255
    xx = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(xx, (Q + 3) // 8, Q)
    if (x * x - xx) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    if y >= Q or (x * x - xx) % Q or (not x and sign):
        return None
    return (Q - x if x & 1 != sign else x), y


def ed_good(pub, message, sig):
    a, r, s = ed_point(pub), ed_point(sig[:32]), int.from_bytes(sig[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + pub + message).digest(), "little") % L
    base = ed_point((4 * pow(5, -1, Q) % Q).to_bytes(32, "little"))
    return ed_times(s, base) == ed_plus(r, ed_times(k, a))


SUITES = {"gm": (sm3, sm2_good), "intl": (lambda m: hashlib.sha256(m).digest(), ed_good)}


# ---- common rules -----------------------------------------------------------------------------------------------------------

def b64(text, why):
    need(re.fullmatch(rb"[A-Za-z0-9+/]*={0,2}", text) and text and len(text) % 4 == 0, why)
    raw = base64.b64decode(text)
    need(base64.b64encode(raw) == text, why)
    return raw


def number(text, why):
    need(re.fullmatch(rb"0|[1-9][0-9]{0,14}", text), why)
    return int(text)


def is_time(text):
    return re.fullmatch(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+08:00", text)


def line_of(rest, why):
    need(b"\n" in rest, why)
    return rest.split(b"\n", 1)


def keys_read(text):
    out = []
    for line in text.split(b"\n"):
        if not line or line.startswith(b"#"):
            continue
        word, start, end = line.split(b" ")
        name, kid, key = word.split(b"+", 2)
        raw = b64(key, "key")
        kind, pub = ("gm", raw[17:]) if raw[:17] == b"\xffyichuang-sm2-sm3" and len(raw) == 82 else ("intl", raw[1:])
        need(kind == "gm" or (raw[0] == 1 and len(raw) == 33), "key")
        need(SUITES[kind][0](name + b"\n" + raw)[:4].hex().encode() == kid, "the id of a key")
        need(is_time(start) and (end == b"-" or is_time(end)), "time of a key")
        out.append((name, bytes.fromhex(kid.decode()), kind, pub, start, end))
    need(out, "no keys")
    return out


# ---- checkpoints ------------------------------------------------------------------------------------------------------------

def head_read(text):
    rest = text
    origin, rest = line_of(rest, "not a checkpoint")
    size, rest = line_of(rest, "not a checkpoint")
    root, rest = line_of(rest, "not a checkpoint")
    time, rest = line_of(rest, "not a checkpoint")
    body = text[:len(text) - len(rest)]
    empty, rest = line_of(rest, "not a checkpoint")
    need(origin and time.startswith(b"time ") and is_time(time[5:]) and not empty and rest, "not a checkpoint")
    head = dict(origin=origin, size=number(size, "size"), root=b64(root, "root"), time=time[5:], body=body, signatures=[])
    need(len(head["root"]) == 32, "root")
    while rest:
        line, rest = line_of(rest, "signature line")
        m = re.fullmatch(b"\xe2\x80\x94 ([^ +]+) ([^ ]+)", line)
        need(m and len(head["signatures"]) < 16, "signature line")
        raw = b64(m[2], "signature line")
        need(len(raw) > 4, "signature line")
        head["signatures"].append((m[1], raw))
    return head


def signers(keys, head):  # keys that claim to have signed, in their time
    for name, raw in head["signatures"]:
        for k in keys:
            if k[0] == name == head["origin"] and k[1] == raw[:4] and len(raw) == 68:
                if k[4] <= head["time"] and (k[5] == b"-" or head["time"] <= k[5]):
                    yield k, raw[4:]


def head_check(keys, head):
    for k, sig in signers(keys, head):
        if SUITES[k[2]][1](k[3], head["body"], sig):
            return k[2]
    raise Refused("no valid signature of a listed key in its time")


def suite_of(keys, head):  # before the signature is looked at, which is slow
    kind = next((k[2] for k, _ in signers(keys, head)), None)
    need(kind, "no signature of a listed key in its time")
    return kind


# ---- the tree (RFC 9162 §2.1.3.2 and §2.1.4.2) ---------------------------------------------------------------------------------

def included(h, leaf, index, size, way, root):
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in way:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = h(b"\1" + p + r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = h(b"\1" + r + p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(h, old, old_root, size, root, way):
    if not 0 < old <= size:
        return False
    if old == size:
        return not way and old_root == root
    if not way:
        return False
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    path = list(way) if old & (old - 1) else [old_root, *way]
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = h(b"\1" + c + fr), h(b"\1" + c + sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = h(b"\1" + sr + c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == root


def way_read(rest):
    way = []
    while True:
        line, rest = line_of(rest, "the proof is malformed")
        if not line:
            return way, rest
        way.append(b64(line, "the proof is malformed"))
        need(len(way[-1]) == 32 and len(way) <= 64, "the proof is malformed")


# ---- the files ----------------------------------------------------------------------------------------------------------------

def receipt(keys, rest):
    event, rest = line_of(rest, "no event")
    index, rest = line_of(rest, "no index")
    need(event.startswith(b"event {") and index.startswith(b"index "), "no event, or no index")
    index = number(index[6:], "index")
    way, rest = way_read(rest)
    head = head_read(rest)
    h = SUITES[suite_of(keys, head)][0]
    need(included(h, h(b"\0" + event[6:]), index, head["size"], way, head["root"]), "the event is not under this checkpoint")
    head_check(keys, head)
    return "receipt", event[6:], head


def consistency(keys, rest):
    way, rest = way_read(rest)
    parts = rest.split(b"\n\n")
    need(len(parts) == 4, "two checkpoints are needed")
    old, head = head_read(b"\n\n".join(parts[:2]) + b"\n"), head_read(b"\n\n".join(parts[2:]))
    kind = suite_of(keys, old)
    need(old["origin"] == head["origin"] and kind == suite_of(keys, head), "checkpoints of two logs")
    need(old["size"] != head["size"] or old["root"] == head["root"], "a fork: two heads of one size")
    need(consistent(SUITES[kind][0], old["size"], old["root"], head["size"], head["root"], way), "the newer does not continue the older")
    head_check(keys, old)
    head_check(keys, head)
    return "consistency", old, head


def codes(text):
    digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-.:"
    parts, total = {}, None
    for line in (text[:-1] if text.endswith(b"\n") else text).split(b"\n"):
        m = re.fullmatch(rb"YICHUANG1/([1-9])/([1-9])/([0-9A-Z$+.:-]+)", line)
        need(m and m[1] <= m[2] and total in (None, m[2]) and m[1] not in parts, "not the text of QR codes")
        parts[m[1]], total = m[3], m[2]
    need(len(parts) == int(total), "a code is missing")
    letters, out = b"".join(parts[k] for k in sorted(parts)), b""
    for i in range(0, len(letters), 3):
        some, v = letters[i:i + 3], 0
        for c in some:
            v = v * 41 + digits.index(c)
        need(len(some) > 1 and v < 256 ** (len(some) - 1), "misread")
        out += v.to_bytes(len(some) - 1, "big")
    need(len(out) > 5 and zlib.crc32(out[:-4]) == int.from_bytes(out[-4:], "big"), "misread")
    d = zlib.decompressobj(-15)
    try:
        file = d.decompress(out[:-4], 1 << 20)
    except zlib.error:
        raise Refused("misread")
    need(d.eof and not d.unused_data, "misread")
    return file


def verify(keys, text):
    if text.startswith(b"YICHUANG1/"):
        text = codes(text)
    first, rest = line_of(text, "an empty file")
    if first == b"yichuang-receipt/1":
        return receipt(keys, rest)
    if first == b"yichuang-consistency/1":
        return consistency(keys, rest)
    head = head_read(text)
    head_check(keys, head)
    return "checkpoint", None, head


def flips(keys, text):
    accepted = 0
    for bit in range(len(text) * 8):
        changed = bytearray(text)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            verify(keys, bytes(changed))
            accepted += 1
        except Refused:
            pass
    return accepted


if __name__ == "__main__":
    *option, keys_path, path = sys.argv[1:]
    keys, text = keys_read(open(keys_path, "rb").read()), open(path, "rb").read()
    try:
        kind, what, head = verify(keys, text)
    except Refused as e:
        print("refused:", e)
        sys.exit(1)
    if option:
        accepted = flips(keys, text)
        print(f"{len(text) * 8} bits changed one at a time, {accepted} accepted")
        sys.exit(accepted > 0)
    print(kind, what.decode() if kind == "receipt" else "", head["size"], head["time"].decode())
