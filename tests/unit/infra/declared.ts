import * as pulumi from "@pulumi/pulumi";
import { valueOf } from "./recorder";

/** What a program exports, resolved: the stack's outputs. */
export async function readDeclared(program: object): Promise<Record<string, unknown>> {
  const entries = Object.entries(program).map(
    async ([name, value]) => [name, await valueOf(pulumi.output(value as unknown))] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
