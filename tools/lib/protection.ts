import { ask, reason } from "./clickhouse";
import { asked } from "./cluster";
import { volumeSizes } from "./docker";
import { enginesOf } from "./engines";
import { readOutputs, type Outputs } from "./outputs";
import type { Session } from "./session";
import type { StateResource } from "./state";
import { UserError } from "./user-error";

/**
 * Refuses to destroy a stack whose data is protected, telling how much that is.
 * @throws UserError (DATA_PROTECTED), always.
 */
export async function refuseProtected(
  session: Session,
  resources: readonly StateResource[],
): Promise<never> {
  const volumes = resources
    .filter(({ type, protect }) => type === "docker:index/volume:Volume" && protect === true)
    .flatMap(({ id }) => id ?? []);
  const engines = await enginesOf(session);
  const [stored, ...found] = await Promise.all([
    storedRows(session),
    ...engines.map(({ env }) => volumeSizes(env)),
  ]);
  const sizes = new Map(found.flatMap((some) => [...some]));
  const told = volumes.map((name) => `${name}${sizes.has(name) ? ` (${sizes.get(name)})` : ""}`);
  const inVolumes = told.length === 0 ? [] : [`volumes ${told.join(", ")}`];
  throw new UserError(
    "DATA_PROTECTED",
    `the stack ${session.stack} protects its data: ${[stored, ...inVolumes].join("; ")}`,
    {
      where: "protectData in its config",
      fix: `to delete all of it: npm run destroy -- --delete-data --stack ${session.stack}`,
    },
  );
}

async function storedRows(session: Session): Promise<string> {
  try {
    const outputs = await readOutputs(session);
    const tables = await tableSizes(outputs);
    const rows = tables.reduce((total, table) => total + Number(table.rows), 0);
    const bytes = tables.reduce((total, table) => total + Number(table.bytes), 0);
    const each = tables.map(({ table, rows }) => `${table} ${rows}`).join(", ");
    // Elsewhere than in a volume of the stack's, which is named besides.
    const place =
      outputs.containers["clickhouse"] === undefined ? ` at ${outputs.clickhouseUrl}` : "";
    return `${rows} rows in ${bytes} bytes${place}${each ? ` (${each})` : ""}`;
  } catch (error) {
    return `an unknown number of rows (ClickHouse does not answer: ${reason(error)})`;
  }
}

function tableSizes(outputs: Outputs): Promise<{ table: string; rows: string; bytes: string }[]> {
  return ask(
    outputs,
    asked(
      outputs,
      `SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts
       WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table`,
    ),
    "admin",
  );
}
