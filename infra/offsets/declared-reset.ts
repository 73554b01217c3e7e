import type { StackNames } from "../names";
import { stackNames } from "../names";
import { GOALS, parseGoal } from "./goal";

/** A reset that config declares, to be done once. */
export interface DeclaredReset {
  /** By which it is known whether it was done. */
  id: string;
  topic: string;
  group: string;
  kafkaTable: string;
  /** As config has it; `parseGoal` reads it. */
  goal: string;
  /** The one that is meant. @default all */
  partition?: number;
}

const ID = /^[a-z0-9][a-z0-9-]{0,60}$/;
const FORM = "ID TOPIC GOAL, or ID TOPIC/PARTITION GOAL";

/**
 * Reads config's resets, with semicolons between them: `reread-1 steam_top_games_topic earliest`. A topic goes by
 * its name on the stack or by the guide's. Adds a fault for each that is none.
 */
export function parseResets(text: string, names: StackNames, faults: string[]): DeclaredReset[] {
  const resets: DeclaredReset[] = [];
  for (const entry of text.split(";").map((one) => one.trim())) {
    if (entry === "") continue;
    const fault = (why: string) => faults.push(`offsetResets: ${JSON.stringify(entry)} ${why}`);
    const [id = "", place = "", goal = "", ...more] = entry.split(/\s+/);
    const [topicName = "", number] = place.split("/");
    const stream = streamOf(topicName, names);
    const partition = number === undefined ? undefined : Number(number);
    const isPartition = number === undefined || /^\d{1,4}$/.test(number);
    if (!ID.test(id) || !isPartition || more.length > 0 || goal === "")
      fault(`is not of the form. Allowed: ${FORM}, with an id of a-z, 0-9 and -.`);
    else if (!stream)
      fault(`names an unknown topic. Allowed: ${Object.values(names.topics).join(", ")}.`);
    else if (!parseGoal(goal)) fault(`has no goal. Allowed: ${GOALS}.`);
    else if (resets.some((reset) => reset.id === id))
      fault(`has the id of another. Allowed: an id of its own for each.`);
    else resets.push({ id, ...stream, goal, ...(partition === undefined ? {} : { partition }) });
  }
  return resets;
}

const tables = { topGames: "kafka_steam_top_games", gameDetails: "kafka_steam_game_details" };

function streamOf(
  topic: string,
  { topics, groups }: StackNames,
): Pick<DeclaredReset, "topic" | "group" | "kafkaTable"> | undefined {
  const plain = stackNames("dev").topics;
  for (const key of ["topGames", "gameDetails"] as const) {
    if (topic === topics[key] || topic === plain[key])
      return { topic: topics[key], group: groups[key], kafkaTable: tables[key] };
  }
  return undefined;
}
