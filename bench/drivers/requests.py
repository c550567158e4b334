"""python requests.py FOLDER EVENT REPORT COUNT GAP: a handler's time for each of COUNT requests, GAP seconds apart.

Each request is parsed anew from the file EVENT, as the runtime does, outside the time that is taken. It writes
to the file REPORT, as JSON: nanoseconds of each request, the host of the last answer, bytes of resident memory.
"""

import json
import resource
import sys
import time
from pathlib import Path

folder, event_file, report, count, gap = sys.argv[1:]
sys.path.insert(0, folder)

from handler import handler  # noqa: E402 - of the folder that was given

text = Path(event_file).read_text(encoding="utf-8")
times = []
answer = {}
for _ in range(int(count)):
    if float(gap):
        time.sleep(float(gap))
    event = json.loads(text)
    begun = time.perf_counter_ns()
    answer = handler(event, None)
    times.append(time.perf_counter_ns() - begun)
with Path("/proc/self/statm").open(encoding="ascii") as statm:
    memory = int(statm.read().split()[1]) * resource.getpagesize()
host = answer["origin"]["custom"]["domainName"]
Path(report).write_text(json.dumps({"times": times, "host": host, "memory": memory}), encoding="utf-8")
