import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createAuthority, createCertificate } from "../../infra/dynamic/certificates";
import { findFilter } from "../../tools/setup/docker/iptables";
import { ping } from "../../tools/setup/docker/ping";
import { openSsh } from "./ssh-door";

const run = promisify(execFile);
/** Of the addresses of this machine, .254, and of the hosts, from .1. */
const NETWORK = "10.213.7";
const SWITCH = "sl-switch";
const READY_DEADLINE_MS = 60_000;

/** A machine of its own as far as Docker and the network go: a namespace with an address and an engine. */
export interface TestHost {
  address: string;
  /** How whoever deploys reaches its engine. */
  endpoint: string;
  /** The Docker client on it. */
  docker: (...args: string[]) => Promise<string>;
}

export interface TestHosts {
  /** Of a socket, of TCP with TLS, and of ssh, in this order. */
  hosts: [TestHost, TestHost, TestHost];
  /** What config's hostsTls is to be for the second. */
  tls: { text: string; key: string };
  /** A directory for the front of PATH, with an `ssh` that leads to the third. */
  path: string;
  close(): Promise<void>;
}

/**
 * Three engines, each in a network namespace, joined by a switch in a fourth, of which this machine has one end. So none
 * sees another's firewall, and a port that is published on one's address is reached by the others over a wire.
 */
export async function startHosts(): Promise<TestHosts> {
  const directory = mkdtempSync(join(tmpdir(), "steamline-hosts-"));
  const engines: ChildProcess[] = [];
  const names = ["sl-1", "sl-2", "sl-3"];
  const close = async () => {
    await Promise.all(engines.map(stop));
    await clear([...names, SWITCH]);
    rmSync(directory, { recursive: true, force: true });
  };
  await clear([...names, SWITCH]);
  try {
    await wire(names);
    const tls = await engineTls(join(directory, "tls"), `${NETWORK}.2`);
    const hosts = await Promise.all(
      names.map(async (name, i) => {
        const own = join(directory, name);
        const socket = `unix://${join(own, "docker.sock")}`;
        const address = `${NETWORK}.${i + 1}`;
        engines.push(await startEngine(name, own, [socket, ...(i === 1 ? tls.args : [])]));
        const client = async (...args: string[]) =>
          (await run("docker", ["--host", socket, ...args], { maxBuffer: 1e8 })).stdout;
        const endpoints = [socket, `tcp://${address}:2376`, "ssh://root@sl-3"];
        return { address, endpoint: endpoints[i] ?? socket, docker: client };
      }),
    );
    const third = { namespace: "sl-3", address: `${NETWORK}.3` };
    const socket = join(directory, "sl-3", "docker.sock");
    const { path, server } = openSsh(join(directory, "ssh"), { ...third, socket });
    if (server) engines.push(server);
    return { hosts: hosts as TestHosts["hosts"], tls, path, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes namespaces with what still runs in them, also of a run that was killed. */
async function clear(names: readonly string[]): Promise<void> {
  const pids = async () => {
    const asked = names.map((name) =>
      run("ip", ["netns", "pids", name]).catch(() => ({ stdout: "" })),
    );
    return (await Promise.all(asked))
      .flatMap(({ stdout }) => stdout.trim().split("\n"))
      .filter(Boolean);
  };
  // An engine takes its containers with it.
  for (const pid of await pids()) await run("kill", [pid]).catch(() => undefined);
  for (const since = Date.now(); (await pids()).length > 0; await sleep(200))
    if (Date.now() - since > READY_DEADLINE_MS) throw new Error(`${names.join(", ")} are in use`);
  for (const name of names) await run("ip", ["netns", "del", name]).catch(() => undefined);
  await run("ip", ["link", "del", "sl-up"]).catch(() => undefined);
}

/** This machine, and each namespace, on one switch. */
async function wire(names: readonly string[]): Promise<void> {
  const ip = (command: string) => run("ip", command.split(" "));
  await ip(`netns add ${SWITCH}`);
  await ip(`-n ${SWITCH} link add sl-bridge type bridge`);
  await ip(`-n ${SWITCH} link set sl-bridge up`);
  const plug = async (end: string) => {
    await ip(`link set ${end}-s netns ${SWITCH}`);
    await ip(`-n ${SWITCH} link set ${end}-s master sl-bridge up`);
  };
  await ip("link add sl-up type veth peer name sl-up-s");
  await plug("sl-up");
  await ip(`address add ${NETWORK}.254/24 dev sl-up`);
  await ip("link set sl-up up");
  for (const [i, name] of names.entries()) {
    await ip(`netns add ${name}`);
    await ip(`link add ${name} type veth peer name ${name}-s`);
    await plug(name);
    await ip(`link set ${name} netns ${name}`);
    await ip(`-n ${name} link set lo up`);
    await ip(`-n ${name} address add ${NETWORK}.${i + 1}/24 dev ${name}`);
    await ip(`-n ${name} link set ${name} up`);
  }
}

async function startEngine(name: string, own: string, hosts: string[]): Promise<ChildProcess> {
  mkdirSync(own, { recursive: true });
  const system = ["/usr/local/sbin", "/usr/sbin", "/sbin"];
  const env = { ...process.env, PATH: [process.env["PATH"], ...system].join(delimiter) };
  const filter = await findFilter(env);
  const socket = hosts[0] ?? "";
  const options = [
    `--data-root=${join(own, "data")}`,
    `--exec-root=${join(own, "exec")}`,
    `--pidfile=${join(own, "pid")}`,
    ...hosts.map((host) => (host.startsWith("--") ? host : `--host=${host}`)),
    ...filter.args,
  ];
  const log = join(own, "log");
  const output = openSync(log, "w");
  // Not `ip netns exec`, which hides the control groups. With mounts of its own, none are left behind.
  const inside = [`--net=/run/netns/${name}`, "unshare", "--mount", "--propagation=slave"];
  const engine = spawn("nsenter", [...inside, "dockerd", ...options], {
    env: { ...env, PATH: [...filter.path, env.PATH].join(delimiter) },
    stdio: ["ignore", output, output],
  });
  for (const since = Date.now(); !(await ping(socket)).answers; await sleep(200)) {
    if (engine.exitCode !== null || Date.now() - since > READY_DEADLINE_MS)
      throw new Error(
        `the engine of ${name} does not come up:\n${readFileSync(log, "utf8").slice(-3000)}`,
      );
  }
  return engine;
}

async function stop(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null) return;
  const ended = once(engine, "exit");
  engine.kill("SIGTERM");
  await ended;
}

/** Certificates of the engine at `address` and of its clients. */
async function engineTls(directory: string, address: string) {
  const authority = await createAuthority({ commonName: "Docker" });
  const engine = await createCertificate({
    authority,
    commonName: "dockerd",
    hosts: [address],
    days: 1,
  });
  const client = await createCertificate({ authority, commonName: "client", hosts: [], days: 1 });
  mkdirSync(directory, { recursive: true });
  const files = { ca: authority.certificate, cert: engine.certificate, key: engine.key };
  for (const [name, pem] of Object.entries(files))
    writeFileSync(join(directory, `${name}.pem`), pem, { mode: 0o600 });
  const args = [
    `tcp://${address}:2376`,
    "--tlsverify",
    ...Object.keys(files).map(
      (name) => `--tls${name === "ca" ? "cacert" : name}=${join(directory, `${name}.pem`)}`,
    ),
  ];
  const text = `Docker's own:\n${authority.certificate}\n${client.certificate}\n${client.key}`;
  return { args, text, key: client.key };
}
