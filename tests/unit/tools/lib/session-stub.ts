import type { Session } from "../../../../tools/lib/session";

/** A session on a backend of files in `directory`, with the notes it made and a `pulumi` of one's own. */
export function stubSession(
  directory: string | undefined,
  pulumi = "/nowhere/pulumi",
): Session & { notes: string[] } {
  const notes: string[] = [];
  return {
    stack: "dev",
    toolchain: { pulumi, binDir: "/nowhere", variables: {} },
    backend: { url: directory === undefined ? "s3://bucket" : `file://${directory}`, directory },
    env: process.env,
    progress: {
      step: (_title, work) => work(() => undefined),
      note: (line) => void notes.push(line),
    },
    notes,
  };
}
