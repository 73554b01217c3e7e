import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Connection } from "../../infra/clickhouse/client";

/** When a statement is lost: before the warehouse has it, or after it was carried out. */
export type Moment = "before" | "after";

/**
 * Stands between a client and the warehouse and, once armed, cuts the connection at one statement, as the end of
 * the process that deploys would. From then on nothing passes until it is armed again or disarmed.
 */
export class FailingDoor {
  private left = Infinity;
  private moment: Moment = "before";
  /** Statements that passed since it was armed. */
  passed = 0;

  private constructor(
    private readonly server: Server,
    readonly connection: Connection,
  ) {}

  static async before(warehouse: Connection): Promise<FailingDoor> {
    const target = new URL(warehouse.url);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const door = new FailingDoor(server, { ...warehouse, url: `http://127.0.0.1:${port}` });
    server.on("request", (incoming, outgoing) => {
      const fails = door.left-- <= 1;
      if (fails && (door.moment === "before" || door.left < 0)) {
        incoming.socket.destroy();
        return;
      }
      const { method, url, headers } = incoming;
      const passing = request(
        { host: target.hostname, port: target.port, method, path: url, headers },
        (answer) => {
          answer.on("end", () => door.passed++);
          if (fails) {
            answer.resume();
            answer.on("end", () => incoming.socket.destroy());
            return;
          }
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      passing.on("error", () => incoming.socket.destroy());
      incoming.pipe(passing);
    });
    return door;
  }

  /** @param statement counted from 1, the one that is lost. */
  arm(statement: number, moment: Moment): void {
    this.left = statement;
    this.moment = moment;
    this.passed = 0;
  }

  disarm(): void {
    this.left = Infinity;
    this.passed = 0;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
