import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { SqlObjectState } from "./lifecycle";

type Invoke = (token: string, args: { stackName: string }) => Promise<unknown>;

/** Times the stored state is asked for. During an `up` the CLI writes it anew at any moment, and may be caught at it. */
const ATTEMPTS = 20;
const PAUSE_MS = 100;

/** What the stack's state holds of a SQL object. */
export type StoredObject = Pick<
  SqlObjectState,
  "name" | "kind" | "statement" | "definition" | "upstream"
>;

/**
 * The SQL objects of the stack's state as the last `up` or `refresh` left it, by name. Undefined where the SDK's
 * mocks play the engine: they have no state.
 */
export async function storedObjects(
  invoke: Invoke = pulumi.runtime.invoke,
): Promise<Map<string, StoredObject> | undefined> {
  const stackName = ownName();
  if (stackName === undefined) return undefined;
  const outputs = await readOutputs(stackName, invoke);
  const objects = Object.values(outputs)
    .filter(({ type }) => type === "pulumi-nodejs:dynamic/clickhouse:SqlObject")
    .map(({ outputs }) => [outputs.name, outputs] as const);
  return new Map(objects);
}

type Outputs = Record<string, { type: string; outputs: StoredObject }>;

/** @throws the engine's error where state cannot be read, however often it is asked for. */
async function readOutputs(stackName: string, invoke: Invoke): Promise<Outputs> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = (await invoke("pulumi:pulumi:readStackResourceOutputs", {
        stackName,
      })) as { outputs?: Outputs };
      return answer.outputs ?? {};
    } catch (error) {
      const caught = /failed to load checkpoint/.test(String(error));
      if (!caught || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
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
