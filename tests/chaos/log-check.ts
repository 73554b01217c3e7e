import { endOffsets } from "../../tools/lib/audit/broker";
import { LogReader, type ReadBack } from "../../tools/lib/audit/read-back";
import { readLedger } from "../../tools/lib/audit/ledger";
import type { Findings } from "./checker";
import type { Load } from "./load";
import { SNAPSHOT_RECORDS } from "./records";
import type { Site } from "./site";
import { auditTarget, stream, topic } from "./warehouse";

const WINDOW = 50_000;

/** What the topic itself holds. */
export interface LogFound {
  findings: Findings;
  /** Messages of the load, those that stand there twice among them. */
  records: number;
  /** Records that the broker stored a second time. */
  repeated: number;
  bad: number;
  empty: number;
}

/** Reads the whole topic: whether each key's records stand in their order, and whether the ledger has the same counts. */
export async function checkLog(site: Site, load: Load): Promise<LogFound> {
  const found: LogFound = { findings: [], records: 0, repeated: 0, bad: 0, empty: 0 };
  const seen = new Uint8Array((load.last + 1) * SNAPSHOT_RECORDS + 1);
  const newest = new Map<string, number>();
  const reader = new LogReader({ brokers: site.brokers });
  try {
    for (const [partition, end] of await endOffsets({ brokers: site.brokers }, topic))
      for (let first = 0; first < end; first += WINDOW) {
        const stretch = { first, last: Math.min(end, first + WINDOW) - 1 };
        for (const message of await reader.read(topic, partition, [stretch]))
          take(found, seen, newest, message);
      }
  } finally {
    reader.close();
  }
  found.findings.push(...(await compareLedger(site, found)));
  return found;
}

function take(
  found: LogFound,
  seen: Uint8Array,
  newest: Map<string, number>,
  { key, value, offset }: ReadBack,
): void {
  const name = String(key);
  if (name === "bad") found.bad++;
  else if (name === "nothing") found.empty++;
  else {
    found.records++;
    const { current_players: id } = JSON.parse(String(value)) as { current_players: number };
    const before = newest.get(name) ?? -1;
    if (seen[id] === 1) found.repeated++;
    else if (id < before)
      found.findings.push(`out of order: key ${name} has ${id} after ${before}, offset ${offset}`);
    seen[id] = 1;
    newest.set(name, Math.max(before, id));
  }
}

async function compareLedger(site: Site, log: LogFound): Promise<Findings> {
  const ledger = [...(await readLedger(auditTarget(site).ask, stream)).values()];
  const sum = (fate: keyof (typeof ledger)[number]["fates"]) =>
    ledger.reduce((total, { fates }) => total + (fates[fate] ?? 0), 0);
  const wanted = [
    ["stored", sum("stored"), log.records],
    ["refused", sum("refused"), log.bad],
    ["empty or null value", sum("empty") + sum("null value"), log.empty],
  ] as const;
  return wanted
    .filter(([, entered, there]) => entered !== there)
    .map(([fate, entered, there]) => `the ledger has ${entered} ${fate}, the topic ${there}`);
}
