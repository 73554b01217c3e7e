import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import type { KafkaAccess } from "../../../../pipeline/kafka/access";
import { Frames } from "./frames";
import { HERE, isRewritten, rewrite, type Asked } from "./rewrite";
import { connectTo, type Place } from "./upstream";

/** Of a request: its length, key, version and number. */
const REQUEST_HEAD_BYTES = 12;
/** Of an answer: its length and number. */
const ANSWER_HEAD_BYTES = 8;

/**
 * Lets clients on this machine reach a Kafka that wants TLS or a log-in as if it wanted neither. Each broker has a port
 * here, and answers that name a broker name that port.
 */
export class Relay {
  private readonly servers = new Map<string, Promise<Server>>();
  private told = "";

  /** @param tell told of brokers that cannot be reached, once for each reason in a row */
  constructor(
    private readonly access: KafkaAccess,
    private readonly tell: (broker: string, reason: string) => void,
  ) {}

  /** Begins. @param port on which the first of the brokers that answers is found; 0 takes a free one @returns it */
  async listen(port: number): Promise<number> {
    const places = this.access.brokers.split(",").map(placeOf);
    return portOf(await this.serve(port, places));
  }

  private async route(host: string, port: number): Promise<number> {
    const name = `${host}:${port}`;
    let server = this.servers.get(name);
    if (!server) {
      server = this.serve(0, [{ host, port }]);
      this.servers.set(name, server);
    }
    return portOf(await server);
  }

  private serve(port: number, places: readonly Place[]): Promise<Server> {
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true }, (client) => void this.lead(client, places));
      server.once("error", reject);
      server.listen(port, HERE, () => resolve(server));
    });
  }

  private async lead(client: Socket, places: readonly Place[]): Promise<void> {
    // Before there is a pipeline that would take it.
    client.on("error", () => client.destroy());
    const broker = await this.connect(places);
    if (!broker || client.destroyed) {
      client.destroy();
      broker?.destroy();
      return;
    }
    const waiting = new Map<number, Asked>();
    const requests = new Frames(REQUEST_HEAD_BYTES, (head) => {
      const asked = { key: head.readInt16BE(4), version: head.readInt16BE(6) };
      if (isRewritten(asked)) waiting.set(head.readInt32BE(8), asked);
      return undefined;
    });
    const answers = new Frames(ANSWER_HEAD_BYTES, (head) => {
      const asked = waiting.get(head.readInt32BE(4));
      waiting.delete(head.readInt32BE(4));
      return asked && ((frame) => rewrite(frame, asked, (host, port) => this.route(host, port)));
    });
    const ways = [pipeline(client, requests, broker), pipeline(broker, answers, client)];
    await Promise.race(ways).catch(() => undefined);
    client.destroy();
    broker.destroy();
    await Promise.allSettled(ways);
  }

  /** The first that lets in; undefined where none does. */
  private async connect(places: readonly Place[]): Promise<Socket | undefined> {
    for (const place of places) {
      try {
        const socket = await connectTo(place, this.access);
        this.told = "";
        return socket;
      } catch (error) {
        this.say(`${place.host}:${place.port}`, error);
      }
    }
    return undefined;
  }

  private say(broker: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.told === `${broker} ${reason}`) return;
    this.told = `${broker} ${reason}`;
    this.tell(broker, reason);
  }
}

function placeOf(broker: string): Place {
  const colon = broker.lastIndexOf(":");
  return { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
