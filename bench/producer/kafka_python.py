"""Sends the records of a file with kafka-python and prints what it took, as JSON."""

import json
import resource
import sys
import time

from kafka import KafkaProducer

mode, brokers, topic, file, count = sys.argv[1:6]
count = int(count)

options = {
    # As the guide writes it: each record is waited for.
    "guide": {
        "acks": "all",
        "retries": 3,
        "max_in_flight_requests_per_connection": 1,
    },
    # As the guide's last part tunes it.
    "tuned": {
        "acks": "all",
        "retries": 3,
        "batch_size": 32768,
        "linger_ms": 100,
        "compression_type": "gzip",
        "buffer_memory": 67108864,
    },
}[mode]

with open(file, encoding="utf-8") as lines:
    records = [json.loads(line) for line, _ in zip(lines, range(count))]
producer = KafkaProducer(
    bootstrap_servers=[brokers],
    value_serializer=lambda v: json.dumps(v).encode("utf-8"),
    **options,
)


def send(some):
    futures = []
    for record in some:
        key = str(record["game_id"]).encode("utf-8")
        future = producer.send(topic, key=key, value=record)
        if mode == "guide":
            future.get(timeout=10)
        else:
            futures.append(future)
    producer.flush()
    return all(future.succeeded() for future in futures)


warm = min(count // 10, 20000)
send(records[:warm])
started, cpu = time.perf_counter(), time.process_time()
acked = send(records)
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
producer.close()
if not acked:
    sys.exit("not all records were acknowledged")
print(
    json.dumps(
        {
            "seconds": seconds,
            "cpuSeconds": cpu_seconds,
            "records": len(records),
            "rssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
