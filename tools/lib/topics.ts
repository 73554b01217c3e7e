import type { Admin, Kafka } from "kafkajs";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { asAdmin, silentKafka } from "../../pipeline/kafka/admin";
import { stackNames } from "../../infra/names";
import { wantedPorts } from "./ports";
import type { Session } from "./session";
import { configValue, writeMerged } from "./stack-config";
import type { Deployment } from "./state";
import { UserError } from "./user-error";

const TOPIC = "kafka:index/topic:Topic";

/** A Kafka client that gives up soon and says nothing. */
export function quietKafka(access: KafkaAccess): Kafka {
  return silentKafka(access, {
    clientId: "steamline-tools",
    connectionTimeout: 2000,
    requestTimeout: 5000,
    retry: { retries: 1, initialRetryTime: 100 },
  });
}

/** Runs `work` with an administrator's connection and closes it, whatever happens. */
export function withAdmin<T>(access: KafkaAccess, work: (admin: Admin) => Promise<T>): Promise<T> {
  return asAdmin(quietKafka(access), work);
}

/**
 * Removes topics that a killed run made and did not record, so that they can be made anew. Only empty ones.
 * @throws UserError (LEFTOVERS) for a topic with messages.
 */
export async function removeUnrecordedTopics(
  session: Session,
  state: Deployment | undefined,
): Promise<void> {
  const recorded = new Set(
    (state?.resources ?? []).filter(({ type }) => type === TOPIC).map(({ id }) => id),
  );
  const wanted = Object.values(stackNames(session.stack).topics).filter(
    (name) => !recorded.has(name),
  );
  const { content } = writeMerged(session.stack);
  const port = wantedPorts(session.stack, content).get("kafkaPort");
  // Brokers on several hosts let nobody in without the state's certificates.
  const isElsewhere = configValue(content, "hosts") !== "";
  if (wanted.length === 0 || port === undefined || isElsewhere) return;
  try {
    await withAdmin({ brokers: `localhost:${port}` }, async (admin) => {
      const there = new Set(await admin.listTopics());
      for (const topic of wanted.filter((name) => there.has(name)))
        await removeEmpty(session, admin, topic);
    });
  } catch (error) {
    // No broker yet, no topics yet.
    if (error instanceof UserError) throw error;
  }
}

async function removeEmpty(session: Session, admin: Admin, topic: string): Promise<void> {
  const offsets = await admin.fetchTopicOffsets(topic);
  if (offsets.some(({ high }) => high !== "0")) {
    throw new UserError(
      "LEFTOVERS",
      `the topic ${topic} holds messages, but this checkout's state does not know it`,
      {
        where: "the stack's broker",
        fix: `take it up: npm run pulumi -- import kafka:index/topic:Topic NAME ${topic}`,
      },
    );
  }
  session.progress.note(
    `topic ${topic} was made by a run that was killed, and is empty: it is made anew`,
  );
  await admin.deleteTopics({ topics: [topic] });
}
