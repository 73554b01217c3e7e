import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { parse } from "yaml";
import { readDeclared } from "./declared";
import { named, recordResources, settled, type Recorded } from "./recorder";

const { config: keys } = parse(readFileSync(join(__dirname, "../../../Pulumi.yaml"), "utf8")) as {
  config: Record<string, { default: unknown }>;
};
export const defaults = Object.fromEntries(
  Object.entries(keys).map(([key, { default: value }]) => [`steamline:${key}`, String(value)]),
);
export const local = {
  imageSource: "local",
  source: "simulated",
  kafkaImage: "steamline/kafka:1",
  clickhouseImage: "steamline/clickhouse:1",
  nodeImage: "steamline/node:1",
};

/** Runs the whole program for `stack`, with config beside the defaults. */
export async function runProgram(stack: string, config: Record<string, string> = {}) {
  const recorded = await recordResources(stack);
  const own = Object.entries(config).map(([key, value]) => [`steamline:${key}`, value] as const);
  pulumi.runtime.setAllConfig({ ...defaults, ...Object.fromEntries(own) });
  vi.resetModules();
  const program = await import("../../../infra");
  await settled(recorded);
  return { recorded, outputs: await readDeclared(program) };
}

export const CONTAINER = "docker:index/container:Container";
export const ofType = (recorded: readonly Recorded[], type: string) =>
  recorded.filter((resource) => resource.type === type).map(({ name }) => name);
export const containerInputs = (recorded: readonly Recorded[]) =>
  recorded
    .filter(({ type }) => type === CONTAINER)
    .map(
      ({ inputs }) =>
        inputs as {
          name: string;
          ports: { external: number; ip: string }[];
          labels: { value: string }[];
          memory: number;
          memorySwap: number;
          networksAdvanced: { name: string }[];
          envs: string[];
          wait: boolean;
        },
    );

/** Files put into a container, which Pulumi keeps secret as a whole. */
export function secretUploads(recorded: readonly Recorded[], container: string) {
  const { uploads } = named(recorded, container).inputs as {
    uploads: { value?: { file: string; content: string }[] };
  };
  if (uploads.value === undefined) throw new Error(`the files of ${container} are no secret`);
  return uploads.value;
}
