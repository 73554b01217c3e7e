import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { PipelineError, messageOf } from "../errors";

export const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

const unzip = promisify(gunzip);

/** What an HTTP answer carries. */
export interface Body {
  what: string;
  /** Where it is from, without parameters. */
  place: string;
  bytes: Buffer;
  /** The content-encoding header. */
  encoding: string | string[] | undefined;
}

/**
 * The JSON of an answer, unpacked.
 *
 * @throws PipelineError RESPONSE_TRUNCATED, RESPONSE_TOO_LARGE or RESPONSE_NOT_JSON
 */
export async function readJson(body: Body): Promise<unknown> {
  const text = (await unpack(body)).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = JSON.stringify(text.slice(0, 60));
    throw new PipelineError(
      "RESPONSE_NOT_JSON",
      `${body.what}: ${body.place} did not answer with whole JSON but with ${text.length} characters that start ${start}`,
      { canRetry: true, cause },
    );
  }
}

async function unpack({ what, place, bytes, encoding }: Body): Promise<Buffer> {
  if (encoding !== "gzip") return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: MAX_RESPONSE_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(what, place, cause);
    throw new PipelineError(
      "RESPONSE_TRUNCATED",
      `${what}: ${place} answered with gzip that is broken after ${bytes.length} bytes (${messageOf(cause)})`,
      { canRetry: true, cause },
    );
  }
}

export function tooLarge(what: string, place: string, cause: unknown): PipelineError {
  return new PipelineError(
    "RESPONSE_TOO_LARGE",
    `${what}: ${place} answered with more than ${MAX_RESPONSE_BYTES} bytes`,
    { cause },
  );
}
