import { z } from "zod";
import { PipelineError } from "../errors";
import { WHOLE_MAX, type Table, type WholeColumn, type WholeType } from "../table";

/** A whole number that the column takes. */
export function wholeOf<const T extends Table>(table: T, name: WholeColumn<T>) {
  const type = table.columns.find((column) => column.name === name)?.type as WholeType;
  return z.int().min(0).max(WHOLE_MAX[type]);
}

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
