import { registryImages } from "../../../infra/images/registry";
import type { Progress } from "../../lib/progress";
import type { DockerEngine } from "../docker";
import { decide } from "./decide";
import { imageStore } from "./engine-api";
import { ensureLocal } from "./local";

/** The images a stack is to use. An empty name stands for the official one. */
export interface ImageRefs {
  imageSource: "registry" | "local";
  kafkaImage: string;
  clickhouseImage: string;
  nodeImage: string;
  /** Empty with `local` as well: Grafana exists only as an official image. */
  grafanaImage: string;
  /** Why this source, in one sentence for people. */
  reason: string;
}

/**
 * Settles where images come from, and builds those that are to be built on this machine. Official ones
 * are fetched later, by the stack itself.
 * @throws UserError (IMAGE) where one cannot be built.
 */
export async function ensureImages(
  progress: Progress,
  wanted: "auto" | "registry" | "local",
  engine: DockerEngine,
): Promise<ImageRefs> {
  const official = Object.values(registryImages);
  const decision = await decide(wanted, official, imageStore(engine.host));
  if (decision.imageSource === "registry")
    return { ...decision, kafkaImage: "", clickhouseImage: "", nodeImage: "", grafanaImage: "" };
  const { kafka, clickhouse, node } = await ensureLocal(progress, engine);
  return {
    ...decision,
    kafkaImage: kafka,
    clickhouseImage: clickhouse,
    nodeImage: node,
    grafanaImage: "",
  };
}
