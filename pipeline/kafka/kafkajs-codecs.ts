import { CompressionCodecs, CompressionTypes } from "kafkajs";
import { loadCodec } from "./codec";

const TYPES = {
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const;

/** Lets kafkajs's own clients read and write what is compressed with codecs that it does not bring along. */
export function teachCodecs(): void {
  for (const name of ["snappy", "lz4", "zstd"] as const)
    CompressionCodecs[TYPES[name]] = () => ({
      compress: async ({ buffer }: { buffer: Buffer }) =>
        Buffer.from(await (await loadCodec(name)).compress(buffer)),
      decompress: async (buffer: Buffer) => Buffer.from((await loadCodec(name)).decompress(buffer)),
    });
}
