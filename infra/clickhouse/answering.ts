import * as pulumi from "@pulumi/pulumi";
import { rows, withClient, type Connection } from "./client";
import { valueIfKnown } from "./last-state";
import { trustingFetch } from "./trusting-fetch";

/** Longest that a preview waits for the warehouse. */
const ANSWER_DEADLINE_MS = 5_000;
/** Exit code by which Pulumi knows that a program has told its error itself. */
const EXIT_TOLD = 32;

/** The stack's warehouse, where it is known and answers. */
export async function answering(
  output: pulumi.Output<Connection>,
): Promise<Connection | undefined> {
  const connection = await valueIfKnown(output);
  if (!connection) return undefined;
  try {
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const answer = await trustingFetch(`${connection.url}/ping`, { signal }, connection.ca);
    // Another stack's warehouse may answer at a port that this one is still to take.
    if (answer.ok) await withClient(connection, (client) => rows(client, "SELECT 1"));
    return answer.ok ? connection : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the program with its reason told once, instead of once for each resource that waits for the plan. */
export async function failProgram(error: unknown): Promise<never> {
  const refused = pulumi.RunError.isInstance(error);
  await pulumi.log.error(refused ? error.message : String((error as Error).stack ?? error));
  process.exit(EXIT_TOLD);
}
