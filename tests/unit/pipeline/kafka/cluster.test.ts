import { createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { KafkaCluster, type ClusterOptions } from "../../../../pipeline/kafka/cluster";
import { createLog } from "../../../../pipeline/log";

const API_VERSIONS = 18;
const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;

/** The bodies of a broker's answers, by the request they answer. What is not here stays unanswered. */
type Answers = Readonly<Record<number, Buffer>>;

/** A broker that says as little as it is told to. */
async function brokerThat(answers: Answers): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (request) => {
      const body = answers[request.readInt16BE(4)];
      if (!body) return;
      const head = Buffer.alloc(8);
      head.writeInt32BE(4 + body.length);
      request.copy(head, 4, 8, 12);
      socket.write(Buffer.concat([head, body]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The requests with numbers below `count`, in the versions from 0 to 1. */
function versions(count: number): Buffer {
  const apis = Array.from({ length: count }, (_, api) => [api, 0, 1]).flat();
  const body = Buffer.alloc(2 + 4 + apis.length * 2 + 4);
  body.writeInt32BE(apis.length / 3, 2);
  apis.forEach((value, index) => body.writeInt16BE(value, 6 + index * 2));
  return body;
}

/** No error, and one mechanism. */
const handshake = Buffer.from("\0\0\0\0\0\x01\0\x05PLAIN", "latin1");

/** Error 58, its words, no bytes and no end of the session. */
const refusal = Buffer.from(`\0\x3a\0\x0cno such user${"\0".repeat(12)}`, "latin1");
const login = { mechanism: "plain", username: "producer", password: "word" } as const;

async function leadersBy(answers: Answers, sasl?: ClusterOptions["sasl"]) {
  const cluster = new KafkaCluster(
    {
      brokers: [await brokerThat(answers)],
      clientId: "test",
      requestTimeoutMs: 100,
      connectTimeoutMs: 100,
      ...(sasl ? { sasl } : {}),
    },
    createLog("silent", "json"),
  );
  onTestFinished(() => cluster.close());
  return cluster.leaders("top");
}

describe("a broker that does not answer", () => {
  const failure = { code: "KAFKA_UNREACHABLE", canRetry: true };

  it("its first request is given up", async () => {
    await expect(leadersBy({})).rejects.toMatchObject(failure);
  });

  it("what is asked after that is given up", async () => {
    await expect(leadersBy({ [API_VERSIONS]: versions(40) })).rejects.toMatchObject(failure);
  });

  it.each([
    ["a log-in is given up, which is no refusal of the credentials", 40],
    ["a log-in of the old kind, which kafkajs waits for without end, is given up", 36],
  ])("%s", async (_, count) => {
    const answers = { [API_VERSIONS]: versions(count), [SASL_HANDSHAKE]: handshake };
    await expect(leadersBy(answers, login)).rejects.toMatchObject(failure);
  });
});

it("a refusal of the credentials is told as one, in the broker's words", async () => {
  const answers = {
    [API_VERSIONS]: versions(40),
    [SASL_HANDSHAKE]: handshake,
    [SASL_AUTHENTICATE]: refusal,
  };
  await expect(leadersBy(answers, login)).rejects.toMatchObject({
    code: "KAFKA_UNAUTHENTICATED",
    message: expect.stringMatching(/refuses the credentials: .*: no such user$/) as string,
  });
});
