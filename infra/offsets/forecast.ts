import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { answering } from "../clickhouse/answering";
import { withClient, type Connection } from "../clickhouse/client";
import { storedObjects, valueIfKnown } from "../clickhouse/last-state";
import type { DeclaredReset } from "./declared-reset";
import { OffsetError } from "./error";
import { forecastReset } from "./once";

/** Tells of each reset that is still to be done. A stack that does not answer yet has nothing to tell. */
export async function forecastAll(
  resets: readonly DeclaredReset[],
  kafka: pulumi.Output<KafkaAccess>,
  connection: pulumi.Output<Connection>,
): Promise<void> {
  if (!(await storedObjects())) return;
  const [access, reached] = [await valueIfKnown(kafka), await answering(connection)];
  if (access === undefined || !reached) return;
  await withClient(reached, async (client) => {
    for (const reset of resets) {
      try {
        const words = await forecastReset(client, { ...reset, kafka: access });
        if (words !== undefined) await pulumi.log.info(words);
      } catch (error) {
        if (!(error instanceof OffsetError) || error.code === "UNREACHABLE") throw error;
        throw new pulumi.RunError(`offsets ${reset.id}: ${error.message}. ${error.fix}.`);
      }
    }
  });
}
