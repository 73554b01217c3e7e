import type { Project } from "../lib/project";
import { addConsumer } from "./second-consumer";

/** A stack grows by this, while records flow. */
export interface Step {
  /** For the report. */
  name: string;
  /** What is added to the config. */
  config?: Readonly<Record<string, number>>;
  /** What is done to the project's files. */
  edit?: (project: Project) => void;
}

/** In this order: each finds the ones before it done. */
export const steps: readonly Step[] = [
  { name: "partitions 3 to 6", config: { partitions: 6 } },
  { name: "a second consumer", edit: (project) => void addConsumer(project.sql) },
  { name: "retentionHours 168 to 336", config: { retentionHours: 336 } },
  { name: "ttlDays 90 to 180", config: { ttlDays: 180 } },
  { name: "clickhouseMemoryMb 4096 to 6144", config: { clickhouseMemoryMb: 6144 } },
  { name: "kafkaMemoryMb 1024 to 1536", config: { kafkaMemoryMb: 1536 } },
  { name: "brokers 1 to 2", config: { brokers: 2 } },
];

/** What a cluster of three is, and what one or two brokers cannot become in place. */
export const cluster = { brokers: 3, replicationFactor: 3 } as const;
