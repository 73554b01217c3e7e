import { Kafka, logLevel, type Admin, type KafkaConfig } from "kafkajs";
import { kafkajsOptions, type KafkaAccess } from "./access";

/** What a client is called, and how patient it is; the rest is kafkajs's own. */
export type Patience = Pick<KafkaConfig, "clientId" | "retry"> &
  Required<Pick<KafkaConfig, "connectionTimeout" | "requestTimeout">> &
  Pick<KafkaConfig, "authenticationTimeout">;

/** A client of kafkajs that says nothing: whoever asks tells what went wrong. */
export function silentKafka(access: KafkaAccess, patience: Patience): Kafka {
  return new Kafka({ ...patience, ...kafkajsOptions(access), logLevel: logLevel.NOTHING });
}

/** Runs `work` with an administrator's connection and closes it, whatever happens. */
export async function asAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
