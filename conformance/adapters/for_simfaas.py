"""A sketch of an adapter for SimFaaS (github.com/pacslab/simfaas, read at 03421f2; pip install simfaas).

    node tools/conformance/run.ts python3 conformance/adapters/for_simfaas.py

SimFaaS simulates one function with a fixed expiration threshold and draws its arrivals and durations from processes. Here a
process gives those of the vector, one after the other; its unit of time is the ms. It knows no loads apart from their
executions, so only worlds in which loading takes no time are answered. One thing differs: at the very moment at which a
window ends, SimFaaS unloads first, and the arrival is cold.
"""
import json
import sys

from simfaas.ServerlessSimulator import ServerlessSimulator
from simfaas.SimProcess import SimProcess

WORLDS = ({"kind": "paper"}, {"kind": "instances", "coldStart": 0})


class Given(SimProcess):
    """Values that are given, one after the other; after the last one none comes any more."""

    def __init__(self, values):
        super().__init__()
        self.values = iter(values)

    def generate_trace(self):
        return next(self.values, float("inf"))


class UntilTheLast(ServerlessSimulator):
    """Ends with the last arrival: after it SimFaaS would go on to one that never comes, and count it."""

    def __init__(self, arrivals, **options):
        self.arrivals = arrivals
        super().__init__(**options)

    def trace_condition(self, t):
        return self.total_req_count < self.arrivals


def cold_starts(starts, durations, keep_ms):
    gaps = [start - before for start, before in zip(starts, [0, *starts])]
    # Every arrival draws one duration, whether it is cold or warm.
    service = Given(durations)
    simulator = UntilTheLast(
        arrivals=len(starts),
        arrival_process=Given(gaps),
        warm_service_process=service,
        cold_service_process=service,
        expiration_threshold=keep_ms,
    )
    simulator.generate_trace()
    return simulator.total_cold_count


for line in sys.stdin:
    vector = json.loads(line)
    if vector["model"] not in WORLDS or vector["policy"]["id"] != "fixed":
        print(json.dumps({"id": vector["id"], "skip": "fixed windows, and loads that take no time"}))
        continue
    keep = vector["policy"]["params"].get("keepAlive", 600000)
    takes_time = vector["model"]["kind"] == "instances"
    apps = {}
    for app in {arrival["app"] for arrival in vector["arrivals"]}:
        own = [arrival for arrival in vector["arrivals"] if arrival["app"] == app]
        starts = [arrival["startMs"] for arrival in own]
        durations = [arrival["durationMs"] if takes_time else 0 for arrival in own]
        apps[app] = {"coldStarts": cold_starts(starts, durations, keep)}
    print(json.dumps({"id": vector["id"], "apps": apps}))
