import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claim, claimant, release } from "../../infra/clickhouse/claim";
import { rows, run, withClient } from "../../infra/clickhouse/client";
import { note } from "../../infra/clickhouse/ledger";
import { heldRows, refuseIfFilled } from "../../infra/clickhouse/remove";
import { unusable } from "../../infra/dynamic/clickhouse-claim";
import { storedRowsProvider } from "../../infra/dynamic/stored-rows";
import { ADMIN, Door, READER } from "./door";

const door = new Door();
beforeAll(() => door.start());
afterAll(() => door.remove());

const connection = () => ({
  url: `http://localhost:${door.port}`,
  username: ADMIN.user,
  password: ADMIN.password,
  database: "default",
});
const reader = { username: READER.user, password: READER.password };
const looked = (own: string, isKnown = false) =>
  unusable({ connection: connection(), reader, collections: [], claim: own }, isKnown);
const own = <T>(work: Parameters<typeof withClient<T>>[1]) => withClient(connection(), work);
const databases = () => own((client) => rows(client, "SELECT name FROM system.databases WHERE name = 'steamline'")); // prettier-ignore

describe("a ClickHouse that no stack makes", () => {
  it("is the stack's that claims it first, and nobody's once that releases it", async () => {
    expect(await looked("a")).toBeUndefined();
    await own((client) => claim(client, { id: "a", stack: "first" }));
    await expect(own((client) => claim(client, { id: "b", stack: "second" }))).rejects.toThrow(
      "the stack first was faster",
    );
    expect(await looked("a", true)).toBeUndefined();
    expect(await looked("b")).toMatch(/holds the objects of the stack first since 20/);
    await own((client) => release(client, "b"));
    expect(await own(claimant)).toMatchObject({ id: "a", stack: "first" });
    await own((client) => release(client, "a"));
    expect(await databases()).toEqual([]);
  });

  it("is not used where it is another one than before, nor where a stack has made it for itself", async () => {
    expect(await looked("a", true)).toMatch(/knows nothing of this stack, whose objects stood/);
    await own((client) => note(client, "steam_top_games", "making"));
    expect(await looked("a")).toMatch(/holds the objects of the stack that made this ClickHouse/);
    await own((client) => run(client, "DROP DATABASE steamline SYNC"));
  });

  it("is not used by one who is not let in, or would see rows twice", async () => {
    const as = (more: object) => unusable({ connection: connection(), reader, collections: [], claim: "a", ...more }, false); // prettier-ignore
    expect(await as({ connection: { ...connection(), password: "x" } })).toMatch(
      /does not let admin in: .*Look at clickhouseExternalUsername and clickhouseExternalPassword\./,
    );
    expect(await as({ reader: { ...reader, password: "x" } })).toMatch(
      /does not let reader in: .*clickhouseExternalReader and clickhouseExternalReaderPassword\./,
    );
    expect(await as({ reader: connection() })).toMatch(/see rows twice/);
    expect(await as({ collections: ["steam_kafka"] })).toMatch(
      /has no named collection steam_kafka, by which it proves to Kafka who it is/,
    );
    expect(await as({ connection: { ...connection(), database: "no" } })).toMatch(
      /refuses what it was asked: .*no/,
    );
  });

  it("gives up its rows once the stack's go, and keeps them again where that was cut short", async () => {
    const { create, delete: remove } = storedRowsProvider;
    const state = { tables: ["kept"], connection: connection() };
    const table = { name: "kept", kind: "table" } as const;
    await own(async (client) => {
      await run(client, "CREATE TABLE kept (a UInt8) ENGINE = MergeTree ORDER BY a");
      await note(client, "kept", "making");
      await run(client, "INSERT INTO kept VALUES (1)");
      await expect(refuseIfFilled(client, table)).rejects.toThrow("holds 1 rows");
      await remove?.("rows", state);
      await refuseIfFilled(client, table);
      await create?.(state);
      await expect(refuseIfFilled(client, table)).rejects.toThrow("holds 1 rows");
      expect(await heldRows(client, table)).toMatchObject({ rows: 1 });
    });
  });
});
