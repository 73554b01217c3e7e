import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

const [METADATA, FIND_COORDINATOR, API_VERSIONS] = [3, 10, 18];
const UNSUPPORTED_VERSION = 35;
const NOT_AVAILABLE = 15;
const LEADER_NOT_AVAILABLE = 5;
/** Those that are answered here, each up to a version. */
const SPOKEN = [
  [METADATA, 2],
  [FIND_COORDINATOR, 0],
  [API_VERSIONS, 0],
] as const;

/**
 * A broker that, asked again, says that its cluster has none, as a real one does for a moment while it goes. Real ones
 * cannot be made to be asked in that moment.
 */
export class EmptyCluster {
  /** Questions of any kind. */
  asked = 0;
  /** How often it was asked what the cluster has; from the second time on, that is nothing. */
  toldOf = 0;

  private constructor(private readonly server: Server) {}

  /** @param topic that it has, without a leader */
  static async start(topic: string): Promise<EmptyCluster> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const cluster = new EmptyCluster(server);
    server.on("connection", (socket) => cluster.serve(socket, topic));
    return cluster;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
  }

  private serve(socket: Socket, topic: string): void {
    let received = Buffer.alloc(0);
    socket.unref().on("error", () => {});
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0);
        const body = this.answer(received.readInt16BE(4), received.readInt16BE(6), topic);
        const correlationId = received.subarray(8, 12);
        received = received.subarray(end);
        if (body) socket.write(Buffer.concat([int32(body.length + 4), correlationId, body]));
      }
    });
  }

  private answer(api: number, version: number, topic: string): Buffer | undefined {
    this.asked++;
    if (api === API_VERSIONS)
      return Buffer.concat([
        int16(version === 0 ? 0 : UNSUPPORTED_VERSION),
        int32(SPOKEN.length),
        ...SPOKEN.map(([key, highest]) => Buffer.concat([int16(key), int16(0), int16(highest)])),
      ]);
    if (api === FIND_COORDINATOR)
      return Buffer.concat([int16(NOT_AVAILABLE), int32(-1), text(""), int32(-1)]);
    if (api !== METADATA) return undefined;
    const self = Buffer.concat([int32(1), text("127.0.0.1"), int32(this.port), int16(-1)]);
    const brokers = ++this.toldOf > 1 ? [] : [self];
    const topics = [int16(LEADER_NOT_AVAILABLE), text(topic), Buffer.from([0]), int32(0)];
    return Buffer.concat([
      ...[int32(brokers.length), ...brokers],
      ...[text("empty"), int32(1)],
      ...[int32(1), ...topics],
    ]);
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);
