import { knownText, type Rule, type Subject } from "./rule";

const CONTAINER = "docker:index/container:Container";
const PROTOCOLS = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP";
const LISTENERS = "KAFKA_LISTENERS";
const IN_CLEAR = /^(SASL_)?PLAINTEXT$/;

/** What crosses a network can be read on it, and whoever reaches a broker may not be whom it is for. */
export const kafkaClients: Rule = {
  name: "kafka-clients",
  demands: "Kafka's listeners encrypt, and ask who calls.",
  level: "mandatory",
  productionOnly: true,
  check: (subjects) =>
    subjects
      .filter(({ type }) => type === CONTAINER)
      .flatMap((subject) => {
        const { index, value } = variable(subject, PROTOCOLS);
        const bound = pairs(variable(subject, LISTENERS).value, "://");
        return pairs(value, ":")
          .filter(([name, protocol]) => IN_CLEAR.test(protocol) && !isInside(bound, name))
          .map(([name, protocol]) => ({
            subject,
            where: `envs[${index}]`,
            value: `the listener ${name} is ${protocol}`,
            fix: "npm run pulumi -- config set kafkaSecurity sasl_ssl",
          }));
      }),
};

function variable({ inputs }: Subject, wanted: string): { index: number; value: string } {
  const envs = Array.isArray(inputs["envs"]) ? inputs["envs"] : [];
  const texts = envs.map((entry) => knownText(entry) ?? "");
  const index = texts.findIndex((text) => text.startsWith(`${wanted}=`));
  return { index, value: texts[index]?.slice(wanted.length + 1) ?? "" };
}

function pairs(list: string, between: string): [name: string, value: string][] {
  return list
    .split(",")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [name = "", value = ""] = entry.split(between);
      return [name, value];
    });
}

/** Whether only programs in the broker's own container reach the listener. */
function isInside(bound: readonly [name: string, address: string][], listener: string): boolean {
  return bound.some(([name, address]) => name === listener && address.startsWith("127.0.0.1:"));
}
