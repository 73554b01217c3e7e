import type { ClickHouseClient } from "@clickhouse/client";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { note, notes } from "../clickhouse/ledger";
import type { DeclaredReset } from "./declared-reset";
import { describeEffects } from "./effect";
import { OffsetError } from "./error";
import { GOALS, parseGoal, type Goal } from "./goal";
import { ConsumerGroup } from "./group";
import { pause, refuseWhileRead, resume, type Reader } from "./reader";
import { planReset } from "./reset";

/** A declared reset, and where it is done. */
export interface ResetOnce extends DeclaredReset {
  kafka: KafkaAccess;
}

const noteName = (id: string) => `offsets ${id}`;
const wording = ({ topic, partition, goal }: DeclaredReset) =>
  `${topic}${partition === undefined ? "" : `/${partition}`} ${goal}`;

/**
 * Sets the offsets, unless that was done. Consumption pauses for it, and goes on if it was not paused before. Cut
 * short, it sets the same offsets the next time, so that `latest` means the end as it first was.
 * @throws OffsetError where another program reads in the group, or the place is not there; nothing is changed then
 */
export async function resetOnce(client: ClickHouseClient, reset: ResetOnce): Promise<void> {
  if (await wasDone(client, reset)) return;
  const reader = readerOf(reset);
  // Before the pause: what cannot be done at all does not stop anything.
  await planReset(client, reader, goalOf(reset), reset.partition);
  const wasReading = await pause(client, reader);
  try {
    await refuseWhileRead(reader);
    const targets = (await begunTargets(client, reset)) ?? (await decided(client, reset, reader));
    await reader.group.commit(targets);
    await note(client, noteName(reset.id), "reset", wording(reset));
  } finally {
    if (wasReading) await resume(client, reader);
  }
}

/**
 * What the reset would do, in words; undefined where it was done.
 * @throws OffsetError where it cannot be done
 */
export async function forecastReset(
  client: ClickHouseClient,
  reset: ResetOnce,
): Promise<string | undefined> {
  if (await wasDone(client, reset)) return undefined;
  const reader = readerOf(reset);
  const effects = await planReset(client, reader, goalOf(reset), reset.partition);
  const { members } = await reader.group.state();
  const readers = members.map(({ clientId }) => clientId).join(", ") || "nobody";
  return `offsets ${reset.id}: ${wording(reset)}: ${describeEffects(effects)}; read now by ${readers}`;
}

/** @throws OffsetError (GOAL) where its id was used for something else */
export async function wasDone(client: ClickHouseClient, reset: DeclaredReset): Promise<boolean> {
  const done = (await notes(client, noteName(reset.id))).find(({ step }) => step === "reset");
  if (done && done.detail !== wording(reset)) {
    throw new OffsetError("GOAL", `the reset ${reset.id} was done as "${done.detail}"`, {
      where: "offsetResets in the stack's config",
      fix: "give the new one an id of its own; nothing was changed",
    });
  }
  return done !== undefined;
}

function readerOf({ kafka, topic, group, kafkaTable }: ResetOnce): Reader {
  return { kafkaTable, group: new ConsumerGroup(kafka, topic, group) };
}

function goalOf({ goal }: DeclaredReset): Goal {
  const parsed = parseGoal(goal);
  if (parsed) return parsed;
  throw new OffsetError("GOAL", `${JSON.stringify(goal)} is no place to go on from`, {
    fix: `use ${GOALS}`,
  });
}

type Target = { partition: number; target: number };

async function begunTargets(
  client: ClickHouseClient,
  reset: DeclaredReset,
): Promise<Target[] | undefined> {
  const begun = (await notes(client, noteName(reset.id))).at(-1);
  if (begun?.step !== "resetting") return undefined;
  const { as, targets } = JSON.parse(begun.detail) as { as: string; targets: Target[] };
  return as === wording(reset) ? targets : undefined;
}

async function decided(
  client: ClickHouseClient,
  reset: ResetOnce,
  reader: Reader,
): Promise<Target[]> {
  const effects = await planReset(client, reader, goalOf(reset), reset.partition);
  const targets = effects.map(({ partition, target }) => ({ partition, target }));
  const detail = JSON.stringify({ as: wording(reset), targets });
  await note(client, noteName(reset.id), "resetting", detail);
  return targets;
}
