import { z } from "zod";
import { explain } from "./explain";
import { capture } from "./run";
import type { Session } from "./session";
import { stackExists } from "./stack";
import { UserError } from "./user-error";

const schema = z.object({
  stack: z.string(),
  source: z.string(),
  imageSource: z.string(),
  clickhouseEngine: z.string(),
  kafkaBootstrapServers: z.string(),
  topGamesTopic: z.string(),
  detailsTopic: z.string(),
  topGamesGroup: z.string(),
  detailsGroup: z.string(),
  furtherSources: z
    .array(
      z.object({
        topic: z.string(),
        group: z.string(),
        table: z.string(),
        pollIntervalSeconds: z.number(),
      }),
    )
    .default([]),
  clickhouseUrl: z.string(),
  database: z.string(),
  adminUser: z.string(),
  adminPassword: z.string(),
  readerUser: z.string(),
  readerPassword: z.string(),
  grafanaUrl: z.string(),
  grafanaNote: z.string(),
  dashboardsDir: z.string(),
  producerUrl: z.string(),
  containers: z.record(z.string(), z.string()),
  protectData: z.boolean(),
});

/** What a deployed stack tells of itself, secrets in clear. */
export type Outputs = z.infer<typeof schema>;

/** @throws UserError (STACK_MISSING) where the stack is not, or only partly, deployed. */
export async function readOutputs(session: Session): Promise<Outputs> {
  const missing = (what: string) =>
    new UserError("STACK_MISSING", what, { fix: `npm run up -- --stack ${session.stack}` });
  if (!(await stackExists(session))) throw missing(`there is no stack ${session.stack}`);
  const args = ["stack", "output", "--json", "--show-secrets"];
  const finished = await capture(session.toolchain.pulumi, args, { env: session.env });
  if (finished.code !== 0) {
    throw explain(finished.stderr) ?? missing(finished.stderr.replace(/^error: /, "").trim());
  }
  const parsed = schema.safeParse(JSON.parse(finished.stdout));
  if (!parsed.success) {
    const absent = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw missing(`the stack ${session.stack} is not up: it has no output ${absent}`);
  }
  return parsed.data;
}
