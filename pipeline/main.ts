import { messageOf } from "./errors";
import { checkHealth } from "./health";

const DEFAULT_STATUS_PORT = 9464;

async function main(flags: readonly string[]): Promise<number> {
  const unknown = flags.filter((flag) => flag !== "--health" && flag !== "--once");
  if (unknown.length > 0) {
    console.error(`No such option: ${unknown.join(" ")}. There are --health and --once.`);
    return 2;
  }
  if (flags.includes("--health"))
    return (await checkHealth(Number(process.env["STATUS_PORT"] || DEFAULT_STATUS_PORT))) ? 0 : 1;
  // Loaded only now, so that a health check costs next to nothing.
  const { start } = await import("./start");
  return start({ once: flags.includes("--once") });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
