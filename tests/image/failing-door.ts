import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Connection } from "../../infra/clickhouse/client";

/** When a statement is lost: before the warehouse has it, or after it was carried out. */
export type Moment = "before" | "after";

/** Statements that change what stands, without those that note it. */
export const CHANGING = /^\s*(CREATE|DROP|ALTER|EXCHANGE|RENAME|SYSTEM)\b(?!.*IF NOT EXISTS)/s;

/** All that leave something, notes among them: lost at one that only reads, the next one that writes is lost too. */
export const WRITING = /^(?!\s*(SELECT|SHOW|EXISTS|DESCRIBE|EXPLAIN|WITH)\b)/;

/**
 * Stands between a client and the warehouse and, once armed, cuts the connection at one statement, as the end of
 * the process that deploys would. From then on nothing passes until it is armed again or disarmed.
 */
export class FailingDoor {
  private left = Infinity;
  private moment: Moment = "before";
  private counted = /^/;

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
      const pieces: Buffer[] = [];
      incoming.on("data", (piece: Buffer) => pieces.push(piece));
      incoming.on("end", () => {
        const body = Buffer.concat(pieces);
        const wasCut = door.left === 0;
        if (!wasCut && door.counted.test(body.toString())) door.left--;
        const fails = door.left === 0;
        if (wasCut || (fails && door.moment === "before")) {
          incoming.socket.destroy();
          return;
        }
        const { method, url, headers } = incoming;
        const passing = request(
          { host: target.hostname, port: target.port, method, path: url, headers },
          (answer) => {
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
        passing.end(body);
      });
    });
    return door;
  }

  /**
   * @param statement counted from 1, the one that is lost.
   * @param counted Which statements count. All by default.
   */
  arm(statement: number, moment: Moment, counted = /^/): void {
    this.left = statement;
    this.moment = moment;
    this.counted = counted;
  }

  disarm(): void {
    this.left = Infinity;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
