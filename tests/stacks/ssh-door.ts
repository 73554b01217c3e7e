import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withSbin } from "../../tools/setup/docker/machine";
import { which } from "../../tools/setup/which";

/** A machine that is logged in to over ssh, in a network namespace. */
export interface SshMachine {
  namespace: string;
  address: string;
  /** The socket of its Docker engine. */
  socket: string;
}

export interface SshDoor {
  /** A directory for the front of PATH, with an `ssh` that knows the machine by the name of its namespace. */
  path: string;
  /** Undefined where this machine has no ssh server. */
  server: ChildProcess | undefined;
}

/**
 * An ssh server on the machine, to which root logs in with a key. Without one here, an `ssh` that leads to the machine's
 * engine stands for client and server.
 */
export function openSsh(directory: string, machine: SshMachine): SshDoor {
  const path = join(directory, "bin");
  mkdirSync(path, { recursive: true });
  const [client, server] = [which("ssh"), which("sshd", withSbin())];
  const program = (line: string) => {
    writeFileSync(join(path, "ssh"), `#!/bin/sh\nexec ${line}\n`);
    chmodSync(join(path, "ssh"), 0o755);
  };
  if (client === undefined || server === undefined) {
    program(`docker --host unix://${machine.socket} system dial-stdio`);
    return { path, server: undefined };
  }
  for (const key of ["host", "user"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(directory, key)]);
  program(`${client} -F ${join(directory, "client")} "$@"`);
  return { path, server: startServer(server, directory, machine) };
}

function startServer(server: string, directory: string, machine: SshMachine): ChildProcess {
  const { namespace, address, socket } = machine;
  const file = (name: string) => join(directory, name);
  const hostKey = readFileSync(file("host.pub"), "utf8");
  writeFileSync(file("known"), `${address} ${hostKey}`);
  const write = (name: string, settings: Record<string, string>) =>
    writeFileSync(
      file(name),
      Object.entries(settings)
        .map(([key, value]) => `${key} ${value}\n`)
        .join(""),
    );
  write("client", {
    HostName: address,
    IdentityFile: file("user"),
    IdentitiesOnly: "yes",
    UserKnownHostsFile: file("known"),
    StrictHostKeyChecking: "yes",
  });
  write("server", {
    ListenAddress: address,
    HostKey: file("host"),
    AuthorizedKeysFile: file("user.pub"),
    StrictModes: "no",
    PermitRootLogin: "prohibit-password",
    UsePAM: "no",
    PidFile: "none",
    // A real machine's engine has its usual socket.
    SetEnv: `DOCKER_HOST=unix://${socket}`,
  });
  // Where the server leaves its privileges.
  mkdirSync("/run/sshd", { recursive: true });
  const log = openSync(file("log"), "w");
  const options = [`--net=/run/netns/${namespace}`, server, "-D", "-e", "-f", file("server")];
  return spawn("nsenter", options, { stdio: ["ignore", log, log] });
}
