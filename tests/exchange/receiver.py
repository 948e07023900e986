# SPDX-License-Identifier: Apache-2.0
"""A platform of province or county, for tests: it keeps rows by their serial number, checks them by its own rules, and can be told to refuse, to be slow, to
lose its answer, or to be away. It shares nothing with the program but the description in docs/exchange.md."""
import hashlib
import http.server
import json
import threading
import time

# What the standard says, by hand: what each table must have besides its key.
MUST = {
    "SPGL_DFXMSPLCXXB": "SPLCBM SPLCMC SPLCBBH SPLCSXSJ SPLCLX",
    "SPGL_DFXMSPLCJDXXB": "SPLCBM SPLCBBH SPJDBM SPJDMC SPJDXH DYBZSPJDXH SPJDSX LCBSXLX",
    "SPGL_DFXMSPLCJDSXXXB": "SPLCBM SPLCBBH SPJDXH SPSXBM SPSXBBH SPSXMC DYBZSPSXBM SPSXBLSX SPBMBM SPBMMC SFLCBSX",
    "SPGL_XMJBXXB": "XMDM XMMC GCDM XMTZLY TDHQFS SPLCLX LXLX GCFL JSXZ GBHYDMFBND GBHY NKGSJ NJCSJ XMSFWQBJ ZTZE JSDDXZQH JSDD YDMJ JZMJ SBSJ SPLCBM SPLCBBH",
    "SPGL_XMDWXXB": "XMDM GCDM DWTYSHXYDM DWMC DWLX",
    "SPGL_XMSPSXBLXXB": "GCDM SPSXBM SPSXBBH SPLCBM SPLCBBH SPSXSLBM SPBMBM SPBMMC SLFS GKFS SXBLSX",
    "SPGL_XMSPSXBLXXXXB": "GCDM SPSXSLBM BLCS BLR BLZT BLSJ",
    "SPGL_XMSPSXBLTBCXXXB": "GCDM SPSXSLBM TBCX TBCXKSSJ TBCXSXLX TBCXSX",
    "SPGL_XMSPSXPFWJXXB": "GCDM SPSXSLBM PFRQ PFWH PFWJBT PFWJYXQX",
    "SPGL_XMQTFJXXB": "GCDM BLSPSLBM FJMC FJFL FJID",
}
NUMBERS = "SPLCLX SPJDXH SPJDSX LCBSXLX SPSXBLSX LXLX GCFL JSXZ TDHQFS XMTZLY XMSFWQBJ DWLX SLFS GKFS SXBLSX BLZT TBCX TBCXSX TBCXSXLX FJFL SJYXBS".split()
OF_INSTANCE = ["SPGL_XMSPSXBLXXXXB", "SPGL_XMSPSXBLTBCXXXB", "SPGL_XMSPSXPFWJXXB"]


def canonical(row):
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sm3(data):
    return hashlib.new("sm3", data).hexdigest()


class Receiver:
    def __init__(self, port, token, kept=()):
        self.rows = {k[0]: (k[1], k[2]) for k in kept}    # LSH: (table, row)
        self.result = {k[0]: (k[3], k[4]) for k in kept}  # LSH: (SJSCZT, SBYY)
        self.repeats = self.calls = 0
        self.mode = "ok"
        self.projects, self.delay = {}, 0  # code: what is said of it, a tree or bytes
        self.token, self.lock = token, threading.Lock()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers.get("Authorization") != f"Bearer {owner.token}":
                    return self.say(401, {"error": "token"})
                deaf = owner.mode == "deaf"         # as it was when the call came, whatever the test does meanwhile
                answer = owner.answer(self.path.rsplit("/", 1)[1], body)
                if deaf:           # it has the rows, but its answer never arrives
                    self.close_connection = True
                    return None
                try:
                    return self.say(*answer)
                except ConnectionError:         # whoever asked has gone
                    return None

            def say(self, status, tree):
                text = tree if isinstance(tree, bytes) else json.dumps(tree, ensure_ascii=False).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                return None

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # ---- what it keeps --------------------------------------------------------------------------------------

    def valid(self, table=None):
        """Rows that are in force: valid, not made void since, not refused; by key. Two with one key are a fault."""
        out, by_key = {}, {}
        for lsh, (name, row) in sorted(self.rows.items(), key=lambda x: list(self.rows).index(x[0])):
            if self.result[lsh][0] == 2:
                continue
            key = (name, row["DFSJZJ"])
            if row["SJYXBS"] == 0:
                assert row["SJWXYY"], row
                by_key[key] = by_key.get(key, 0) - 1
                out.pop(key, None)
            else:
                by_key[key] = by_key.get(key, 0) + 1
                assert by_key[key] <= 1, ("two valid rows of one key", key)
                out[key] = row
        return [r for (name, _), r in out.items() if table in (None, name)]

    def fault(self, table, row):
        for column in (MUST.get(table) or "UNKNOWN_TABLE").split():
            if row.get(column) in (None, ""):
                return f"{column} 不能为空"
        for column in NUMBERS:
            if column in row and not isinstance(row[column], int):
                return f"{column} 不是整数"
        if table == "SPGL_DFXMSPLCJDXXB" and row["SPJDXH"] < 5 and not 0 < row["SPJDSX"] <= 50:
            return "SPJDSX 不在 1 到 50 之间"
        if table == "SPGL_XMSPSXBLXXB" and not any(r["SPSXBM"] == row["SPSXBM"] and r["SPLCBM"] == row["SPLCBM"] and r["SPLCBBH"] == row["SPLCBBH"]
                                                   for n, r in self.rows.values() if n == "SPGL_DFXMSPLCJDSXXXB"):
            return "SPSXBM 不在阶段事项里"
        if table in OF_INSTANCE and not any(r["SPSXSLBM"] == row["SPSXSLBM"] for n, r in self.rows.values() if n == "SPGL_XMSPSXBLXXB"):
            return "SPSXSLBM 没有对应的事项实例"
        if self.mode.startswith("refuse:") and row.get(self.mode[7:]) is not None:
            return f"{self.mode[7:]} 的值对方不收"
        return ""

    def take(self, table, row):
        lsh = row["LSH"]
        if lsh in self.rows:
            self.repeats += 1
            assert self.rows[lsh][1] == row, "another row under one serial number"
        else:
            fault = self.fault(table, row)
            self.rows[lsh] = (table, row)
            self.result[lsh] = (2, fault) if fault else (0 if self.mode == "later" else 1, "")
        return {"LSH": lsh, "SJSCZT": self.result[lsh][0], "SBYY": self.result[lsh][1]}

    def answer(self, what, body):
        with self.lock:
            self.calls += 1
            if self.mode == "broken":
                return 500, {"error": "维护中"}
            if what == "project":
                time.sleep(self.delay)
                return 200, self.projects.get(body["XMDM"], {"project": None})
            if what == "rows":
                if self.mode == "whole" and len(body["rows"]) > 1:
                    return 400, {"error": "整批不收"}
                return 200, {"rows": [self.take(x["table"], x["row"]) for x in body["rows"]]}
            if what == "states":
                for lsh in body["LSH"]:
                    if self.mode != "later" and self.result.get(lsh, (9, ""))[0] == 0:
                        self.result[lsh] = (1, "")
                return 200, {"rows": [{"LSH": x, "SJSCZT": self.result[x][0], "SBYY": self.result[x][1]} for x in body["LSH"] if x in self.result]}
            of_day = {lsh: x for lsh, x in self.rows.items() if lsh[6:14] == body.get("day", "").replace("-", "")}
            if what == "digest":
                return 200, {"tables": [self.digest(t, of_day) for t in sorted({t for t, _ in of_day.values()})]}
            if what == "keys":
                mine = sorted(x for x, (t, _) in of_day.items() if t == body["table"] and x > body["after"])[:body["max"]]
                return 200, {"rows": [{"LSH": x, "digest": sm3(canonical(self.rows[x][1]))} for x in mine]}
            return 404, {"error": what}

    def digest(self, table, rows):
        mine = sorted((lsh, row) for lsh, (t, row) in rows.items() if t == table)
        text = b"".join(f"{lsh} {sm3(canonical(row))}\n".encode() for lsh, row in mine)
        return {"table": table, "rows": len(mine), "digest": sm3(text)}
