import * as pulumi from "@pulumi/pulumi";
import { answering, failProgram } from "../clickhouse/answering";
import { withClient, type Connection } from "../clickhouse/client";
import { storedObjects, valueIfKnown } from "../clickhouse/last-state";
import { DynamicResource } from "../dynamic-resource";
import type { DeclaredReset } from "./declared-reset";
import { OffsetError } from "./error";
import { forecastReset } from "./once";

export interface ResetArgs {
  resets: readonly DeclaredReset[];
  /** As `host:port`. */
  brokers: pulumi.Input<string>;
  connection: { [K in keyof Connection]: pulumi.Input<Connection[K]> };
}

/** One declared reset. To make it is to do it; it is done once. */
export class OffsetReset extends DynamicResource {
  constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["connection"] };
    super("steamline:OffsetReset", "offsetResetProvider", name, props, { ...opts, ...secret });
  }
}

/**
 * The resets that config declares, one after the other, each told by a preview with its counts.
 * @throws pulumi.RunError for one that cannot be done, before anything is changed
 */
export function declareResets({ resets, brokers, connection }: ResetArgs): void {
  if (resets.length === 0) return;
  const asked = pulumi.secret(pulumi.output(connection)) as pulumi.Output<Connection>;
  const forecast = forecastAll(resets, pulumi.output(brokers), asked).catch(failProgram);
  const gated = pulumi.all([asked, pulumi.output(forecast)]).apply(([known]) => known);
  let before: OffsetReset[] = [];
  for (const reset of resets) {
    const { id: resetId, ...place } = reset;
    const props = { ...place, resetId, brokers, connection: pulumi.secret(gated) };
    before = [new OffsetReset(`offsets-${resetId}`, props, { dependsOn: before })];
  }
}

/** Tells of each reset that is still to be done. A stack that does not answer yet has nothing to tell. */
async function forecastAll(
  resets: readonly DeclaredReset[],
  brokers: pulumi.Output<string>,
  connection: pulumi.Output<Connection>,
): Promise<void> {
  if (!(await storedObjects())) return;
  const [address, reached] = [await valueIfKnown(brokers), await answering(connection)];
  if (address === undefined || !reached) return;
  await withClient(reached, async (client) => {
    for (const reset of resets) {
      try {
        const words = await forecastReset(client, { ...reset, brokers: address });
        if (words !== undefined) await pulumi.log.info(words);
      } catch (error) {
        if (!(error instanceof OffsetError) || error.code === "UNREACHABLE") throw error;
        throw new pulumi.RunError(`offsets ${reset.id}: ${error.message}. ${error.fix}.`);
      }
    }
  });
}
