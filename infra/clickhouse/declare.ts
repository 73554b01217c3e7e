import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import type { ClickhouseEngine } from "../engine-config";
import { failProgram } from "./answering";
import type { SqlFile } from "./catalog";
import type { Connection } from "./client";
import { otherKindFault } from "./cluster-rules";
import { declaredOf, plainValues, upstreamOf, type Declared, type Placeholders } from "./declared";
import { Flow } from "./flow";
import { storedObjects, valueIfKnown } from "./last-state";
import { SqlObject } from "./object";
import { forecast, type Forecast } from "./preview";
import { SqlCatalog } from "./sql-catalog";
import { validate } from "./validate";

/** What is said of the objects of `sql/` wherever they stand. */
export interface ObjectsArgs {
  engine: ClickhouseEngine;
  /** Values of the placeholders in `sql/`. A table waits for the topic whose name it holds. */
  placeholders: Placeholders;
  /** Partitions of each topic: no consumer group can use more consumers. @default not checked */
  partitions?: number;
  /** Objects of `sql/` whose rows a change may destroy. @default none */
  allowDestroy?: readonly string[];
  /** How Kafka is reached from the host. @default not at all, and a consumer that goes is missed for 45 s */
  kafka?: pulumi.Input<KafkaAccess>;
}

export interface DeclareArgs extends ObjectsArgs {
  connection: { [K in keyof Connection]: pulumi.Input<Connection[K]> };
  /** Whether the ClickHouse is one that the stack does not make. @default false */
  external?: boolean;
}

interface Context {
  flow: Flow;
  catalog: readonly SqlFile[];
  declared: ReadonlyMap<string, Declared>;
  list: SqlCatalog;
  connection: pulumi.Output<Connection>;
  allowDestroy: readonly string[];
  kafka: pulumi.Input<KafkaAccess> | undefined;
}

/**
 * Each file's object, after those that have to be as declared before it.
 * @throws pulumi.RunError that lists every fault of the files, before anything is changed.
 */
export function declareCatalog(
  name: string,
  catalog: readonly SqlFile[],
  args: DeclareArgs,
  opts: pulumi.CustomResourceOptions,
): SqlObject[] {
  const values = plainValues(catalog, args.placeholders);
  const { findings, understood } = validate(catalog, { ...values.known, ...values.samples }, args);
  if (findings.length > 0) {
    const lines = findings.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    throw new pulumi.RunError(lines.join("\n"));
  }
  const declared = new Map(
    catalog.map((file) => [
      file.name,
      declaredOf(file, args.placeholders, values.samples, understood),
    ]),
  );
  const flow = new Flow(catalog);
  const asked = pulumi.secret(pulumi.output(args.connection)) as pulumi.Output<Connection>;
  const planned = planAll(catalog, declared, asked, args.allowDestroy ?? []);
  const byStatements = catalog.filter(({ madeByFiles }) => !madeByFiles);
  // Nothing is touched before everything is planned and nothing is refused.
  const gate = planned.catch(failProgram);
  const connection = pulumi.all([asked, pulumi.output(gate)]).apply(([known]) => known);
  const list = new SqlCatalog(
    name,
    {
      objects: Object.fromEntries(byStatements.map((file) => [file.name, file.kind])),
      allowDestroy: [...(args.allowDestroy ?? [])],
      external: args.external,
      connection,
    },
    opts,
  );
  const allowDestroy = args.allowDestroy ?? [];
  const { kafka } = args;
  const context = { catalog, flow, declared, list, connection, allowDestroy, kafka };
  const made = new Map<string, SqlObject>();
  for (const file of byStatements) made.set(file.name, objectOf(file, context, made, opts));
  void gate.then(({ words }) => tell(words, made, list));
  return [...made.values()];
}

function objectOf(
  file: SqlFile,
  context: Context,
  made: ReadonlyMap<string, SqlObject>,
  opts: pulumi.CustomResourceOptions,
): SqlObject {
  const { catalog, flow, declared, list, connection, allowDestroy, kafka } = context;
  const own = declared.get(file.name);
  if (!own) throw new Error(`${file.file} was not understood`);
  const declaredViews = (views: readonly SqlFile[]) =>
    Object.fromEntries(
      views.flatMap(({ name }) => {
        const view = declared.get(name);
        return view ? [[name, view]] : [];
      }),
    );
  const { name, kind } = file;
  return new SqlObject(
    name,
    {
      name,
      kind,
      statement: own.statement,
      definition: own.definition,
      policy: file.policy,
      allowDestroy: allowDestroy.includes(file.name),
      upstream: upstreamOf(file.references, catalog, declared),
      feeds: flow.feeds(name),
      views: declaredViews(flow.views(name)),
      below: declaredViews(flow.below(name)),
      ...(file.kind === "kafka" ? { kafka } : {}),
      connection,
    },
    { ...opts, dependsOn: [list, ...file.after.flatMap((name) => made.get(name) ?? [])] },
  );
}

/** @throws pulumi.RunError that lists every refusal. */
async function planAll(
  catalog: readonly SqlFile[],
  declared: Context["declared"],
  connection: pulumi.Output<Connection>,
  allowDestroy: readonly string[],
): Promise<Forecast> {
  const byStatements = catalog.filter(({ madeByFiles }) => !madeByFiles);
  const wanted = byStatements.map(async ({ name, kind, policy, references }) => {
    const own = declared.get(name);
    const upstream = Object.entries(upstreamOf(references, catalog, declared)).map(
      async ([above, digest]) => [above, await valueIfKnown(digest)] as const,
    );
    return {
      name,
      kind,
      policy,
      allowDestroy: allowDestroy.includes(name),
      statement: own && (await valueIfKnown(own.statement)),
      definition: own && (await valueIfKnown(own.definition)),
      upstream: Object.fromEntries(await Promise.all(upstream)),
    };
  });
  const stored = await storedObjects();
  if (!stored) return { words: new Map(), refusals: [] };
  const fault = otherKindFault([...stored.keys()], catalog);
  if (fault !== undefined) throw new pulumi.RunError(fault);
  const result = await forecast(await Promise.all(wanted), stored, connection, allowDestroy);
  if (result.refusals.length > 0) throw new pulumi.RunError(result.refusals.join("\n\n"));
  return result;
}

/** Logs each plan on its resource, and those of objects whose files are gone on the list. */
function tell(
  words: Forecast["words"],
  made: ReadonlyMap<string, SqlObject>,
  list: SqlCatalog,
): void {
  for (const [name, text] of words) {
    const severity = /: destroys /.test(text) ? pulumi.log.warn : pulumi.log.info;
    void severity(text, made.get(name) ?? list);
  }
}
