import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import type { Admin } from "kafkajs";
import type { TlsAccess } from "../../pipeline/kafka/access";
import { asAdmin, silentKafka } from "../../pipeline/kafka/admin";

const POLL_MS = 500;
/** Time that a node may take to be in sync: it may have hours of records to fetch. */
const IN_SYNC_DEADLINE_MS = 1_800_000;
/** Time that a cluster may take to form: its images are there, and its nodes have little to read. */
const FORMED_DEADLINE_MS = 120_000;
/** Looks in a row that have to find it well. */
const LOOKS = 2;

/** What of a cluster is waited for. */
export interface ClusterView {
  /** Nodes that answer. */
  nodes: number[];
  /** Partitions of which a node has a replica that lacks records, as `topic/partition`, by node. */
  behind: Map<number, string[]>;
  /** Partitions of which a node has a replica, by node. */
  held: Map<number, string[]>;
}

/** How a cluster's nodes are asked. */
interface Asked {
  /** Each as `host:port`. */
  brokers: readonly string[];
  tls?: TlsAccess;
}

/**
 * What the first broker that answers says. One at a time, as a client that is given several stops at the first that
 * does not answer.
 * @returns undefined where none answers
 */
export async function viewOf({ brokers, tls }: Asked): Promise<ClusterView | undefined> {
  for (const broker of brokers) {
    const kafka = silentKafka(
      { brokers: broker, ...(tls ? { tls } : {}) },
      {
        clientId: "steamline-rollout",
        connectionTimeout: 1000,
        requestTimeout: 5000,
        retry: { retries: 0 },
      },
    );
    try {
      return await asAdmin(kafka, look);
    } catch {
      continue;
    }
  }
  return undefined;
}

async function look(admin: Admin): Promise<ClusterView> {
  const { brokers } = await admin.describeCluster();
  const { topics } = await admin.fetchTopicMetadata();
  const view: ClusterView = {
    nodes: brokers.map(({ nodeId }) => nodeId),
    behind: new Map(),
    held: new Map(),
  };
  const add = (to: Map<number, string[]>, node: number, name: string) =>
    to.set(node, [...(to.get(node) ?? []), name]);
  for (const { name, partitions } of topics)
    for (const { partitionId, replicas, isr } of partitions)
      for (const node of replicas) {
        add(view.held, node, `${name}/${partitionId}`);
        if (!isr.includes(node)) add(view.behind, node, `${name}/${partitionId}`);
      }
  return view;
}

/** Looks until all is well. @param fault What is not, or undefined. @throws Error with the last fault after `deadlineMs` */
async function until(deadlineMs: number, fault: () => Promise<string | undefined>): Promise<void> {
  let looks = 0;
  for (const since = Date.now(); ;) {
    const found = await fault();
    looks = found === undefined ? looks + 1 : 0;
    if (looks === LOOKS) return;
    if (found !== undefined && Date.now() - since > deadlineMs)
      throw new Error(
        `after ${Math.round(deadlineMs / 1000)} s ${found}. Look at the logs of its container; the next up waits again.`,
      );
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export interface ShapeState extends Asked {
  controllers: number;
}

/** Why a cluster cannot become another, or undefined. */
async function shapeFault(olds: ShapeState, news: ShapeState): Promise<string | undefined> {
  if ((olds.controllers === 0) !== (news.controllers === 0))
    return news.controllers === 0
      ? "the stack has brokers of its own, and what they hold would go if it took those of kafkaExternal. Make another stack and move to it, or destroy this one first."
      : "the stack has its topics at the Kafka of kafkaExternal, and what those hold would go if it made brokers of its own. Make another stack and move to it, or destroy this one first.";
  // Somebody else's changes are somebody else's business.
  if (news.controllers === 0) return undefined;
  if (olds.controllers !== news.controllers)
    return `a cluster of ${olds.controllers} that vote on its metadata cannot become one of ${news.controllers}: empty nodes could outvote those that know the topics. Set brokers to ${olds.controllers === 1 ? "1 or 2" : "3 or more"}, or make another stack and move to it.`;
  if (olds.brokers.length > 1 && !olds.tls !== !news.tls)
    return `kafkaSecurity cannot change while there are ${olds.brokers.length} brokers: of those that run already none would talk to the first one that is replaced. Leave it as it was, or make another stack and move to it.`;
  if (news.brokers.length >= olds.brokers.length) return undefined;
  const view = await viewOf({ ...olds, ...(news.tls ? { tls: news.tls } : {}) });
  if (!view)
    return `no broker answers at ${olds.brokers.join(", ")}, so that nobody can tell what those hold that would go. Bring the cluster up first: npm run up -- --refresh, with ${olds.brokers.length} brokers.`;
  const goes = [...view.held].find(([node]) => node > news.brokers.length);
  return (
    goes &&
    `broker ${goes[0]} would go and holds ${goes[1].length} replicas, of ${goes[1].slice(0, 5).join(", ")}${goes[1].length > 5 ? " and others" : ""}. Move them to brokers that stay first: docs/kafka-cluster.md tells how.`
  );
}

export const clusterShapeProvider: dynamic.ResourceProvider<ShapeState, ShapeState> = {
  check: async (olds: Partial<ShapeState>, news) => {
    const { controllers, brokers, tls } = olds;
    const known = controllers !== undefined &&
      brokers && { controllers, brokers, ...(tls ? { tls } : {}) };
    const reason = known && (await shapeFault(known, news));
    return { inputs: news, failures: reason ? [{ property: "brokers", reason }] : [] };
  },
  diff: async (_id, olds, news) => ({
    changes: !isDeepStrictEqual(olds.brokers, news.brokers) || !olds.tls !== !news.tls,
  }),
  create: async (inputs) => ({ id: "shape", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
};

export interface NodeState extends Asked {
  node: number;
  containerId: string;
}

/**
 * Waits for what the node itself says, since the others may tell of the time before it went. Where no other answers
 * there is nobody to be in sync with, and what follows starts the others.
 */
async function inSync(inputs: NodeState): Promise<NodeState> {
  const { node, brokers, ...more } = inputs;
  const own = brokers[node - 1] ?? "";
  const others = brokers.filter((broker) => broker !== own);
  await until(IN_SYNC_DEADLINE_MS, async () => {
    const view = await viewOf({ ...more, brokers: [own] });
    if (!view)
      return (await viewOf({ ...more, brokers: others }))
        ? `broker ${node} does not answer`
        : undefined;
    if (!view.nodes.includes(node)) return `broker ${node} takes no requests`;
    const behind = view.behind.get(node) ?? [];
    return behind.length === 0 ? undefined : `broker ${node} lacks records of ${behind.join(", ")}`;
  });
  return inputs;
}

export const nodeInSyncProvider: dynamic.ResourceProvider<NodeState, NodeState> = {
  diff: async (_id, olds, news) => ({ changes: !isDeepStrictEqual(known(olds), known(news)) }),
  create: async (inputs) => ({ id: `node-${inputs.node}`, outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: await inSync(news) }),
  delete: async () => undefined,
};

export interface FormedState extends Asked {
  containerIds: string[];
}

async function formed(inputs: FormedState): Promise<FormedState> {
  const { brokers } = inputs;
  await until(FORMED_DEADLINE_MS, async () => {
    const view = await viewOf(inputs);
    if (!view) return `no broker answers at ${brokers.join(", ")}`;
    if (view.nodes.length < brokers.length)
      return `only ${view.nodes.length} of ${brokers.length} brokers answer`;
    const [behind] = view.behind;
    return behind && `broker ${behind[0]} lacks records of ${behind[1].join(", ")}`;
  });
  return inputs;
}

export const clusterFormedProvider: dynamic.ResourceProvider<FormedState, FormedState> = {
  diff: async (_id, olds, news) => ({ changes: !isDeepStrictEqual(known(olds), known(news)) }),
  create: async (inputs) => ({ id: "formed", outs: await formed(inputs) }),
  update: async (_id, _olds, news) => ({ outs: await formed(news) }),
  delete: async () => undefined,
};

/** What of a state stands in the program, without what Pulumi adds. */
function known(state: NodeState | FormedState): Partial<NodeState & FormedState> {
  const { brokers, ...more } = state;
  return "node" in more
    ? { brokers, node: more.node, containerId: more.containerId }
    : { brokers, containerIds: more.containerIds };
}
