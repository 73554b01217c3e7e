import { MOST_BROKERS_A_HOST, type Placement } from "../../infra/hosts-config";
import { nodeAddresses } from "../../infra/node-address";
import { listContainers, type DockerContainer } from "./docker";
import type { Engine } from "./engines";
import type { StackFile } from "./merged-config";
import { named, wantedPorts } from "./ports";
import { configValue } from "./stack-config";
import { UserError } from "./user-error";

/** A port that a stack will publish on one of its hosts. */
export interface HostPort {
  /** The config key that it follows from. */
  key: string;
  port: number;
  address: string;
}

/** Ports that a stack on several hosts will publish. */
export function wantedHostPorts(
  stack: string,
  content: StackFile,
  placement: Placement,
): HostPort[] {
  const wanted = wantedPorts(stack, content);
  const on = (key: string, address: string | undefined): HostPort[] => {
    const port = wanted.get(key);
    return port === undefined || address === undefined ? [] : [{ key, port, address }];
  };
  const kafka = wanted.get("kafkaPort");
  const addresses = placement.kafka.map(({ address }) => address);
  // More than fit are refused by the program, which says how many do.
  const brokers = Math.min(
    Number(configValue(content, "brokers")) || 1,
    addresses.length * MOST_BROKERS_A_HOST,
  );
  const nodes = kafka === undefined ? [] : nodeAddresses(addresses, kafka, brokers);
  const clickhouse = placement.clickhouse[0]?.address;
  return [
    ...nodes.flatMap(({ host, external, internal, controller }) =>
      [external, internal, controller].map((port) => ({ key: "kafkaPort", port, address: host })),
    ),
    ...on("clickhousePort", clickhouse),
    ...on("clickhouseNativePort", clickhouse),
    ...on("producerPort", placement.pipeline[0]?.address),
    ...on("grafanaPort", placement.grafana[0]?.address),
  ];
}

/**
 * Finds out whether other containers hold the stack's ports on its hosts, before anything is made. What else listens
 * there is not seen from here.
 * @throws UserError (PORT_IN_USE) naming each port that is taken, and by whom.
 */
export async function checkHostPorts(
  stack: string,
  content: StackFile,
  placement: Placement,
  engines: readonly Engine[],
): Promise<void> {
  const wanted = wantedHostPorts(stack, content, placement);
  const taken = await Promise.all(
    engines.map(async ({ address, env }) => {
      const own = wanted.filter((port) => port.address === address);
      return takenBy(
        own,
        (await listContainers(env)).filter((one) => one.stack !== stack),
      );
    }),
  );
  const [first, ...more] = taken.flat();
  if (!first) return;
  throw new UserError("PORT_IN_USE", [first, ...more].map(({ told }) => told).join("; "), {
    where: `the stack ${stack}, on its hosts`,
    fix: `stop it, or take another port: npm run pulumi -- config set ${first.key} ${first.port + 10_000} --stack ${stack}`,
  });
}

function takenBy(wanted: readonly HostPort[], others: readonly DockerContainer[]) {
  return wanted.flatMap(({ key, port, address }) => {
    const holder = others.find(({ state, ports }) => state === "running" && ports.includes(port));
    return holder
      ? [{ key, port, told: `port ${port} (${key}) of ${address} is in use by ${named(holder)}` }]
      : [];
  });
}
