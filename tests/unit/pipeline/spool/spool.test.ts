import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { PipelineError } from "../../../../pipeline/errors";
import type { Snapshot } from "../../../../pipeline/source/source";
import { Spool, type Entry } from "../../../../pipeline/spool/spool";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "spool-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
});

function snapshot(fetchTime: string, source = "ranking", records = 2): Snapshot {
  const record = { game_id: 730, game_name: "x".repeat(50), fetch_time: fetchTime };
  return { source, topic: "top", fetchTime, records: Array(records).fill(record), problems: [] };
}

async function open(options: { directory?: string; maxBytes?: number } = { directory }) {
  const dropped: Entry[] = [];
  const faults: PipelineError[] = [];
  const spool = new Spool({
    ...options,
    onDrop: (entry) => dropped.push(entry),
    onFault: (error) => faults.push(error),
  });
  await spool.open();
  onTestFinished(() => spool.leave());
  return { spool, dropped, faults };
}

function files(): string[] {
  return readdirSync(directory).filter((name) => name !== "lock");
}

describe.each(["disk", "memory"])("a spool on %s", (place) => {
  const options = () => (place === "disk" ? { directory } : {});

  it("gives the snapshots of a source back in their order", async () => {
    const { spool } = await open(options());
    for (const time of ["1", "2", "3"]) await spool.put(snapshot(time));
    await spool.put(snapshot("1", "details"));
    for (const time of ["1", "2", "3"]) {
      const entry = await spool.next("ranking");
      expect((await spool.read(entry!))?.fetchTime).toBe(time);
      await spool.done(entry!);
    }
    expect(spool.snapshots).toBe(1);
    expect(spool.records).toBe(2);
  });

  it("drops the oldest where it is full, but not what is on its way", async () => {
    const { spool, dropped } = await open({ ...options(), maxBytes: 1_000 });
    await spool.put(snapshot("1"));
    const onItsWay = await spool.next("ranking");
    for (const time of ["2", "3", "4", "5", "6"]) await spool.put(snapshot(time));
    expect(spool.bytes).toBeLessThanOrEqual(1_000);
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped).not.toContain(onItsWay);
    expect((await spool.read(onItsWay!))?.fetchTime).toBe("1");
    const next = await spool.next("ranking");
    expect(Number((await spool.read(next!))?.fetchTime)).toBe(2 + dropped.length);
  });

  it("waits for a snapshot, and ends when it is closed", async () => {
    const { spool } = await open(options());
    const waiting = spool.next("ranking");
    await spool.put(snapshot("1"));
    expect(await waiting).toMatchObject({ source: "ranking", records: 2 });
    const last = spool.next("ranking");
    spool.close();
    expect(await last).toBeUndefined();
  });

  it("gives a snapshot again that was not delivered", async () => {
    const { spool } = await open(options());
    await spool.put(snapshot("1"));
    const entry = await spool.next("ranking");
    spool.release(entry!);
    expect(await spool.next("ranking")).toBe(entry);
  });
});

describe("a spool on disk", () => {
  it("has after a restart what was put before it, with how far its delivery was", async () => {
    const { spool } = await open();
    for (const time of ["1", "2"]) await spool.put(snapshot(time));
    const entry = await spool.next("ranking");
    await spool.saveProgress(entry!, { partitions: 3 });
    spool.leave();

    const { spool: next } = await open();
    expect(next.snapshots).toBe(2);
    const again = await next.next("ranking");
    expect((await next.read(again!))?.fetchTime).toBe("1");
    expect(await next.progress(again!)).toEqual({ partitions: 3 });
    await next.done(again!);
    await next.put(snapshot("3"));
    expect((await next.read((await next.next("ranking"))!))?.fetchTime).toBe("2");
    expect((await next.read((await next.next("ranking"))!))?.fetchTime).toBe("3");
  });

  it("leaves no file behind of what is delivered", async () => {
    const { spool } = await open();
    await spool.put(snapshot("1"));
    const entry = await spool.next("ranking");
    await spool.saveProgress(entry!, {});
    expect(files()).toHaveLength(2);
    await spool.done(entry!);
    expect(files()).toEqual([]);
  });

  it("puts a file aside that is not as it was written, and says so", async () => {
    const { spool } = await open();
    for (const time of ["1", "2"]) await spool.put(snapshot(time));
    spool.leave();
    const [first = ""] = files();
    writeFileSync(join(directory, first), "steamline-spool 1 sha256=0000\n{}\n");
    const { spool: next, faults } = await open();
    expect(next.snapshots).toBe(1);
    expect(faults.map(({ code }) => code)).toEqual(["SPOOL_CORRUPT"]);
    expect(files()).toContain(`${first}.corrupt`);
  });

  it("does so as well where a file breaks while it waits", async () => {
    const { spool, faults } = await open();
    await spool.put(snapshot("1"));
    writeFileSync(join(directory, files()[0]!), "");
    expect(await spool.read((await spool.next("ranking"))!)).toBeUndefined();
    expect(faults.map(({ code }) => code)).toEqual(["SPOOL_CORRUPT"]);
    expect(spool.snapshots).toBe(0);
  });

  it("is refused to a second user", async () => {
    await open();
    await expect(open()).rejects.toMatchObject({ code: "SPOOL_IN_USE" });
  });

  it("is taken over from one who left without a word", async () => {
    writeFileSync(join(directory, "lock"), "");
    const { spool, faults } = await open();
    await spool.put(snapshot("1"));
    expect(faults).toEqual([]);
    expect(files()).toHaveLength(1);
  });

  it("goes on in memory where the directory cannot be made, and says so", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const { spool, faults } = await open({ directory: file });
    await spool.put(snapshot("1"));
    expect(faults.map(({ code }) => code)).toEqual(["SPOOL_UNWRITABLE"]);
    expect((await spool.read((await spool.next("ranking"))!))?.fetchTime).toBe("1");
  });

  it("keeps a snapshot in memory that the disk does not take, and says so", async () => {
    const { spool, faults } = await open();
    rmSync(directory, { recursive: true });
    await spool.put(snapshot("1"));
    expect(faults.map(({ code }) => code)).toEqual(["SPOOL_UNWRITABLE"]);
    expect((await spool.read((await spool.next("ranking"))!))?.fetchTime).toBe("1");
  });
});
