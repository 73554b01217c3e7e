import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { asAdmin, silentKafka } from "../../pipeline/kafka/admin";

const DEADLINE_MS = 5_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

export interface EndpointState {
  access: KafkaAccess;
  /** Of a topic. */
  replicas: number;
}

/** Why a Kafka does not let in, in words that tell what to look at; undefined where it does. */
export async function endpointFault({
  access,
  replicas,
}: EndpointState): Promise<string | undefined> {
  const kafka = silentKafka(access, {
    clientId: "steamline-endpoint",
    connectionTimeout: DEADLINE_MS,
    authenticationTimeout: DEADLINE_MS,
    requestTimeout: DEADLINE_MS,
    retry: { retries: 0 },
  });
  try {
    return await asAdmin(kafka, async (admin) => {
      await admin.listTopics();
      const { brokers } = await admin.describeCluster();
      return shapeFault(access, replicas, brokers);
    });
  } catch (error) {
    return explained(access, error instanceof Error ? error : new Error(String(error)));
  }
}

function shapeFault(
  { brokers: given }: KafkaAccess,
  replicas: number,
  brokers: readonly { host: string; port: number }[],
): string | undefined {
  const where = `the Kafka at ${given} (kafkaExternal)`;
  const loopback = brokers.find(({ host }) => LOOPBACK.test(host));
  if (loopback)
    return `${where} sends its clients on to ${loopback.host}:${loopback.port}, which in a container is the container itself. Have it advertise an address that is found from there. Nothing was changed.`;
  return replicas > brokers.length
    ? `replicationFactor: ${replicas} is more than the ${brokers.length} ${brokers.length === 1 ? "broker" : "brokers"} of ${where}. Nothing was changed.`
    : undefined;
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
    const reason = await endpointFault(news);
    // Of no one property, as its value would be told, which says nothing.
    return { inputs: news, failures: reason ? [{ property: "", reason }] : [] };
  },
  diff: async (_id, olds, news) => ({ changes: !isDeepStrictEqual(olds.access, news.access) }),
  create: async (inputs) => ({ id: "kafka", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
};
