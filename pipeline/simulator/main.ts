import { messageOf } from "../errors";
import { checkHealth } from "../health";
import { readSimulatorOptions } from "./options";

async function main(): Promise<void> {
  const { port, ...args } = readSimulatorOptions(process.env);
  if (process.argv.includes("--health")) {
    process.exitCode = (await checkHealth(port)) ? 0 : 1;
    return;
  }
  const { createSimulator } = await import("./server");
  const server = createSimulator(args);
  server.once("error", (error) => {
    console.error(`Port ${port} cannot be listened on: ${error.message}`);
    process.exitCode = 1;
  });
  server.listen(port, () => {
    console.log(JSON.stringify({ msg: "simulating Steam", port, ...args }));
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
