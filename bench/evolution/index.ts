import { parseArgs } from "node:util";
import { rows, run as execute, withClient, type Connection } from "../../infra/clickhouse/client";
import { startStand } from "../../tests/image/stand";
import type { Case } from "./case";
import { allCases } from "./cases";
import { Deployment, type Files } from "../lib/deployment";
import { Load, longestGap, sleep } from "./load";
import { baseFiles, edited } from "./schema";
import { progressLine, render, type Outcome } from "./report";

const TOPIC = "evolution";
const PER_SECOND = 1_000;
/** Watched after each change, so that a pause that begins late is seen. */
const AFTERWARDS_MS = 1_000;
const DRAIN_DEADLINE_MS = 90_000;

/**
 * Changes a running pipeline in every way there is, one after the other, while records come, and counts what
 * was lost and repeated. @returns 0 if nothing was and every change did what it had to.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { json: { type: "boolean" }, only: { type: "string" } },
  });
  const stand = await startStand();
  const load = new Load(stand.kafka, TOPIC, PER_SECOND);
  const outcomes: Outcome[] = [];
  try {
    const admin = stand.kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 3 }] });
    const deployment = new Deployment(stand.connection, stand.brokers);
    let files = baseFiles(stand.brokers, TOPIC);
    await deployment.up(files);
    await load.start();
    await sleep(2_000);
    outcomes.push(
      await measure({ name: "no change" }, async () => undefined, stand.connection, load),
    );
    for (const one of allCases(stand.brokers)) {
      if (values.only !== undefined && !one.name.includes(values.only)) continue;
      const next = edited(files, one.edits ?? {});
      const partitions = one.partitions;
      if (partitions !== undefined)
        await admin.createPartitions({ topicPartitions: [{ topic: TOPIC, count: partitions }] });
      const outcome = await measure(
        one,
        () => change(one, deployment, next, stand.connection),
        stand.connection,
        load,
      );
      outcome.faults.push(...(await leftovers(deployment, next)));
      outcomes.push(outcome);
      files = next;
      if (values.json !== true) process.stderr.write(progressLine(outcome));
    }
    await admin.disconnect();
    await load.stop();
    outcomes.push(
      await measure({ name: "all drained" }, async () => undefined, stand.connection, load),
    );
    const rollup = values.only === undefined ? await rollupDifference(stand.connection) : 0;
    if (rollup !== 0) outcomes.at(-1)?.faults.push(`the rollup differs by ${rollup} rows`);
  } finally {
    await load.stop().catch(() => undefined);
    await stand.close();
  }
  process.stdout.write(values.json ? `${JSON.stringify(outcomes, null, 2)}\n` : render(outcomes));
  return outcomes.every(
    ({ faults, lost, repeated }) => faults.length === 0 && lost === 0 && repeated === 0,
  )
    ? 0
    : 1;
}

/** What a second preview, and one after a refresh, would still change. */
async function leftovers(deployment: Deployment, files: Files): Promise<string[]> {
  try {
    const left = deployment.changes(files);
    const drifted = await deployment.refresh();
    return [
      ...(left.length > 0 ? [`a second preview still changes ${left.join(", ")}`] : []),
      ...(drifted.length > 0 ? [`a refresh finds ${drifted.join(", ")} changed`] : []),
    ];
  } catch (error) {
    return [String(error).slice(0, 500)];
  }
}

async function change(
  one: Case,
  deployment: Deployment,
  files: Record<string, string>,
  connection: Connection,
): Promise<Pick<Outcome, "label" | "faults">> {
  const faults: string[] = [];
  const { byHand, destroys } = one;
  if (byHand) {
    await withClient(connection, byHand);
    if ((await deployment.refresh()).length === 0) faults.push("a refresh does not see it");
  }
  if (destroys !== undefined) {
    if (destroys === "archive") await fillArchive(connection);
    const refused = await deployment.up(files).then(
      () => false,
      (error: unknown) => (error as { code?: string }).code === "SQL_CHANGE_REFUSED",
    );
    if (!refused) faults.push("was not refused");
  }
  const labels = await deployment.up(files, destroys === undefined ? [] : [destroys]);
  const [object, expected] = one.label ?? [];
  if (object !== undefined && labels.get(object) !== expected)
    faults.push(`${object} was ${labels.get(object) ?? "untouched"}, not ${expected ?? ""}`);
  const label = object === undefined ? [...new Set(labels.values())].join(", ") : (expected ?? "");
  return { label: destroys === undefined ? label : "refused, then done when allowed", faults };
}

async function measure(
  one: Case,
  work: () => Promise<Pick<Outcome, "label" | "faults"> | undefined>,
  connection: Connection,
  load: Load,
): Promise<Outcome> {
  let did: Pick<Outcome, "label" | "faults"> | undefined;
  let tookMs = 0;
  const gapMs = await longestGap(
    connection,
    () => stored,
    async () => {
      const since = Date.now();
      try {
        did = await work();
      } catch (error) {
        did = { label: "failed", faults: [String(error).slice(0, 500)] };
      }
      tookMs = Date.now() - since;
    },
    AFTERWARDS_MS,
  );
  const target = load.count;
  const { lost, repeated, behindMs } = await drained(connection, target);
  return {
    name: one.name,
    label: did?.label ?? "",
    faults: did?.faults ?? [],
    tookMs,
    gapMs,
    sent: target,
    lost,
    repeated,
    behindMs,
  };
}

const stored = "SELECT id FROM events UNION ALL SELECT id FROM events_b";

/** Waits until all records below `count` are stored, or the deadline, and counts what is missing and doubled. */
async function drained(
  connection: Connection,
  count: number,
): Promise<Pick<Outcome, "lost" | "repeated" | "behindMs">> {
  return withClient(connection, async (client) => {
    for (const since = Date.now(); ;) {
      const query = `SELECT toString(uniqExactIf(id, id < ${count})) AS different, toString(count() - uniqExact(id)) AS repeated FROM (${stored})`;
      const [row] = await rows<{ different: string; repeated: string }>(client, query).catch(
        () => [],
      );
      const lost = count - Number(row?.different ?? 0);
      if (lost === 0 || Date.now() - since > DRAIN_DEADLINE_MS)
        return { lost, repeated: Number(row?.repeated ?? 0), behindMs: Date.now() - since };
      await sleep(50);
    }
  });
}

async function rollupDifference(connection: Connection): Promise<number> {
  return withClient(connection, async (client) => {
    const [row] = await rows<{ n: string }>(
      client,
      "SELECT toString((SELECT sum(n) FROM by_name) - toInt64((SELECT count() FROM events))) AS n",
    );
    return Number(row?.n);
  });
}

/** Rows of a hundred days ago, which a shorter TTL destroys, and of yesterday. */
async function fillArchive(connection: Connection): Promise<void> {
  await withClient(connection, (client) =>
    execute(
      client,
      "INSERT INTO archive (id, t) SELECT number, now() - INTERVAL if(number % 2, 1, 100) DAY FROM numbers(1000)",
    ),
  );
}
