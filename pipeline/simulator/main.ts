import { messageOf } from "../errors";
import { readSimulatorOptions } from "./options";
import { createSimulator } from "./server";

function main(): void {
  const { port, ...args } = readSimulatorOptions(process.env);
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

try {
  main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
