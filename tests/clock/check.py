#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares answered lines with what they expect: each line carries `expect` (members of the answer) or
`expect_error` (the field). Reads the filter's output; prints `N passed, N failed`."""
import json
import sys

passed, failed = 0, 0
for text in sys.stdin:
    line = json.loads(text)
    answer, error = line.get("answer"), line.get("error")
    if "expect_error" in line:
        good = answer is None and error["field"] == line["expect_error"] and error["text"]
    else:
        good = error is None and all(answer[k] == v for k, v in line["expect"].items())
        good = good and (line["type"] not in ("item", "stage") or sum(answer["held"]) == answer["gross"])
    passed, failed = (passed + 1, failed) if good else (passed, failed + 1)
    if not good:
        print("FAILED", line["case"], "expected", line.get("expect") or line["expect_error"], "got", answer or error)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
