"""A sketch of an adapter for the FaasCache simulator (github.com/aFuerst/faascache-sim, code/split, read at e1f3b84).

    PYTHONPATH=faascache-sim/code/split node tools/conformance/run.ts python3 conformance/adapters/for_faascache.py

It answers fixed windows by its policy TTL, and the hybrid histogram at its defaults by its HIST, which differs: see
docs/emulating.md. Its pool has room for everything. Idle time is not answered: a container whose window is over holds its
memory until its function is called again.
"""
import json
import sys
import tempfile

from LambdaData import LambdaData
from LambdaScheduler import LambdaScheduler

ENDLESS_MB = 10**12


def policy_of(vector):
    """The policy of FaasCache that stands for that of the vector, and its window in ms; or why there is none."""
    if vector["model"] != {"kind": "paper"}:
        return None, "the model paper only, with nothing but defaults"
    policy, params = vector["policy"]["id"], vector["policy"]["params"]
    if policy == "fixed":
        return ("TTL", params.get("keepAlive", 600000)), None
    if policy == "hybrid-histogram" and not params:
        return ("HIST", None), None
    return None, "TTL and HIST only"


def cold_starts(vector, policy, keep_ms, folder):
    scheduler = LambdaScheduler(policy=policy, mem_capacity=ENDLESS_MB, run=vector["id"], log_dir=folder)
    if keep_ms is not None:
        scheduler.TTL = keep_ms
    for arrival in vector["arrivals"]:
        # In the model paper nothing takes time, whether cold or warm; memory is 1 MB.
        scheduler.runActivation(LambdaData(arrival["app"], 1, 0, 0), arrival["startMs"])
    scheduler.PerformanceLog.flush()
    stats = scheduler.miss_stats()
    return {arrival["app"]: {"coldStarts": stats[arrival["app"]]["misses"]} for arrival in vector["arrivals"]}


with tempfile.TemporaryDirectory() as folder:
    for line in sys.stdin:
        vector = json.loads(line)
        found, why = policy_of(vector)
        if found is None:
            print(json.dumps({"id": vector["id"], "skip": why}))
        else:
            print(json.dumps({"id": vector["id"], "apps": cold_starts(vector, *found, folder)}))
