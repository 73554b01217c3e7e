import type { SqlFile } from "./catalog";

/** How rows move between the objects of a catalog, from Kafka tables through materialized views to tables. */
export class Flow {
  private readonly byName: ReadonlyMap<string, SqlFile>;

  constructor(private readonly catalog: readonly SqlFile[]) {
    this.byName = new Map(catalog.map((file) => [file.name, file]));
  }

  /** Materialized views that read `name`. */
  readers(name: string): SqlFile[] {
    return this.catalog.filter(
      (file) => file.kind === "view" && file.target !== name && file.references.includes(name),
    );
  }

  /** Materialized views that write to `name`. */
  writers(name: string): SqlFile[] {
    return this.catalog.filter((file) => file.kind === "view" && file.target === name);
  }

  /** Distributed tables that spread their rows over `name`, a table of each shard. */
  private forwarders(name: string): SqlFile[] {
    return this.catalog.filter((file) => file.forwardsTo === name);
  }

  /** For a Kafka table, the views that read it; for a table, those that write to it. */
  views(name: string): SqlFile[] {
    return this.byName.get(name)?.kind === "kafka" ? this.readers(name) : this.writers(name);
  }

  /** For a table, the views that read it. */
  below(name: string): SqlFile[] {
    return this.byName.get(name)?.kind === "table" ? this.readers(name) : [];
  }

  /** Kafka tables whose messages reach `name`, which a Kafka table's do, each with all views declared to read it. */
  feeds(name: string): Record<string, string[]> {
    const feeds: Record<string, string[]> = {};
    for (const table of this.upstream(name, new Set())) {
      feeds[table] = this.readers(table).map((view) => view.name);
    }
    return feeds;
  }

  /**
   * Objects that have to be as declared before `name` changes. For a Kafka table, which makes its views and begins
   * to read, that is what these name and every view further down, which would else miss the first rows. For a table,
   * which takes the views along that read it, it is what these write to.
   */
  before(name: string): string[] {
    const readers = this.readers(name);
    if (this.byName.get(name)?.kind !== "kafka")
      return readers.flatMap(({ target }) =>
        target === undefined || this.reaches(target, name, new Set()) ? [] : [target],
      );
    const own = new Set([name, ...readers.map((view) => view.name)]);
    const found = new Set<string>();
    for (const view of readers) this.addBelow(view, own, found);
    return [...found];
  }

  private reaches(from: string, to: string, seen: Set<string>): boolean {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return this.readers(from).some(({ target = from }) => this.reaches(target, to, seen));
  }

  private addBelow(view: SqlFile, own: ReadonlySet<string>, found: Set<string>): void {
    for (const reference of view.references) {
      if (!own.has(reference) && this.byName.get(reference)?.kind !== "kafka") found.add(reference);
    }
    for (const below of view.target === undefined ? [] : this.readers(view.target)) {
      const waits = below.references.some(
        (reference) => own.has(reference) || this.byName.get(reference)?.kind === "kafka",
      );
      if (waits || own.has(below.name) || found.has(below.name)) continue;
      found.add(below.name);
      this.addBelow(below, own, found);
    }
  }

  private upstream(name: string, seen: Set<string>): string[] {
    const file = this.byName.get(name);
    if (!file || seen.has(name)) return [];
    seen.add(name);
    if (file.kind === "kafka") return [name];
    const sources =
      file.kind === "view"
        ? file.references.filter((reference) => reference !== file.target)
        : [...this.writers(name), ...this.forwarders(name)].map((source) => source.name);
    return [...new Set(sources.flatMap((source) => this.upstream(source, seen)))];
  }
}
