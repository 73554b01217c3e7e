import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { Kafka, logLevel } from "kafkajs";
import { kafkajsOptions, type KafkaAccess } from "../../pipeline/kafka/access";

const DEADLINE_MS = 5_000;

export interface EndpointState {
  access: KafkaAccess;
}

/** Why a Kafka does not let in, in words that tell what to look at; undefined where it does. */
export async function endpointFault(access: KafkaAccess): Promise<string | undefined> {
  const admin = new Kafka({
    clientId: "steamline-endpoint",
    ...kafkajsOptions(access),
    logLevel: logLevel.NOTHING,
    connectionTimeout: DEADLINE_MS,
    authenticationTimeout: DEADLINE_MS,
    requestTimeout: DEADLINE_MS,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    await admin.listTopics();
    return undefined;
  } catch (error) {
    return explained(access, error instanceof Error ? error : new Error(String(error)));
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function explained({ brokers, tls, sasl }: KafkaAccess, { name, message }: Error): string {
  const where = `the Kafka at ${brokers} (kafkaExternal)`;
  if (/SASLAuthentication/.test(name))
    return `${where} does not let ${sasl?.username ?? "anybody"} in: ${message}. Look at kafkaExternalMechanism, kafkaExternalUsername and kafkaExternalPassword. Nothing was changed.`;
  if (/certificate|self-signed|altname|issuer|SSL|TLS/i.test(message))
    return `${where} shows a certificate that is not trusted: ${message}. Look at kafkaExternalCa, which has to hold the certificate of who signed it. Nothing was changed.`;
  const hint = tls
    ? "that it speaks TLS there"
    : "that it takes connections in clear there (kafkaExternalTls is false)";
  return `${where} does not answer: ${message}. Look whether the address is right, can be reached from this machine, and ${hint}. Nothing was changed.`;
}

/** Asked whenever the program runs, a preview included; what it says then is kept nowhere. */
export const kafkaEndpointProvider: dynamic.ResourceProvider<EndpointState, EndpointState> = {
  check: async (_olds, news) => {
    const reason = await endpointFault(news.access);
    return { inputs: news, failures: reason ? [{ property: "access", reason }] : [] };
  },
  diff: async (_id, olds, news) => ({ changes: !isDeepStrictEqual(olds.access, news.access) }),
  create: async (inputs) => ({ id: "kafka", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
};
