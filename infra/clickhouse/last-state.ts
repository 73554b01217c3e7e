import * as pulumi from "@pulumi/pulumi";
import type { SqlObjectState } from "./lifecycle";

/** What the stack's state holds of a SQL object. */
export type StoredObject = Pick<
  SqlObjectState,
  "name" | "kind" | "statement" | "definition" | "upstream"
>;

/**
 * The SQL objects of the stack's state as the last `up` or `refresh` left it, by name. Undefined where the SDK's
 * mocks play the engine: they have no state.
 */
export async function storedObjects(): Promise<Map<string, StoredObject> | undefined> {
  const stackName = ownName();
  if (stackName === undefined) return undefined;
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName,
  })) as { outputs?: Record<string, { type: string; outputs: StoredObject }> };
  const objects = Object.values(answer.outputs ?? {})
    .filter(({ type }) => type === "pulumi-nodejs:dynamic/clickhouse:SqlObject")
    .map(({ outputs }) => [outputs.name, outputs] as const);
  return new Map(objects);
}

/** The stack's full name; mocks have no organization. */
function ownName(): string | undefined {
  try {
    return [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  } catch {
    return undefined;
  }
}

/** The value of an output, or undefined where a preview cannot know it. */
export async function valueIfKnown<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const inner = output as unknown as { isKnown: Promise<boolean>; promise(): Promise<T> };
  return (await inner.isKnown) ? inner.promise() : undefined;
}
