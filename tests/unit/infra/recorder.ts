import * as pulumi from "@pulumi/pulumi";

/** Pulumi's mark of what is not to be shown. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** A resource as the program asked for it. */
export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** URN and id of its provider; empty where that is the default one. */
  provider: string;
}

/** Plays the engine: every resource is made at once, with its inputs as outputs, and written down. */
export async function recordResources(stack = "test"): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs, provider }) => {
        const given = inputs as Record<string, unknown>;
        recorded.push({ type, name, inputs: given, provider: provider ?? "" });
        const computed =
          type === "docker:index/remoteImage:RemoteImage" ? { imageId: `sha256:${name}` } : {};
        const secret = type.endsWith(":Password") ? { value: `secret-of-${name}` } : {};
        const pair = /:Certificate(Authority)?$/.test(type)
          ? { certificate: `certificate-of-${name}`, key: `key-of-${name}` }
          : {};
        return { id: `${name}-id`, state: { ...given, ...computed, ...secret, ...pair } };
      },
    },
    "steamline",
    stack,
    false,
  );
  return recorded;
}

/** The value of an output. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
      return value;
    });
  });
}

/** What the engine is given marks secrets; the same without the marks. */
export function clear(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(clear);
  if (given === null || typeof given !== "object") return given;
  if (SECRET in given && "value" in given) return clear(given.value);
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, clear(value)]));
}

/** The same without the secrets, as whoever may not see them is told. */
export function hidden(given: unknown): unknown {
  return JSON.parse(
    JSON.stringify(given, (_key, value: unknown) =>
      typeof value === "object" && value !== null && SECRET in value ? "[secret]" : value,
    ),
  );
}

/** Waits until nothing more is registered: children come a few turns after their component. */
export async function settled(recorded: readonly Recorded[]): Promise<void> {
  for (let before = -1; before !== recorded.length;) {
    before = recorded.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The one resource of that name. */
export function named(recorded: readonly Recorded[], name: string): Recorded {
  const found = recorded.filter((resource) => resource.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources are named ${name}`);
  return found[0]!;
}
