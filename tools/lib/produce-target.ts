import { stackNames } from "../../infra/names";
import type { Environment } from "../../pipeline/environment";
import type { Arguments } from "./arguments";
import { readOutputs } from "./outputs";
import { createProgress } from "./progress";
import { chosenStack, openSession } from "./session";

/** Where a producer that is run by hand sends, and what it asks. */
export interface Target {
  /** As the producer's own container has it. */
  environment: Environment;
  simulated: boolean;
}

/**
 * The stack's own broker and topics; with --brokers or --dry-run no stack is asked.
 * @throws UserError (STACK_MISSING)
 */
export async function targetOf(args: Arguments): Promise<Target> {
  const stack = chosenStack(args.text("stack"));
  const brokers = args.text("brokers") ?? (args.flag("dry-run") ? "localhost:9092" : undefined);
  const names = stackNames(stack).topics;
  const simulated = args.flag("simulated");
  if (brokers !== undefined) return made(brokers, names, simulated);
  const outputs = await readOutputs(await openSession(stack, createProgress()));
  const topics = { topGames: outputs.topGamesTopic, gameDetails: outputs.detailsTopic };
  return made(outputs.kafkaBootstrapServers, topics, simulated || outputs.source === "simulated");
}

function made(
  brokers: string,
  topics: { topGames: string; gameDetails: string },
  simulated: boolean,
): Target {
  const environment = {
    CLIENT_ID: "steamline-produce",
    TOP_GAMES_TOPIC: topics.topGames,
    GAME_DETAILS_TOPIC: topics.gameDetails,
    ...process.env,
    STATUS_PORT: "0",
    KAFKA_BROKERS: brokers,
  };
  return { environment, simulated };
}
