import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { failProgram } from "../clickhouse/answering";
import type { Connection } from "../clickhouse/client";
import { DynamicResource } from "../dynamic-resource";
import { load } from "../load";
import type { DeclaredReset } from "./declared-reset";
import type * as Forecast from "./forecast";

export interface ResetArgs {
  resets: readonly DeclaredReset[];
  kafka: pulumi.Input<KafkaAccess>;
  connection: pulumi.Input<Connection>;
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
export function declareResets({ resets, kafka, connection }: ResetArgs): void {
  if (resets.length === 0) return;
  const asked = pulumi.secret(connection);
  const { forecastAll } = load<typeof Forecast>(__filename, "./forecast");
  const forecast = forecastAll(resets, pulumi.output(kafka), asked).catch(failProgram);
  const gated = pulumi.all([asked, pulumi.output(forecast)]).apply(([known]) => known);
  let before: OffsetReset[] = [];
  for (const reset of resets) {
    const { id: resetId, ...place } = reset;
    const props = { ...place, resetId, kafka, connection: pulumi.secret(gated) };
    before = [new OffsetReset(`offsets-${resetId}`, props, { dependsOn: before })];
  }
}
