import type { z } from "zod";
import type { HttpClient } from "../http/client";
import type { Table } from "../table";
import type { Source } from "./source";

/** What a source may use. */
export interface SourceContext {
  http: HttpClient;
  /** What several sources have in common: made by the first that asks for it. */
  share<T>(what: string, make: () => T): T;
}

/** A kind of source: what it reads from the environment, and how it is made of that. */
export interface SourceDefinition {
  /** By which SOURCES names it. */
  name: string;
  table: Table;
  variables: z.ZodRawShape;
  create(context: SourceContext, read: Readonly<Record<string, unknown>>): Source;
}

/** Puts a definition's own types aside, so that sources of all kinds fit into one list. */
export function defineSource<const V extends z.ZodRawShape>(definition: {
  name: string;
  table: Table;
  variables: V;
  create(context: SourceContext, read: z.output<z.ZodObject<V>>): Source;
}): SourceDefinition {
  return {
    ...definition,
    create: (context, read) => definition.create(context, read as z.output<z.ZodObject<V>>),
  };
}

/** What sources made of these calls share. */
export function sourceContext(http: HttpClient): SourceContext {
  const shared = new Map<string, unknown>();
  return {
    http,
    share: <T>(what: string, make: () => T): T => {
      if (!shared.has(what)) shared.set(what, make());
      return shared.get(what) as T;
    },
  };
}
