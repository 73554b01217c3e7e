import { setTimeout as sleep } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { run } from "../clickhouse/client";
import { attach, pauseConsumption } from "../clickhouse/consumption";
import { stands } from "../clickhouse/observe";
import { quoteName } from "../clickhouse/render";
import { OffsetError } from "./error";
import type { ConsumerGroup, Member } from "./group";

/** Longest that a table's member is seen after it was told to leave. */
const LEAVE_DEADLINE_MS = 10_000;
const LOOK_MS = 100;

/** A Kafka table and the group it reads in. */
export interface Reader {
  kafkaTable: string;
  group: ConsumerGroup;
}

/**
 * Stops reading, as `DETACH TABLE` does, once the block under way is stored and committed, and has the table's
 * members leave the group, which would else count for their session's time. @returns whether it was reading
 */
export async function pause(client: ClickHouseClient, reader: Reader): Promise<boolean> {
  const was = await stands(client, reader.kafkaTable);
  if (was) {
    await pauseConsumption(client, reader.kafkaTable);
    await run(client, `DETACH TABLE ${quoteName(reader.kafkaTable)}`);
  }
  await leave(reader);
  return was;
}

/**
 * Has the members of a table that reads no more leave its group, so that others take its partitions up at once and
 * not after its session's time.
 */
export async function leave(reader: Reader): Promise<void> {
  for (const since = Date.now(); ; await sleep(LOOK_MS)) {
    const own = (await reader.group.state()).members.filter((member) => isOf(reader, member));
    if (own.length === 0 || Date.now() - since > LEAVE_DEADLINE_MS) return;
    await reader.group.remove(own);
  }
}

/**
 * Reads on from where the group stands. @returns whether it was paused
 * @throws OffsetError (NOT_DEPLOYED) where there is no such table
 */
export async function resume(client: ClickHouseClient, { kafkaTable }: Reader): Promise<boolean> {
  if (await stands(client, kafkaTable)) return false;
  if (await attach(client, kafkaTable)) return true;
  throw new OffsetError("NOT_DEPLOYED", `there is no table ${kafkaTable}, paused or not`, {
    where: "ClickHouse",
    fix: "npm run up makes it",
  });
}

/** @throws OffsetError (GROUP_RUNNING) while the group has a member, whoever that is */
export async function refuseWhileRead({ kafkaTable, group }: Reader): Promise<void> {
  const { members } = await group.state();
  if (members.length === 0) return;
  const others = members.filter((member) => !isOf({ kafkaTable }, member));
  const told = members.map(({ clientId, host }) => `${clientId} on ${host}`).join(", ");
  throw new OffsetError("GROUP_RUNNING", `the group ${group.group} is running: ${told}`, {
    where: `topic ${group.topic}`,
    fix:
      others.length > 0
        ? `stop ${others.map(({ clientId }) => clientId).join(", ")}, which is not of this stack; nothing was changed`
        : `pause it first: npm run offsets -- pause --topic ${group.topic}; nothing was changed`,
  });
}

/** Consumers of one table carry its name in theirs, and a number where there are several. */
function isOf({ kafkaTable }: Pick<Reader, "kafkaTable">, { clientId }: Member): boolean {
  const plain = kafkaTable.split(".").at(-1) ?? kafkaTable;
  return new RegExp(`^ClickHouse-.*-${plain}(-\\d+)?$`).test(clientId);
}
