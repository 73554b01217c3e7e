import type { Logger } from "pino";
import type { PipelineError } from "../errors";
import type { KafkaOptions } from "../kafka-options";
import { KafkaOutlet } from "./kafka-outlet";
import type { Outlet } from "./outlet";
import { TransactionalOutlet } from "./transactional-outlet";
import { Trouble } from "./trouble";

/** How ways into topics are made. */
export function outletFactory(
  options: KafkaOptions,
  log: Logger,
): (topic: string, onTrouble: (error: PipelineError) => void) => Promise<Outlet> {
  return (topic, tell) => {
    const trouble = new Trouble(log, { topic });
    const onTrouble = (error: PipelineError, failures: number, retryInMs: number): void => {
      tell(error);
      trouble.tell(error, failures, retryInMs);
    };
    const { transactionalId } = options;
    if (transactionalId === undefined)
      return KafkaOutlet.create(topic, { ...options, onTrouble }, log);
    // Each topic has a client of its own, and each client needs an id of its own.
    const id = `${transactionalId}.${topic}`;
    return TransactionalOutlet.begin(topic, id, { ...options, onTrouble }, log);
  };
}
