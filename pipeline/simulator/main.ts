import { checkHealth } from "../health";
import { simulatedSteam } from "./server";

const port = Number(process.env["PORT"] ?? 8080);

if (process.argv.includes("--health")) {
  checkHealth(port, "/healthz");
} else {
  const seed = Number(process.env["SEED"] ?? 1);
  const faultRate = Number(process.env["FAULT_RATE"] ?? 0);
  const server = simulatedSteam({ seed, faultRate });
  server.listen(port, () =>
    console.log(JSON.stringify({ msg: "simulated Steam listens", port, seed, faultRate })),
  );
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      server.closeAllConnections();
      server.close(() => process.exit(0));
    });
  }
}
