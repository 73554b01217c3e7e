import type { XmlElements } from "./xml";

/** Named collections as a file has them: values by key, with a dot in the keys that go to Kafka's client. */
export type Collections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The key that makes a consumer a static member of its group. */
const INSTANCE_ID = "kafka.group_instance_id";

/**
 * A collection's values on one server. Its member of each consumer group is its own, as two that share an id shut one
 * another out; and what proves to Kafka who reads stands here, as a table with a collection takes it from nowhere else.
 */
export function collectionOf(
  settings: Readonly<Record<string, string>>,
  instanceId: string,
  login: Record<string, string>,
): Record<string, string> {
  const own: Record<string, string> =
    settings[INSTANCE_ID] === undefined ? {} : { [INSTANCE_ID]: instanceId };
  const proof = Object.entries(login).map(([key, value]): [string, string] => [
    `kafka.${key}`,
    value,
  ]);
  return { ...settings, ...own, ...Object.fromEntries(proof) };
}

/** Collections as elements of a config file: `a.b` is an element within an element. */
export function collectionElements(collections: Collections): XmlElements {
  return Object.fromEntries(
    Object.entries(collections).map(([name, values]) => [name, nested(values)]),
  );
}

function nested(values: Readonly<Record<string, string>>): XmlElements {
  const plain = Object.entries(values).filter(([key]) => !key.includes("."));
  const inner: Record<string, Record<string, string>> = {};
  for (const [key, value] of Object.entries(values)) {
    const [outer = "", rest] = key.split(".");
    if (rest !== undefined) (inner[outer] ??= {})[rest] = value;
  }
  return { ...Object.fromEntries(plain), ...inner };
}
