import { z } from "zod";
import { mechanisms, type KafkaAccess } from "../../pipeline/kafka/access";
import { explain } from "./explain";
import { capture } from "./run";
import type { Session } from "./session";
import { stackExists } from "./stack";
import { UserError } from "./user-error";

const schema = z.object({
  stack: z.string(),
  source: z.string(),
  imageSource: z.string(),
  clickhouseEngine: z.string(),
  clickhouseCluster: z.object({ shards: z.number(), replicas: z.number() }).optional(),
  kafkaBootstrapServers: z.string(),
  kafkaTls: z
    .object({ ca: z.string().optional(), cert: z.string().optional(), key: z.string().optional() })
    .optional(),
  kafkaSasl: z
    .object({ mechanism: z.enum(mechanisms), username: z.string(), password: z.string() })
    .optional(),
  topGamesTopic: z.string(),
  detailsTopic: z.string(),
  topGamesGroup: z.string(),
  detailsGroup: z.string(),
  furtherSources: z
    .array(
      z.object({
        topic: z.string(),
        group: z.string(),
        table: z.string(),
        pollIntervalSeconds: z.number(),
      }),
    )
    .default([]),
  clickhouseUrl: z.string(),
  clickhouseCa: z.string().optional(),
  database: z.string(),
  adminUser: z.string(),
  adminPassword: z.string(),
  readerUser: z.string(),
  readerPassword: z.string(),
  grafanaUrl: z.string(),
  grafanaNote: z.string(),
  dashboardsDir: z.string(),
  producerUrl: z.string(),
  containers: z.record(z.string(), z.string()),
  protectData: z.boolean(),
});

/** What a deployed stack tells of itself, secrets in clear. */
export type Outputs = z.infer<typeof schema>;

/** How a stack's Kafka is reached from here, as one who may do everything. */
export function kafkaOf(outputs: Outputs): KafkaAccess {
  const { kafkaBootstrapServers: brokers, kafkaTls: tls, kafkaSasl: sasl } = outputs;
  return { brokers, ...(tls ? { tls } : {}), ...(sasl ? { sasl } : {}) };
}

/** @throws UserError (STACK_MISSING) where the stack is not, or only partly, deployed. */
export async function readOutputs(session: Session): Promise<Outputs> {
  const missing = (what: string) =>
    new UserError("STACK_MISSING", what, { fix: `npm run up -- --stack ${session.stack}` });
  if (!(await stackExists(session))) throw missing(`there is no stack ${session.stack}`);
  const args = ["stack", "output", "--json", "--show-secrets"];
  const finished = await capture(session.toolchain.pulumi, args, { env: session.env });
  if (finished.code !== 0) {
    throw explain(finished.stderr) ?? missing(finished.stderr.replace(/^error: /, "").trim());
  }
  const parsed = schema.safeParse(JSON.parse(finished.stdout));
  if (!parsed.success) {
    const absent = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw missing(`the stack ${session.stack} is not up: it has no output ${absent}`);
  }
  return parsed.data;
}
