import { promisify } from "node:util";
import { constants, gunzipSync, gzip } from "node:zlib";
import { compressFrame, decompressFrame } from "./lz4-frame";

export const codecNames = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type CodecName = (typeof codecNames)[number];

/** How the records of a batch are compressed. */
export interface Codec {
  /** Its number in a batch's attributes. */
  id: number;
  compress(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  decompress(bytes: Uint8Array): Uint8Array;
}

/** Records of one game differ in few characters, so that the fastest levels already find most of it. */
const GZIP_LEVEL = 1;
const ZSTD_LEVEL = 1;
const gzipAsync = promisify(gzip);

const loaded = new Map<CodecName, Promise<Codec>>();

/** The codec of that name. Those that are programs of their own are loaded when they are first asked for. */
export function loadCodec(name: CodecName): Promise<Codec> {
  const codec = loaded.get(name) ?? load(name);
  loaded.set(name, codec);
  return codec;
}

async function load(name: CodecName): Promise<Codec> {
  switch (name) {
    case "none":
      return { id: 0, compress: (bytes) => bytes, decompress: (bytes) => bytes };
    case "gzip":
      // In a thread of its own, while further records are gathered here.
      return {
        id: 1,
        compress: (bytes) => gzipAsync(bytes, { level: GZIP_LEVEL, memLevel: 9 }),
        decompress: (bytes) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
      };
    case "snappy": {
      const snappy = await import("snappyjs");
      return {
        id: 2,
        compress: snappy.compress,
        decompress: (bytes) =>
          Buffer.concat(snappyBlocks(bytes).map((block) => snappy.uncompress(block))),
      };
    }
    case "lz4": {
      const lz4 = await import("lz4-wasm-nodejs");
      return {
        id: 3,
        compress: (bytes) => compressFrame(lz4.compress, bytes),
        decompress: decompressFrame,
      };
    }
    case "zstd": {
      const zstd = await import("@bokuweb/zstd-wasm");
      await zstd.init();
      return {
        id: 4,
        compress: (bytes) => zstd.compress(bytes, ZSTD_LEVEL),
        decompress: (bytes) => zstd.decompress(bytes),
      };
    }
  }
}

/** What a Java client puts around blocks of Snappy: these eight bytes, two numbers, then lengths and blocks. */
const SNAPPY_STREAM = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

/** The blocks of a Snappy stream. Other clients send a single block as it is. */
function snappyBlocks(bytes: Uint8Array): Uint8Array[] {
  const stream = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!stream.subarray(0, SNAPPY_STREAM.length).equals(SNAPPY_STREAM)) return [bytes];
  const blocks: Uint8Array[] = [];
  for (let at = SNAPPY_STREAM.length + 8; at < stream.length;) {
    const length = stream.readInt32BE(at);
    blocks.push(stream.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blocks;
}
