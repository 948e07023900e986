# SPDX-License-Identifier: Apache-2.0
"""Runs the transcripts and the conversations against the server at BASE. Prints what failed and the totals."""
import os
import pathlib
import sys
import time
import traceback

import client
import transcript

here = pathlib.Path(__file__).parent
passed = failed = 0
last = time.time()
only = sys.argv[1:]


def report(ok, name, why=""):
    global passed, failed, last
    if time.time() - last > 2:
        print(f"  {name}: {time.time() - last:.1f} s", file=sys.stderr)
    last = time.time()
    if client.faults:
        ok, why = False, f"{why} {'; '.join(client.faults[:3])}"
        client.faults.clear()
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}\n  {why}")


def main():
    client.PORT = int(os.environ["BASE"].rsplit(":", 1)[1])
    tokens = dict(t.split("=", 1) for t in os.environ.get("TOKENS", "").split())
    import slow  # begins at once: it waits for deadlines while the rest runs
    waiting = slow.begin()
    started = time.time()
    for path in sorted(here.glob("*.t")):
        if not only or any(o in path.name for o in only):
            transcript.play(path, tokens, report)
    import api
    import live
    import load
    import own
    import search
    import ways
    api.ALL.update(tokens)
    for module in (search, api, ways, own, live, load):
        for name, test in list(vars(module).items()):
            if not name.startswith("test_") or (only and not any(o in module.__name__ or o in name for o in only)):
                continue
            try:
                test(tokens)
                report(True, name)
            except Exception:
                report(False, name, traceback.format_exc(limit=-3))
    slow.finish(waiting, report)
    print(f"{passed} passed, {failed} failed")
    print(f"in {time.time() - started:.1f} s", file=sys.stderr)
    sys.exit(1 if failed else 0)


main()
