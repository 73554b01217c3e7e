import { stackNames, type StackNames } from "../../infra/names";
import { capture } from "../../tools/lib/run";
import { Clock, until } from "./clock";
import { createArguments, type HandNames } from "./docker-run";
import type { Kit } from "./kit";
import type { Timed } from "./steamline";

/** The same pipeline as a person brings it up without Steamline: `docker`, Kafka's commands, SQL by pipe. */
export class ByHand {
  private readonly names: StackNames;
  private readonly hand: HandNames;

  constructor(
    private readonly kit: Kit,
    stack: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.names = stackNames(stack);
    const label = `steamline.bench=${stack}`;
    this.hand = { network: `${stack}-by-hand`, label, named: (name) => `by-hand-${name}` };
  }

  /** From nothing to the first rows. */
  async up(): Promise<Timed> {
    const { kafka, clickhouse, simulator, producer, grafana } = this.names.containers;
    const clock = new Clock();
    await this.docker(["network", "create", "--label", this.hand.label, this.hand.network]);
    for (const name of [kafka, clickhouse, simulator, grafana]) await this.start(name);
    clock.lap("network, docker run");
    await this.healthy(kafka);
    clock.lap("until Kafka answers");
    for (const topic of this.kit.topics) await this.createTopic(topic);
    clock.lap("topics");
    await this.healthy(clickhouse);
    clock.lap("until ClickHouse answers");
    await this.sql(this.kit.statements);
    clock.lap("SQL by pipe");
    await this.start(producer);
    await this.rows();
    const rowsMs = clock.lap("docker run of the producer, until rows are seen");
    return { ...clock.timed(), rowsMs };
  }

  /** Everything again, with nothing to do. */
  async upAgain(): Promise<Timed> {
    const clock = new Clock();
    await this.docker(["start", ...this.containers()]);
    for (const topic of this.kit.topics) await this.createTopic(topic, ["--if-not-exists"]);
    clock.lap("docker start, topics");
    await this.sql(this.kit.statements.map(ifAbsent));
    await this.rows();
    clock.lap("SQL by pipe, count");
    return clock.timed();
  }

  /** Looks at what stands: all a person has where there is no preview. */
  async look(): Promise<Timed> {
    const clock = new Clock();
    await this.docker(["inspect", ...this.containers()]);
    await this.sql(["SELECT create_table_query FROM system.tables WHERE database = 'default'"]);
    await this.kafka(["kafka-topics", "--describe"]);
    clock.lap("docker inspect, definitions, topics");
    return clock.timed();
  }

  /** Removes containers, volumes and network. Also what an interrupted run has left. */
  async remove(): Promise<Timed> {
    const clock = new Clock();
    const filter = ["--filter", `label=${this.hand.label}`];
    const containers = words(await this.docker(["ps", "-aq", ...filter]));
    if (containers.length > 0) await this.docker(["rm", "-f", ...containers]);
    clock.lap("docker rm");
    const volumes = Object.values(this.names.volumes).map((name) => this.hand.named(name));
    await this.docker(["volume", "rm", "-f", ...volumes]);
    const networks = words(await this.docker(["network", "ls", "-q", ...filter]));
    if (networks.length > 0) await this.docker(["network", "rm", ...networks]);
    clock.lap("volumes, network");
    return clock.timed();
  }

  private containers(): string[] {
    return [...this.kit.containers.keys()].map((name) => this.hand.named(name));
  }

  private async start(name: string): Promise<void> {
    const container = this.kit.containers.get(name);
    if (!container) return;
    await this.docker(createArguments(container.spec, this.hand));
    if (container.files)
      await this.docker(["cp", `${container.files}/.`, `${this.hand.named(name)}:/`]);
    await this.docker(["start", this.hand.named(name)]);
  }

  private healthy(name: string): Promise<void> {
    const args = ["inspect", "--format", "{{.State.Health.Status}}", this.hand.named(name)];
    return until(name, async () => (await this.docker(args)).trim() === "healthy");
  }

  private rows(): Promise<void> {
    return until(
      "rows",
      async () => Number(await this.sql(["SELECT count() FROM steam_top_games"])) > 0,
    );
  }

  private async createTopic(topic: Kit["topics"][number], more: string[] = []): Promise<void> {
    await this.kafka([
      ...["kafka-topics", "--create", "--topic", topic.name, ...more],
      ...["--partitions", String(topic.partitions)],
      ...["--replication-factor", String(topic.replicationFactor)],
      ...Object.entries(topic.config).flatMap(([key, value]) => ["--config", `${key}=${value}`]),
    ]);
  }

  private kafka(command: string[]): Promise<string> {
    const container = this.hand.named(this.names.containers.kafka);
    return this.docker(["exec", container, ...command, "--bootstrap-server", "localhost:9092"]);
  }

  private sql(statements: readonly string[]): Promise<string> {
    const container = this.hand.named(this.names.containers.clickhouse);
    const input = `${statements.join(";\n")};\n`;
    return this.docker(["exec", "-i", container, "clickhouse-client", "--multiquery"], input);
  }

  private async docker(args: string[], input?: string): Promise<string> {
    const options = { env: this.env, ...(input === undefined ? {} : { input }) };
    const finished = await capture("docker", args, options);
    if (finished.code === 0) return finished.stdout;
    throw new Error(`docker ${args.slice(0, 4).join(" ")} ... failed: ${finished.stderr.trim()}`);
  }
}

/** The statement, made harmless where its object stands already. */
export function ifAbsent(statement: string): string {
  return statement.replace(
    /^(\s*CREATE\s+(?:TABLE|MATERIALIZED\s+VIEW|VIEW|NAMED\s+COLLECTION))\b/i,
    "$1 IF NOT EXISTS",
  );
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
