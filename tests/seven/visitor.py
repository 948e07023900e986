# SPDX-License-Identifier: Apache-2.0
"""A person at a browser without scripts: opens pages, follows links, fills forms by what stands beside each field and presses
buttons by what is written on them. Nothing reaches the server that a page did not offer."""
import html.parser
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "http"))
import client

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SAMPLES = [("行业代码", "E47"), ("电话", "0429-3112345"), ("手机", "13800001234"), ("日期", "2027-03-15"), ("时间", "2027-03-15"), ("代码", "91211400MA1001371X")]


class Field:
    def __init__(self, name, kind, value, label, mode):
        self.name, self.kind, self.value, self.label, self.mode = name, kind, value, label, mode
        self.options, self.checked, self.optional = [], False, False


class Form:
    def __init__(self, a):
        self.action, self.many, self.asks = a.get("action", ""), a.get("enctype") == "multipart/form-data", a.get("method", "get") == "get"
        self.fields, self.buttons = [], []  # buttons: (name, value, text)


class Reader(html.parser.HTMLParser):
    """The forms and links inside <main>."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.links, self.labels = [], [], {}
        self.depth, self.sink, self.legend, self.form, self.select, self.area = 0, None, "", None, None, None
        self.feed(page)
        for form in self.forms:
            for f in form.fields:
                own = self.labels.get(f.label, "")
                f.label = own if f.kind not in ("radio", "checkbox") else f.options[0] + " " + own
                f.optional = "选填" in f.label

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "main":
            self.depth = 1
        if not self.depth:
            return
        if tag == "form":
            self.form = Form(a)
            self.forms.append(self.form)
        elif tag == "legend":
            self.sink, self.text = ("legend", None), ""
        elif tag == "label":
            self.sink, self.text = ("label", a.get("for")), ""
        elif tag == "a":
            self.sink, self.text = ("a", a.get("href")), ""
        elif tag == "button" and self.form:
            self.sink, self.text = ("button", (a.get("name"), a.get("value"))), ""
        elif tag == "option" and self.select:
            self.select.options.append(a.get("value", ""))
            if "selected" in a:
                self.select.value = a.get("value", "")
        elif tag in ("input", "select", "textarea") and self.form and a.get("name"):
            f = Field(a["name"], a.get("type", "text") if tag == "input" else tag, a.get("value") or "", a.get("id", ""), a.get("inputmode", ""))
            if a.get("aria-label"):  # a name without a label of its own
                self.labels[f.label or a["name"]] = a["aria-label"]
                f.label = f.label or a["name"]
            if f.kind in ("radio", "checkbox"):
                f.options, f.checked = [self.legend], "checked" in a
            self.select = f if tag == "select" else None
            if tag == "textarea":
                self.area = f
            self.form.fields.append(f)

    def handle_data(self, data):
        if self.area:
            self.area.value += data
        elif self.sink:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.area.value, self.area = self.area.value.removeprefix("\n"), None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.form = None
        elif tag == "fieldset":
            self.legend = ""
        elif tag == "main":
            self.depth = 0
        if self.sink and tag == self.sink[0]:
            kind, what = self.sink
            text = re.sub(r"\s+", " ", self.text).strip()
            if kind == "legend":
                self.legend = text
            elif kind == "label":
                self.labels[what] = text
            elif kind == "a":
                self.links.append((what, text))
            else:
                self.form.buttons.append((*what, text))
            self.sink = None


class Visitor:
    def __init__(self, account):
        self.account = account
        self.jar = client.as_user(account) if account else client.Jar()
        self.path, self.page = "/", ""

    def open(self, path):
        r = self.jar.get(path)
        if r.status == 303:
            return self.open(r.get("location"))
        assert r.status == 200, f"{self.account}: GET {path}: {r.status} {said(r.text)}"
        self.path, self.page = path, r.text
        return self

    def sees(self, text):
        assert text in re.sub(r"<[^>]*>", "", self.page), f"{self.account}: “{text}” is not on {self.path}: {said(self.page)}"
        return self

    def offers(self, label):
        reader = Reader(self.page)
        return any(label in b[2] for form in reader.forms for b in form.buttons) or any(label in text for _, text in reader.links)

    def press(self, label, status=(303,), **typed):
        """The button or link with this label, the form filled with what is given; what is not given and not optional gets a sample."""
        reader = Reader(self.page)
        for form in reader.forms:
            for name, value, text in form.buttons:
                if label in text:
                    return self.send(form, (name, value), typed, status)
        for href, text in reader.links:
            if label in text:
                return self.open(href)
        raise AssertionError(f"{self.account}: no “{label}” on {self.path}: {said(self.page)}")

    def send(self, form, button, typed, status):
        fields, files = fill(form, dict(typed))
        if button[0]:
            fields.append(button)
        path = form.action or self.path
        if form.asks:
            return self.open(path + "?" + client.form(fields).decode())
        r = self.jar.files(path, fields, files) if form.many else self.jar.post(path, fields)
        assert r.status in status, f"{self.account}: POST {path} {button}: {r.status} {said(r.text)}"
        if r.status == 303:
            return self.open(r.get("location"))
        self.page = r.text
        return self


def said(page):
    """What a page says, for the message of a failed test: its errors first."""
    errors = re.findall(r'id="errsum".*?</div>|class="err[^"]*"[^>]*>.*?</', page, re.S)
    main = re.sub(r".*<main", "<main", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", " ".join(errors) + " | " + main))[:700]


def fill(form, typed):
    fields, files, groups = [], [], {}
    for f in form.fields:
        if f.kind == "file":
            given = typed.pop(f.name, None if f.optional else ("图纸.pdf", PDF))
            files.append((f.name, *(given or ("", b""))))
        elif f.kind in ("radio", "checkbox"):
            groups.setdefault((f.kind, f.name), []).append(f)
        elif f.name in typed:
            fields.append((f.name, typed.pop(f.name)))
        else:
            fields.append((f.name, f.value if f.kind == "hidden" else f.value or sample(f)))
    for (kind, name), group in groups.items():
        fields += [(name, v) for v in chosen(kind, name, group, typed)]
    assert not typed, f"the form {form.action} has no field {sorted(typed)}"
    return fields, files


def chosen(kind, name, group, typed):
    if name in typed:
        given = typed.pop(name)
        values = [given] if isinstance(given, str) else list(given)
        missing = set(values) - {f.value for f in group}
        assert not missing, f"{name} offers {[f.value for f in group]}, not {missing}"
        return values
    ticked = [f.value for f in group if f.checked]
    return ticked or ([group[-1].value] if kind == "radio" else [])


def sample(f):
    if f.optional:
        return ""
    if f.kind == "select":
        return next((v for v in f.options if v), "")
    if f.mode in ("numeric", "decimal"):
        return "1200"
    return next((v for word, v in SAMPLES if word in f.label), "示例内容")
