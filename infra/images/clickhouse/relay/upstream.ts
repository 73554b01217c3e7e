import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { logLevel } from "kafkajs";
import { createLogger } from "kafkajs/src/loggers";
import SaslAuthenticator from "kafkajs/src/broker/saslAuthenticator";
import createRequest from "kafkajs/src/protocol/request";
import type { KafkaAccess, SaslAccess, TlsAccess } from "../../../../pipeline/kafka/access";
import type { WireRequest } from "../../../../pipeline/kafka/kafkajs-internals";

const CLIENT_ID = "steamline-relay";
const DEADLINE_MS = 5_000;
const SIZE_BYTES = 4;
/** Of an answer: its length and the number of what it answers. */
const HEADER_BYTES = 8;
/** Versions of what logs in, SaslHandshake and SaslAuthenticate, that every broker since Kafka 1.0 speaks. */
const VERSIONS = {
  17: { minVersion: 1, maxVersion: 1 },
  36: { minVersion: 0, maxVersion: 0 },
};
const silent = createLogger({ level: logLevel.NOTHING, logCreator: () => () => undefined });

/** Where a broker listens. */
export interface Place {
  host: string;
  port: number;
}

type Login = Pick<KafkaAccess, "tls" | "sasl">;

/** A connection to a broker on which a client's requests can follow. @throws Error with the reason, within 5 s each */
export async function connectTo(place: Place, { tls, sasl }: Login): Promise<Socket> {
  const socket = open(place, tls);
  try {
    await within(socket, event(socket, tls ? "secureConnect" : "connect"));
    socket.setNoDelay(true);
    if (sasl) await within(socket, logIn(socket, place, sasl));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function open({ host, port }: Place, tls: TlsAccess | undefined): Socket {
  if (!tls) return connectTcp({ host, port });
  return connectTls({ host, port, ...tls, ...(isIP(host) ? {} : { servername: host }) });
}

/** As kafkajs does it, which needs no more of a connection than this. */
async function logIn(socket: Socket, { host, port }: Place, sasl: SaslAccess): Promise<void> {
  let correlationId = 0;
  const send = async <T>({ request, response }: WireRequest<T>): Promise<T> => {
    const id = ++correlationId;
    const { buffer } = await createRequest({ request, correlationId: id, clientId: CLIENT_ID });
    socket.write(buffer);
    const answer = await frame(socket);
    return response.parse(await response.decode(answer.subarray(HEADER_BYTES)));
  };
  await new SaslAuthenticator({ host, port, sasl, send }, silent, VERSIONS, true).authenticate();
}

/** The next answer, alone: the broker says nothing before it is asked again. */
async function frame(socket: Socket): Promise<Buffer> {
  const size = await bytes(socket, SIZE_BYTES);
  return Buffer.concat([size, await bytes(socket, size.readInt32BE(0))]);
}

async function bytes(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const read = socket.read(count) as Buffer | null;
    if (read) return read;
    await event(socket, "readable");
  }
}

function event(socket: Socket, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error) => {
      socket.off(name, onEvent).off("error", onError).off("close", onClose);
      if (error) reject(error);
      else resolve();
    };
    const onEvent = () => end();
    const onError = (error: Error) => end(error);
    const onClose = () => end(new Error("the broker closed the connection"));
    socket.once(name, onEvent).once("error", onError).once("close", onClose);
  });
}

async function within<T>(socket: Socket, work: Promise<T>): Promise<T> {
  const timer = setTimeout(
    () => socket.destroy(new Error(`no answer within ${DEADLINE_MS / 1000} s`)),
    DEADLINE_MS,
  );
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
