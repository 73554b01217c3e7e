import { Cursor } from "./cursor";

const METADATA = 3;
const FIND_COORDINATOR = 10;
const API_VERSIONS = 18;
/** Error with which a broker answers in the oldest version of all. */
const UNSUPPORTED_VERSION = 35;

/** A request that waits for its answer. */
export interface Asked {
  key: number;
  version: number;
}

/** The port on this machine that leads to a broker. */
export type RouteTo = (host: string, port: number) => Promise<number>;

/** Where clients find what is routed for them. */
export const HERE = "127.0.0.1";

/**
 * Newest versions that a client is let use of requests whose answers name brokers, by the request's key: of Produce,
 * Fetch, Metadata and FindCoordinator. Those above name brokers in places that are not looked at here.
 */
const NEWEST: ReadonlyMap<number, number> = new Map([
  [0, 9],
  [1, 15],
  [METADATA, 12],
  [FIND_COORDINATOR, 4],
]);

/** Whether an answer holds what a client behind the relay must not see as it is. */
export function isRewritten({ key }: Asked): boolean {
  return key === METADATA || key === FIND_COORDINATOR || key === API_VERSIONS;
}

/** The answer, a whole frame, with each broker's address led through here. */
export async function rewrite(frame: Buffer, asked: Asked, route: RouteTo): Promise<Buffer> {
  if (asked.key === API_VERSIONS) return limitVersions(frame, asked.version);
  const isFlexible = asked.version >= (asked.key === METADATA ? 9 : 3);
  const cursor = new Cursor(frame, isFlexible);
  cursor.copy(8);
  if (isFlexible) cursor.copyTags();
  await (asked.key === METADATA ? metadata : coordinators)(cursor, asked.version, route);
  return cursor.finish();
}

async function metadata(cursor: Cursor, version: number, route: RouteTo): Promise<void> {
  if (version >= 3) cursor.copy(4);
  for (let left = cursor.copyCount(); left > 0; left--) {
    cursor.copy(4);
    await address(cursor, route);
    if (version >= 1) cursor.copyText();
    cursor.copyTags();
  }
}

async function coordinators(cursor: Cursor, version: number, route: RouteTo): Promise<void> {
  if (version >= 1) cursor.copy(4);
  if (version < 4) {
    cursor.copy(2);
    if (version >= 1) cursor.copyText();
    cursor.copy(4);
    return address(cursor, route);
  }
  for (let left = cursor.copyCount(); left > 0; left--) {
    cursor.copyText();
    cursor.copy(4);
    await address(cursor, route);
    cursor.copy(2);
    cursor.copyText();
    cursor.copyTags();
  }
}

async function address(cursor: Cursor, route: RouteTo): Promise<void> {
  const host = cursor.readText();
  const port = cursor.readInt32();
  // An answer that holds an error names no broker.
  const isNone = host === "" || port <= 0;
  cursor.writeText(isNone ? host : HERE);
  cursor.writeInt32(isNone ? port : await route(host, port));
}

/** In place: the newest version of a request is two bytes wherever it stands. */
function limitVersions(frame: Buffer, version: number): Buffer {
  const limited = Buffer.from(frame);
  const isFlexible = version >= 3 && limited.readInt16BE(8) !== UNSUPPORTED_VERSION;
  const cursor = new Cursor(limited, isFlexible);
  cursor.copy(10);
  for (let left = cursor.copyCount(); left > 0; left--) {
    const newest = NEWEST.get(limited.readInt16BE(cursor.position));
    const at = cursor.position + 4;
    if (newest !== undefined && limited.readInt16BE(at) > newest) limited.writeInt16BE(newest, at);
    cursor.copy(6);
    cursor.copyTags();
  }
  return limited;
}
