import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import { withClient, type Connection } from "../clickhouse/client";
import { OffsetError } from "./error";
import { resetOnce, type ResetOnce } from "./once";

/** What the resource of a declared reset is given. */
export interface ResetInputs extends Omit<ResetOnce, "id"> {
  /** The reset's own id: Pulumi keeps the name `id` for its own. */
  resetId: string;
  connection: Connection;
}

/** Pulumi shows an error's message alone, so it has to say what to do as well. */
async function done(inputs: ResetInputs): Promise<ResetInputs> {
  try {
    await withClient(inputs.connection, (client) =>
      resetOnce(client, { ...inputs, id: inputs.resetId }),
    );
    return inputs;
  } catch (cause) {
    if (!(cause instanceof OffsetError)) throw cause;
    throw new Error(`${cause.message}. ${cause.fix}.`, { cause });
  }
}

/** A reset that was done stays done: taking its line out of config changes nothing, nor does a new address. */
export const provider: dynamic.ResourceProvider<ResetInputs, ResetInputs> = {
  diff: async (_id, olds, news) => ({
    changes: (["topic", "group", "partition", "goal", "kafkaTable"] as const).some(
      (key) => !isDeepStrictEqual(olds[key], news[key]),
    ),
  }),
  create: async (inputs) => ({ id: inputs.resetId, outs: await done(inputs) }),
  update: async (_id, _olds, news) => ({ outs: await done(news) }),
  delete: async () => undefined,
};
