"""Runs clickhouse-connect's own operations against the door. Prints one line a check; a failure raises."""

import datetime
import os

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

PORT = int(os.environ["DOOR_PORT"])
checks = 0


def connect(user="admin", **more):
    password = os.environ[f"{user.upper()}_PASSWORD"]
    return clickhouse_connect.get_client(
        host="127.0.0.1", port=PORT, username=user, password=password, **more
    )


def check(name, found, expected):
    global checks
    assert found == expected, f"{name}: {found!r} is not {expected!r}"
    checks += 1
    print(name)


def refused(name, code, work):
    try:
        work()
    except ClickHouseError as error:
        assert f"code {code}" in str(error) or f"Code: {code}" in str(error), str(error)
        check(name, True, True)
    else:
        raise AssertionError(f"{name}: not refused")


client = connect()
check("ping", client.ping(), True)
check("command", client.command("SELECT 1 + 1"), 2)
check("server version", client.server_version.startswith("26."), True)

client.command(
    "CREATE TABLE seen (id UInt32, name String, at DateTime64(3), tags Array(LowCardinality(String)),"
    " maybe Nullable(Int16), pairs Map(String, UInt8)) ENGINE = MergeTree ORDER BY id"
)
at = datetime.datetime(2026, 1, 31, 23, 59, 58, 123000)
rows = [[i, f"n'{i}\\\n", at, ["a", f"t{i % 3}"], None if i % 2 else -i, {"k": i % 9}] for i in range(5000)]
for compression in (False, "lz4", "zstd", "gzip", "br", True):
    client.command("TRUNCATE TABLE seen")
    if compression == "zstd" and not os.environ["WITH_ZSTD"]:
        continue
    try:
        packed = connect(compress=compression)
    except Exception as error:  # The client has br only with a package of its own.
        assert compression == "br", error
        continue
    summary = packed.insert("seen", rows, column_names=["id", "name", "at", "tags", "maybe", "pairs"])
    check(f"insert, {compression}", summary.written_rows, 5000)
    result = packed.query("SELECT * FROM seen ORDER BY id")
    check(f"query, {compression}", [list(row) for row in result.result_rows], rows)
    check(f"columns, {compression}", result.column_names[:2], ("id", "name"))
    packed.close()

check("no rows", client.query("SELECT id FROM seen WHERE id > 1e9").result_rows, [])
check(
    "server parameters",
    client.query(
        "SELECT {s:String}, {n:UInt8}, {l:Array(String)}, {d:DateTime}",
        parameters={"s": "it's\t\\", "n": 5, "l": ["a'b", "c"], "d": at.replace(microsecond=0)},
    ).result_rows[0][:3],
    ("it's\t\\", 5, ["a'b", "c"]),
)
check("client parameters", client.query("SELECT %(s)s", parameters={"s": "it's\n"}).result_rows, [("it's\n",)])
check("settings", client.command("SELECT getSetting('max_block_size')", settings={"max_block_size": 77}), 77)
check("settings are gone", client.command("SELECT getSetting('max_block_size')") == 77, False)
form = connect(form_encode_query_params=True)
check("form", form.query("SELECT {s:String}", parameters={"s": "x" * 100_000}).result_rows[0][0], "x" * 100_000)

client.command("CREATE TEMPORARY TABLE mine (a UInt8)")
client.insert("mine", [[1], [2]], column_names=["a"], column_type_names=["UInt8"])
check("temporary table", client.command("SELECT sum(a) FROM mine"), 3)

with client.query_row_block_stream("SELECT number FROM numbers(500000)") as stream:
    check("stream", sum(len(block) for block in stream), 500_000)
check("raw", client.raw_query("SELECT 1 AS x", fmt="JSONEachRow"), b'{"x":1}\n')
client.raw_insert("seen", ["id", "name"], b"9001,raw\n", fmt="CSV")
check("raw insert", client.command("SELECT name FROM seen WHERE id = 9001"), "raw")

refused("unknown table", 60, lambda: client.query("SELECT * FROM nope"))
refused(
    "late error",
    395,
    lambda: client.query(
        "SELECT throwIf(number = 500000) FROM numbers(1000000)", settings={"max_block_size": 1000}
    ).result_rows,
)
client.command("CREATE TABLE hidden (a UInt8) ENGINE = Memory")
reader = connect("reader")
check("reader", reader.command("SELECT count() > 0 FROM seen"), 1)
refused("reader writes", 164, lambda: reader.command("TRUNCATE TABLE seen"))
refused("reader elsewhere", 497, lambda: reader.query("SELECT * FROM hidden"))
print(f"all {checks} checks passed")
