import type { Inspected } from "./kit";

/** Names that what is started by hand has, so that it can stand beside nothing else and be removed. */
export interface HandNames {
  network: string;
  label: string;
  /** Puts the measurement's mark before the name of a container or volume. */
  named(name: string): string;
}

/** Words for `docker create` that give a container the settings of `spec`, under a name of its own. */
export function createArguments(spec: Inspected, names: HandNames): string[] {
  const { Config: config, HostConfig: host } = spec;
  const ports = Object.entries(host.PortBindings ?? {}).flatMap(([internal, bindings]) =>
    bindings.flatMap(({ HostIp, HostPort }) => ["-p", `${HostIp}:${HostPort}:${internal}`]),
  );
  return [
    ...["create", "--name", names.named(spec.Name.replace(/^\//, "")), "--label", names.label],
    ...["--hostname", config.Hostname, "--network", names.network],
    ...["--network-alias", config.Hostname],
    ...config.Env.flatMap((variable) => ["-e", variable]),
    ...(config.User === "" ? [] : ["--user", config.User]),
    ...(host.ReadonlyRootfs ? ["--read-only"] : []),
    ...["--memory", String(host.Memory), "--memory-swap", String(host.Memory)],
    ...["--restart", host.RestartPolicy.Name, "--log-driver", host.LogConfig.Type],
    ...Object.entries(host.LogConfig.Config).flatMap(([k, v]) => ["--log-opt", `${k}=${v}`]),
    ...healthArguments(config.Healthcheck),
    ...ports,
    ...(host.Binds ?? []).flatMap((bind) => ["-v", named(bind, names)]),
    spec.Image,
    ...(config.Cmd ?? []),
  ];
}

/** `docker create` takes a health check as text for a shell, so words are quoted for one. */
function healthArguments({
  Test,
  Interval,
  Retries,
}: Inspected["Config"]["Healthcheck"]): string[] {
  const [kind, ...words] = Test;
  const command =
    kind === "CMD-SHELL"
      ? words.join(" ")
      : words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const second = 1_000_000_000;
  return [
    ...["--health-cmd", command, "--health-interval", `${Interval / second}s`],
    ...["--health-retries", String(Retries), "--health-start-period", "30s"],
  ];
}

/** A named volume gets a name of its own; a directory of the host stays. */
function named(bind: string, names: HandNames): string {
  return bind.startsWith("/") ? bind : names.named(bind);
}
