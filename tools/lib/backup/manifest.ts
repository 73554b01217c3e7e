import { z } from "zod";
import { UserError } from "../user-error";
import { entriesOf, readEntry, TarError } from "./tar";

/** Name of the manifest within a back-up's directory. */
export const MANIFEST = "steamline.json";

const partition = z.object({
  partition: z.number(),
  /** Offset up to which, and without, everything is in the back-up. */
  committed: z.number(),
  /** The last message before that, by which the topic is known again; absent where Kafka has none. */
  last: z.object({ offset: z.number(), timestamp: z.number(), sha256: z.string() }).optional(),
});

const schema = z.object({
  format: z.literal("steamline-backup-1"),
  /** Also the name of its directory. */
  id: z.string().regex(/^[\w-]+$/),
  stack: z.string(),
  madeAt: z.string(),
  engineVersion: z.string(),
  tables: z.array(z.object({ database: z.string(), name: z.string(), rows: z.number() })),
  streams: z.array(
    z.object({
      topic: z.string(),
      group: z.string(),
      table: z.string(),
      partitions: z.array(partition),
    }),
  ),
});

/** What a back-up holds, and how far into Kafka it reaches. */
export type Manifest = z.infer<typeof schema>;
export type BackedUpTable = Manifest["tables"][number];
export type BackedUpStream = Manifest["streams"][number];

/** @throws UserError (BACKUP) for a file that is no back-up, or not all of one */
export function readManifest(file: string): Manifest {
  const unfit = (what: string, cause?: unknown) =>
    new UserError("BACKUP", `${file} ${what}`, {
      fix: "name a file that npm run backup made; nothing was changed",
      ...(cause === undefined ? {} : { cause }),
    });
  try {
    const own = entriesOf(file).find(({ name }) => name.split("/").slice(1).join("/") === MANIFEST);
    if (!own) throw unfit("is no back-up of a stack");
    const parsed = schema.safeParse(JSON.parse(readEntry(file, own)));
    if (!parsed.success) throw unfit("is a back-up of another version");
    return parsed.data;
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof TarError) throw unfit(error.message, error);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw unfit("does not exist");
    if (code === "EISDIR") throw unfit("is a directory");
    throw unfit("cannot be read as a back-up", error);
  }
}
