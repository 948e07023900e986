# SPDX-License-Identifier: Apache-2.0
"""Groonga (TokenBigram, index with positions) by its own program: groonga.py DIR build|ask|answers. Its times are those that it reports itself."""
import json
import os
import resource
import subprocess
import sys

folder, what = sys.argv[1:3]
here = os.path.join(folder, "groonga")
base = os.path.join(here, "db")


def run(args, commands):
    done = subprocess.run(["groonga", *args, base], input=commands, capture_output=True, text=True, check=True)
    return done.stdout.strip().split("\n")


def build():
    os.makedirs(here)
    with open(os.path.join(folder, "docs.txt"), encoding="utf-8") as f:
        docs = [line.rstrip("\n") for line in f]
    load = "table_create Doc TABLE_NO_KEY\ncolumn_create Doc text COLUMN_SCALAR Text\n" \
        "table_create Term TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto\n" \
        "column_create Term of COLUMN_INDEX|WITH_POSITION Doc text\nload --table Doc\n[" \
        + ",\n".join(json.dumps({"text": d}, ensure_ascii=False) for d in docs) + "]\n"
    run(["-n"], load)
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"cpu_us {int((use.ru_utime + use.ru_stime) * 1e6)}\ndocuments {len(docs)}")


def ask(answers):
    with open(os.path.join(folder, "questions.txt"), encoding="utf-8") as f:
        questions = [line.rstrip("\n") for line in f]
    limit = -1 if answers else 10
    said = run([], "".join(f'select Doc --filter "text @ \\"{q}\\"" --limit {limit} --cache no --output_columns _id\n' for q in questions))
    for q, line in zip(questions, said, strict=True):
        (code, _, took, *_), body = json.loads(line)
        assert code == 0, line
        (count,), _, *rows = body[0]
        if not answers:
            print(len(q), int(took * 1e6))
            continue
        h = 14695981039346656037
        for i in sorted(r[0] - 1 for r in rows):
            h = ((h ^ i) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
        print(count, f"{h:016x}")


build() if what == "build" else ask(what == "answers")
