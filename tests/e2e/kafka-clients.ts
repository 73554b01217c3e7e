import { docker, npmOk, start, type Finished } from "./steamline";

interface Resource {
  urn: string;
  /** A secret is its own text, as JSON once more. */
  outputs?: { value?: { plaintext: string } };
}

/** What a stack's state holds, secrets in clear. */
async function resources(stack: string): Promise<Resource[]> {
  const { stdout } = await npmOk("pulumi", ["stack", "export", "--show-secrets", "--stack", stack]);
  return (JSON.parse(stdout) as { deployment: { resources: Resource[] } }).deployment.resources;
}

async function resource(stack: string, name: string): Promise<Resource> {
  const found = (await resources(stack)).find(({ urn }) => urn.endsWith(`::${name}`));
  if (!found) throw new Error(`${stack} has no ${name}`);
  return found;
}

export const urnOf = async (stack: string, name: string) => (await resource(stack, name)).urn;

/** The password by which the brokers know one of the stack's users. */
export async function passwordOf(stack: string, user: string): Promise<string> {
  const { outputs } = await resource(stack, `kafka-${user}-password`);
  return JSON.parse(outputs?.value?.plaintext ?? '""') as string;
}

export interface Caller {
  stack: string;
  username: string;
  password: string;
  /** Certificate of whom the caller trusts. */
  ca: string;
}

/** One of Kafka's commands in a container beside the stack's, as the caller. */
export async function kafkaCommand(
  { stack, username, password, ca }: Caller,
  tool: string,
  configOption: string,
  ...args: string[]
): Promise<Finished> {
  const properties = [
    "security.protocol=SASL_SSL",
    "sasl.mechanism=SCRAM-SHA-512",
    `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${username}" password="${password}";`,
    "ssl.truststore.type=PEM",
    `ssl.truststore.certificates=${ca.trim().replaceAll("\n", "\\n")}`,
    "request.timeout.ms=8000",
    "default.api.timeout.ms=8000",
    "max.block.ms=8000",
    "delivery.timeout.ms=9000",
  ].join("\n");
  const image = (await docker("inspect", "-f", "{{.Image}}", `${stack}-kafka`)).trim();
  const script = 'printf "%s" "$PROPERTIES" >/tmp/client && echo \'{"a":1}\' | "$@"';
  const run = ["run", "--rm", "--network", `steamline-${stack}`, "-e", `PROPERTIES=${properties}`];
  const command = [tool, "--bootstrap-server", "kafka:29092", configOption, "/tmp/client", ...args];
  return start("docker", [...run, "--entrypoint", "sh", image, "-c", script, "sh", ...command])
    .finished;
}
