import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readCatalog, type SqlFile } from "../../infra/clickhouse/catalog";
import { withClient, type Connection } from "../../infra/clickhouse/client";
import { Flow } from "../../infra/clickhouse/flow";
import * as lifecycle from "../../infra/clickhouse/lifecycle";
import type { SqlObjectInputs, SqlObjectState } from "../../infra/clickhouse/lifecycle";
import { observe } from "../../infra/clickhouse/observe";
import { forecast, type Forecast } from "../../infra/clickhouse/preview";
import { livePlan } from "../../infra/clickhouse/reconcile";
import { refuseIfFilled } from "../../infra/clickhouse/remove";
import { note } from "../../infra/clickhouse/ledger";
import { canonicalText } from "../../infra/clickhouse/statement";
import { definitionOf } from "../../infra/clickhouse/understand";
import { validate } from "../../infra/clickhouse/validate";

/** Files of a `sql/` folder, by object. */
export type Files = Readonly<Record<string, string>>;

/** Plays Pulumi: holds a state and calls the code behind the resources, each as soon as those before it are done. */
export class Deployment {
  private state = new Map<string, SqlObjectState>();
  /** Objects whose last update failed half-way, which are updated whatever their files say. */
  private readonly unfinished = new Set<string>();

  /** @param brokers As `host:port`; they are told of consumers that go. */
  constructor(
    private readonly connection: Connection,
    private readonly brokers?: string,
  ) {}

  /**
   * Makes the warehouse be as `files` declare.
   * @returns the label of each object that changed.
   * @throws what a resource throws, or the findings of validation; what was done until then is kept.
   */
  async up(files: Files, allowDestroy: readonly string[] = []): Promise<Map<string, string>> {
    const catalog = catalogOf(files);
    const labels = new Map<string, string>();
    const wanted = this.inputs(catalog, allowDestroy);
    await this.checkGone(wanted, allowDestroy);
    const begun = new Map<string, Promise<void>>();
    for (const [i, inputs] of wanted.entries()) {
      const before = (catalog[i]?.after ?? []).flatMap((name) => begun.get(name) ?? []);
      begun.set(
        inputs.name,
        Promise.all(before).then(() => this.apply(inputs, labels)),
      );
    }
    const failed = (await Promise.allSettled([...begun.values()])).find(isRejected);
    if (failed) throw failed.reason;
    for (const olds of [...this.state.values()].reverse()) {
      if (wanted.some(({ name }) => name === olds.name)) continue;
      labels.set(olds.name, "dropped");
      await lifecycle.del(olds);
      this.state.delete(olds.name);
    }
    return labels;
  }

  /** What `pulumi refresh` does. @returns the objects that differ from the state. */
  async refresh(): Promise<string[]> {
    const drifted: string[] = [];
    for (const [name, olds] of this.state) {
      const found = (await lifecycle.read(name, olds)) as { id?: string; props?: SqlObjectState };
      if (found.props === undefined) this.state.delete(name);
      else if (found.props.fingerprint !== olds.fingerprint) this.state.set(name, found.props);
      else continue;
      drifted.push(name);
    }
    return drifted;
  }

  /** Objects that a next `up` would change. */
  changes(files: Files): string[] {
    return this.read(files)
      .filter((inputs) => this.isChanged(inputs))
      .map(({ name }) => name);
  }

  /** The objects of `files`, read and validated. @throws the findings of validation. */
  read(files: Files): SqlObjectInputs[] {
    return this.inputs(catalogOf(files), []);
  }

  /** What a preview says of each object that would change. */
  forecast(wanted: readonly SqlObjectInputs[]): Promise<Forecast> {
    return forecast(wanted, this.state, pulumi.output(this.connection), []);
  }

  private async apply(inputs: SqlObjectInputs, labels: Map<string, string>): Promise<void> {
    const olds = this.state.get(inputs.name);
    if (!olds) {
      labels.set(inputs.name, "created");
      const made = (await lifecycle.create(inputs)) as { outs: SqlObjectState };
      this.state.set(inputs.name, made.outs);
    } else if (this.isChanged(inputs)) {
      labels.set(inputs.name, await this.label(inputs));
      await this.update(olds, inputs);
    }
  }

  private isChanged(inputs: SqlObjectInputs): boolean {
    const olds = this.state.get(inputs.name);
    if (!olds || this.unfinished.has(inputs.name)) return true;
    return lifecycle.diff(olds, inputs).changes === true;
  }

  private async update(olds: SqlObjectState, inputs: SqlObjectInputs): Promise<void> {
    try {
      const made = (await lifecycle.update(olds, inputs)) as { outs: SqlObjectState };
      this.state.set(inputs.name, made.outs);
      this.unfinished.delete(inputs.name);
    } catch (error) {
      if ((error as { properties?: unknown }).properties !== undefined)
        this.unfinished.add(inputs.name);
      throw error;
    }
  }

  private inputs(catalog: readonly SqlFile[], allowDestroy: readonly string[]): SqlObjectInputs[] {
    const { findings, understood } = validate(catalog, {}, { engine: "embedded" });
    if (findings.length > 0)
      throw new Error(findings.map((f) => `${f.file}:${f.line}: ${f.message}`).join("\n"));
    const flow = new Flow(catalog);
    const declared = (file: SqlFile) => {
      const statement = canonicalText(file.sql);
      return { statement, definition: definitionOf(file, understood, statement) };
    };
    const digest = (file: SqlFile): string =>
      [declared(file).definition, ...above(file).map(digest)].join("\n");
    const above = (file: SqlFile) =>
      catalog.filter(
        (other) => file.references.includes(other.name) && /^(collection|kafka)$/.test(other.kind),
      );
    return catalog.map((file) => {
      const views = (files: readonly SqlFile[]) =>
        Object.fromEntries(files.map((view) => [view.name, declared(view)]));
      return {
        name: file.name,
        kind: file.kind,
        ...declared(file),
        policy: file.policy,
        allowDestroy: allowDestroy.includes(file.name),
        feeds: flow.feeds(file.name),
        views: views(flow.views(file.name)),
        below: views(flow.below(file.name)),
        upstream: Object.fromEntries(above(file).map((other) => [other.name, digest(other)])),
        connection: this.connection,
        ...(file.kind === "kafka" && this.brokers ? { kafka: { brokers: this.brokers } } : {}),
      };
    });
  }

  private async label(inputs: SqlObjectInputs): Promise<string> {
    return withClient(this.connection, async (client) => {
      const standing = await observe(client, inputs);
      return standing ? (await livePlan(client, inputs, standing)).label : "created";
    });
  }

  private async checkGone(
    wanted: readonly SqlObjectInputs[],
    allowDestroy: readonly string[],
  ): Promise<void> {
    const gone = [...this.state.values()].filter(
      (olds) => !wanted.some(({ name }) => name === olds.name),
    );
    await withClient(this.connection, async (client) => {
      for (const object of gone) {
        if (allowDestroy.includes(object.name)) await note(client, object.name, "mayDestroy");
        else await refuseIfFilled(client, object);
      }
    });
  }
}

function isRejected(result: PromiseSettledResult<void>): result is PromiseRejectedResult {
  return result.status === "rejected";
}

function catalogOf(files: Files): SqlFile[] {
  const directory = mkdtempSync(join(tmpdir(), "steamline-evolution-"));
  try {
    for (const [name, sql] of Object.entries(files))
      writeFileSync(join(directory, `${name}.sql`), sql);
    return readCatalog(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
