import { execFile, spawnSync } from "node:child_process";
import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Kafka, logLevel, Partitioners } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokerEnvironment } from "../../infra/broker-environment";
import { createProgress } from "../../tools/lib/progress";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";
import { freePort } from "./stand";

const run = promisify(execFile);

/** Long enough to build the image from nothing. */
const BUILD_TIMEOUT_MS = 900_000;
const HEALTHY_WITHIN_MS = 30_000;
const DATA_DIR = "/var/lib/kafka/data";
const TOPIC = "steam_top_games_topic";
const LOCAL = ["--bootstrap-server", "localhost:9092"];

const name = `kafka-image-test-${process.pid}`;
let docker: (args: string[], input?: string) => { status: number | null; out: string; err: string };
let host: string;
let image: string;
let address: string;

/** As the stack gives it to the container. */
const environment = (port: number) =>
  brokerEnvironment({ port, memoryMb: 1_024 }).map((one) => `--env=${one}`);

/** Runs a command of the guide inside the container. */
function exec(command: string[], input?: string): string {
  const { status, out, err } = docker(["exec", "-i", name, ...command], input);
  expect(status, `${command.join(" ")}: ${err}`).toBe(0);
  return out;
}

async function healthy(): Promise<number> {
  const since = Date.now();
  while (docker(["exec", name, "kafka-healthy"]).status !== 0) {
    if (Date.now() - since > HEALTHY_WITHIN_MS)
      throw new Error(`not healthy:\n${docker(["logs", "--tail=30", name]).out}`);
    await sleep(100);
  }
  return Date.now() - since;
}

function client(): Kafka {
  return new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 10 } });
}

async function produce(values: string[]): Promise<void> {
  const producer = client().producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const messages = values.map((value) => ({ key: value, value }));
  await producer.send({ topic: TOPIC, acks: -1, messages });
  await producer.disconnect();
}

async function consume(count: number, groupId: string): Promise<string[]> {
  const consumer = client().consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          values.push(message.value?.toString() ?? "");
          if (values.length >= count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values.sort();
}

/** How many brokers it names when asked again and again, from now until it takes no more questions. */
function brokersNamed(port: number): Promise<number[]> {
  const counts: number[] = [];
  const socket = createConnection(port, "127.0.0.1");
  // As kafka-healthy asks.
  const ask = () => socket.write(Buffer.from("0000000e000300010000002affff00000000", "hex"));
  let received = Buffer.alloc(0);
  socket.on("connect", ask).on("data", (data) => {
    received = Buffer.concat([received, data]);
    if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
    counts.push(received.readInt32BE(8));
    received = Buffer.alloc(0);
    setTimeout(ask, 1);
  });
  return new Promise((resolve) =>
    socket.on("error", () => {}).once("close", () => resolve(counts)),
  );
}

beforeAll(async () => {
  const progress = createProgress();
  const engine = await ensureDocker(progress);
  ({ host } = engine);
  docker = (args, input) => {
    const options = { encoding: "utf8", input: input ?? "", timeout: 60_000 } as const;
    const done = spawnSync("docker", ["--host", host, ...args], options);
    return { status: done.status, out: done.stdout, err: done.stderr };
  };
  image = (await ensureImages(progress, "local", engine)).kafkaImage;
  const port = await freePort();
  address = `localhost:${port}`;
  const started = docker([
    ...["run", "--detach", `--name=${name}`, "--hostname=kafka", "--memory=1g"],
    ...[`--publish=127.0.0.1:${port}:${port}`, `--volume=${name}:${DATA_DIR}`],
    ...environment(port),
    image,
  ]);
  expect(started.err).toBe("");
}, BUILD_TIMEOUT_MS);

afterAll(() => {
  docker(["rm", "--force", name]);
  docker(["volume", "rm", "--force", name]);
});

describe("the Kafka image", () => {
  it("is ours by its label", () => {
    const { out } = docker(["image", "inspect", image, "--format={{json .Config.Labels}}"]);
    expect(JSON.parse(out)).toEqual({ "steamline.image": "local" });
  });

  it("has a healthy broker soon, which does not run as root", async () => {
    expect(await healthy()).toBeLessThan(20_000);
    expect(exec(["id", "-un"])).toBe("kafka\n");
  });

  it("makes and shows topics by the guide's commands", () => {
    const made = ["--create", ...LOCAL, "--topic", TOPIC, "--partitions", "3"];
    exec(["kafka-topics", ...made, "--replication-factor", "1"]);
    expect(exec(["kafka-topics", "--list", ...LOCAL])).toBe(`${TOPIC}\n`);
    const described = exec(["kafka-topics", "--describe", "--topic", TOPIC, ...LOCAL]);
    expect(described).toContain("PartitionCount: 3");
  });

  it("takes messages from the host and gives them back", async () => {
    await produce(["a", "b", "c"]);
    expect(await consume(3, "from-host")).toEqual(["a", "b", "c"]);
  });

  it("takes and gives messages by the console commands", () => {
    exec(["kafka-console-producer", "--topic", TOPIC, ...LOCAL], "d\ne\n");
    const read = ["kafka-console-consumer", "--topic", TOPIC, "--from-beginning", ...LOCAL];
    const values = exec([...read, "--max-messages", "5", "--group", "g"])
      .trim()
      .split("\n");
    expect(values.sort()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("tells end offsets under the name that Kafka 4 dropped", () => {
    const shell = ["kafka-run-class", "kafka.tools.GetOffsetShell"];
    const told = exec([...shell, "--broker-list", "localhost:9092", "--topic", TOPIC]);
    const lines = told.trim().split("\n");
    expect(lines.map((line) => line.slice(0, -2))).toEqual([0, 1, 2].map((p) => `${TOPIC}:${p}`));
    expect(lines.reduce((sum, line) => sum + Number(line.split(":")[2]), 0)).toBe(5);
  });

  it("shows groups and sets them back, without naming the broker as well", () => {
    const groups = exec(["kafka-consumer-groups", "--list", ...LOCAL]);
    expect(groups.trim().split("\n").sort()).toEqual(["from-host", "g"]);
    const reset = ["kafka-consumer-groups", "--reset-offsets", "--group", "g", "--execute"];
    exec([...reset, "--to-earliest", "--topic", TOPIC]);
    exec([...reset, "--to-offset", "0", "--topic", `${TOPIC}:0`]);
    const described = exec(["kafka-consumer-groups", "--describe", "--group", "g", ...LOCAL]);
    const rows = described.split("\n").filter((line) => line.includes(TOPIC));
    expect(rows.map((row) => row.split(/\s+/)[3])).toEqual(["0", "0", "0"]);
  });

  it("keeps what it acknowledged when it is killed", async () => {
    await produce(["f", "g"]);
    docker(["kill", "--signal=KILL", name]);
    docker(["start", name]);
    await healthy();
    expect(await consume(7, "after-kill")).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
  });

  it("shuts down in order on SIGTERM, within Docker's ten seconds", async () => {
    const since = Date.now();
    const named = brokersNamed(Number(address.split(":")[1]));
    await run("docker", ["--host", host, "stop", "--time=10", name]);
    expect(Date.now() - since).toBeLessThan(9_000);
    // Kafka's client for C forgets a cluster of which it is told that it has no broker, for good.
    expect(new Set(await named)).toEqual(new Set([1]));
    const { out } = docker(["inspect", name, "--format={{.State.ExitCode}}"]);
    expect(out).toBe("143\n");
    docker(["start", name]);
    await healthy();
    exec(["kafka-topics", "--delete", "--topic", TOPIC, ...LOCAL]);
    expect(exec(["kafka-topics", "--list", ...LOCAL])).not.toContain(TOPIC);
  });

  it("says so where it may not write its data", () => {
    const mount = `--tmpfs=${DATA_DIR}:uid=0,mode=755`;
    const { status, err } = docker(["run", "--rm", mount, ...environment(9094), image]);
    expect(status).toBe(1);
    expect(err).toMatch(/cannot be written to by user 1000/);
  });
});
