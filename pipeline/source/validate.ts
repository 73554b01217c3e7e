import { z } from "zod";
import { PipelineError } from "../errors";

export const uint8 = z
  .int()
  .min(0)
  .max(2 ** 8 - 1);
export const uint16 = z
  .int()
  .min(0)
  .max(2 ** 16 - 1);
export const uint32 = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

/**
 * `body` as `schema` has it.
 *
 * @throws PipelineError RESPONSE_INVALID naming each field that is not as expected.
 */
export function validate<T>(what: string, schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new PipelineError("RESPONSE_INVALID", `${what}: ${faultsOf(result.error)}`, {
    canRetry: true,
    cause: result.error,
  });
}

/** Each fault with its field, as `response.ranks[3].appid: expected number, received string`. */
export function faultsOf(error: z.ZodError, prefix: readonly PropertyKey[] = []): string {
  return error.issues
    .map((issue) => {
      const field = z.core.toDotPath([...prefix, ...issue.path]);
      return `${field || "the answer"}: ${issue.message.replace(/^Invalid input: /, "")}`;
    })
    .join("; ");
}
