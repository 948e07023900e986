# SPDX-License-Identifier: Apache-2.0
"""Reads a workbook with what Python has: zip and XML. read(bytes) gives {sheet: [[cell, ...], ...]}; a number is a Decimal, a day a date, a
percentage a Decimal of the whole. As a program: prints one line a row, cells separated by |."""
import datetime, decimal, io, sys, xml.etree.ElementTree as tree, zipfile

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
EPOCH = datetime.date(1899, 12, 30)


def column(place):
    n = 0
    for c in place:
        if c.isalpha(): n = n * 26 + ord(c) - 64
    return n - 1


def read(data, shown=False):
    z = zipfile.ZipFile(io.BytesIO(data))
    assert z.testzip() is None
    part = lambda name: tree.fromstring(z.read(name))
    styles = part("xl/styles.xml")
    codes = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(M + "numFmt")}
    formats = [codes.get(x.get("numFmtId"), "") for x in styles.find(M + "cellXfs")]
    assert int(styles.find(M + "cellXfs").get("count")) == len(formats)
    targets = {r.get("Id"): r.get("Target") for r in part("xl/_rels/workbook.xml.rels")}
    overrides = {o.get("PartName") for o in part("[Content_Types].xml") if o.get("PartName")}
    assert all("/" + n in overrides or n.endswith(".rels") or n == "[Content_Types].xml" for n in z.namelist())
    out = {}
    for sheet in part("xl/workbook.xml").iter(M + "sheet"):
        rows = []
        for row in part("xl/" + targets[sheet.get(R + "id")]).iter(M + "row"):
            assert int(row.get("r")) == len(rows) + 1
            cells = []
            for c in row:
                while len(cells) < column(c.get("r")): cells.append(None)
                code = formats[int(c.get("s", 0))]
                if c.get("t") == "inlineStr": cells.append("".join(t.text or "" for t in c.iter(M + "t")))
                else:
                    v = decimal.Decimal(c.find(M + "v").text)
                    if code == "yyyy-mm-dd": v = EPOCH + datetime.timedelta(days=int(v))
                    elif shown and code.endswith("%"): v = f"{v * 100:.{len(code.rstrip('%').partition('.')[2])}f}%"
                    cells.append(v)
            rows.append(cells)
        out[sheet.get("name")] = rows
    return out


if __name__ == "__main__":
    for name, rows in read(open(sys.argv[1], "rb").read(), shown=True).items():
        print(f"[{name}]")
        for r in rows: print("|".join("" if c is None else str(c) for c in r))
