import { describe, expect, it } from "vitest";
import { isRewritten, rewrite } from "../../../../../../infra/images/clickhouse/relay/rewrite";

const METADATA = 3;
const FIND_COORDINATOR = 10;
const API_VERSIONS = 18;

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const byte = (value: number) => Buffer.from([value]);
const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);
const compact = (value: string) => Buffer.concat([byte(value.length + 1), Buffer.from(value)]);
/** An answer to request 7. */
const frame = (...parts: Buffer[]) => {
  const body = Buffer.concat([int32(7), ...parts]);
  return Buffer.concat([int32(body.length), body]);
};
const asked: string[] = [];
const route = (host: string, port: number) => {
  asked.push(`${host}:${port}`);
  return Promise.resolve(port + 1);
};
const changed = (key: number, version: number, answer: Buffer) =>
  rewrite(answer, { key, version }, route);

describe("answers that name brokers", () => {
  it("of Metadata lead here, in the form before tags and in the one with them", async () => {
    const topics = Buffer.from("what follows is kept");
    const plain = (host: string, port: number) =>
      frame(int32(0), int32(2), ...[1, 2].flatMap((node) => [int32(node), text(node === 1 ? host : "b"), int32(node === 1 ? port : 20), int16(-1)]), topics); // prettier-ignore
    const old = await changed(METADATA, 4, plain("kafka", 10));
    expect(old).toEqual(
      frame(int32(0), int32(2), int32(1), text("127.0.0.1"), int32(11), int16(-1), int32(2), text("127.0.0.1"), int32(21), int16(-1), topics), // prettier-ignore
    );
    // Tagged fields, after the header and after the broker, are kept as they are.
    const tags = Buffer.from([1, 5, 2, 0xaa, 0xbb]);
    const flexible = (host: string, port: number) =>
      frame(tags, int32(0), byte(2), int32(1), compact(host), int32(port), compact("rack"), tags, topics); // prettier-ignore
    expect(await changed(METADATA, 12, flexible("kafka", 10))).toEqual(flexible("127.0.0.1", 11));
    expect(asked).toEqual(["kafka:10", "b:20", "kafka:10"]);
  });

  it("of FindCoordinator lead here, in each of its forms", async () => {
    const first = (host: string, port: number) => frame(int16(0), int32(1), text(host), int32(port)); // prettier-ignore
    expect(await changed(FIND_COORDINATOR, 0, first("k", 10))).toEqual(first("127.0.0.1", 11));
    const second = (host: string, port: number) =>
      frame(int32(0), int16(0), text("NONE"), int32(1), text(host), int32(port));
    expect(await changed(FIND_COORDINATOR, 2, second("k", 10))).toEqual(second("127.0.0.1", 11));
    const third = (host: string, port: number) =>
      frame(byte(0), int32(0), int16(0), byte(0), int32(1), compact(host), int32(port), byte(0));
    expect(await changed(FIND_COORDINATOR, 3, third("k", 10))).toEqual(third("127.0.0.1", 11));
    const fourth = (host: string, port: number) =>
      frame(byte(0), int32(0), byte(2), compact("group"), int32(1), compact(host), int32(port), int16(0), byte(0), byte(0), byte(0)); // prettier-ignore
    expect(await changed(FIND_COORDINATOR, 4, fourth("k", 10))).toEqual(fourth("127.0.0.1", 11));
  });

  it("stay as they are where they name none, as with an error", async () => {
    const none = frame(int32(0), int16(15), text("not available"), int32(-1), text(""), int32(-1));
    expect(await changed(FIND_COORDINATOR, 2, none)).toEqual(none);
  });

  it("of ApiVersions offer no request whose answer names brokers elsewhere", async () => {
    const entry = (key: number, newest: number) => [int16(key), int16(0), int16(newest)];
    const plain = (fetch: number) => frame(int16(0), int32(2), ...entry(1, fetch), ...entry(12, 4));
    expect(await changed(API_VERSIONS, 0, plain(17))).toEqual(plain(15));
    expect(await changed(API_VERSIONS, 0, plain(11))).toEqual(plain(11));
    const flexible = (metadata: number) =>
      frame(int16(0), byte(3), ...entry(12, 4), byte(0), ...entry(3, metadata), byte(0), int32(0));
    expect(await changed(API_VERSIONS, 3, flexible(13))).toEqual(flexible(12));
    // A broker that is too old for the question answers in the oldest form.
    const refusal = (fetch: number) => frame(int16(35), int32(1), ...entry(1, fetch));
    expect(await changed(API_VERSIONS, 3, refusal(17))).toEqual(refusal(15));
  });

  it("are the only ones that are held", () => {
    const held = Array.from({ length: 70 }, (_, key) => key).filter((key) =>
      isRewritten({ key, version: 1 }),
    );
    expect(held).toEqual([METADATA, FIND_COORDINATOR, API_VERSIONS]);
  });
});
