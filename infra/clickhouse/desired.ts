import type { ObjectKind } from "./catalog";
import type { Policy } from "./policy";

/** A materialized view as another object's change has to leave it. */
export interface DeclaredView {
  statement: string;
  definition: string;
}

/** One object as it is to be. */
export interface Desired {
  name: string;
  kind: ObjectKind;
  /** The whole CREATE statement, rendered. */
  statement: string;
  /** The same in the engine's words. */
  definition: string;
  policy: Policy;
  /** Whether config allows rows of this object to be destroyed. */
  allowDestroy: boolean;
  /** Kafka tables whose messages reach it, a Kafka table itself among them, each with all views declared to read that table. */
  feeds: Record<string, string[]>;
  /** For a Kafka table, the views that read it; for a table, those that write to it. */
  views: Record<string, DeclaredView>;
  /** For a table, the views that read it. */
  below: Record<string, DeclaredView>;
}
