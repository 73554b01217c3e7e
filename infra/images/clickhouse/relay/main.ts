import { readFileSync } from "node:fs";
import { workerData } from "node:worker_threads";
import type { KafkaAccess } from "../../../../pipeline/kafka/access";
import { Relay } from "./relay";

/** What the door gives this thread. */
const { accessPath, port } = workerData as { accessPath: string; port: number };

function say(msg: string, more: object): void {
  console.log(JSON.stringify({ msg, ...more }));
}

const access = JSON.parse(readFileSync(accessPath, "utf8")) as KafkaAccess;
const relay = new Relay(access, (broker, reason) =>
  say("Kafka lets nobody in", { broker, reason }),
);
void relay.listen(port).then((at) => say("relay ready", { port: at, brokers: access.brokers }));
