import { readFileSync } from "node:fs";
import { join } from "node:path";
import { splitStatements, type Language } from "./statements";
import { applyDifference } from "./difference";

export const VERDICTS = ["works as written", "works in this form", "impossible", "unrun"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Code as it is to be run. */
export interface Snippet {
  language: Language;
  code: string;
  /** Runs in the broker's container. */
  inKafka: boolean;
  /** ClickHouse's database, where it is not the default one. */
  database?: string;
}

/** One line of the page's tables. */
export interface Entry {
  /** `kafka.3`: the third statement of the snippet `kafka`. */
  id: string;
  title: string;
  verdict: Verdict;
  /** Why, or what differs. */
  note: string;
  /** The guide's own statement, where it has one. */
  written?: Snippet;
  /** What works here instead. Entries that share one run it once: it is the same object. */
  form?: Snippet;
}

/** The page, in its order. */
export interface Guide {
  entries: Entry[];
  /** Ids of all statements in the guide's snippets. */
  statements: string[];
  setup: Snippet;
  /** After the topic was deleted. */
  reattach: Snippet;
  cleanup: Snippet;
}

const OWN_PARTS = ["setup", "reattach", "cleanup"];

const FENCE = /^```(\w+) ([\w.-]+)( in kafka)?(?: --database (\w+))?\n([\s\S]*?)^```$/gm;
const ROW = /^\| `([\w-]+\.\d+)`\s*\|(.*)\|$/gm;
const CELL = /(?<!\\)\|/;

export const guideFile = join(__dirname, "..", "..", "..", "docs", "guide.md");

/** @throws where a form patches a statement that the page does not show. */
export function readGuide(text = readFileSync(guideFile, "utf8")): Guide {
  const written = new Map<string, Snippet>();
  const forms: { id: string; language: string; snippet: Omit<Snippet, "language"> }[] = [];
  const named = new Map<string, Snippet>();
  for (const [, language = "", name = "", place, database, code = ""] of text.matchAll(FENCE)) {
    const snippet = { code, inKafka: place !== undefined, ...(database ? { database } : {}) };
    if (/\.\d+(-\d+)?$/.test(name)) forms.push({ id: name, language, snippet });
    else if (OWN_PARTS.includes(name)) named.set(name, { ...snippet, language: "bash" });
    else
      splitStatements(language as Language, code).forEach((statement, i) =>
        written.set(`${name}.${i + 1}`, {
          ...snippet,
          language: language as Language,
          code: statement,
        }),
      );
  }
  const formOf = new Map<string, Snippet>();
  for (const { id, language, snippet } of forms) {
    const ids = expand(id);
    const made = toSnippet(language, snippet, written.get(ids[0] ?? ""));
    for (const one of ids) formOf.set(one, made);
  }
  return {
    entries: [...text.matchAll(ROW)].map(([, id = "", cells = ""]) =>
      toEntry(id, cells, written.get(id), formOf.get(id)),
    ),
    statements: [...written.keys()],
    setup: named.get("setup")!,
    reattach: named.get("reattach")!,
    cleanup: named.get("cleanup")!,
  };
}

function toEntry(id: string, cells: string, written?: Snippet, form?: Snippet): Entry {
  const [title = "", verdict = "", note = ""] = cells.split(CELL).map((cell) => cell.trim());
  // "as written, with `--database guide`"
  const database = /^as written, with `--database (\w+)`/.exec(note)?.[1];
  const moved = written && database ? { ...written, database } : undefined;
  return { id, title, verdict: verdict as Verdict, note, written, form: form ?? moved };
}

function toSnippet(
  language: string,
  snippet: Omit<Snippet, "language">,
  written: Snippet | undefined,
): Snippet {
  if (language !== "diff") return { ...snippet, language: language as Language };
  if (!written) throw new Error(`a difference to a statement that is not there:\n${snippet.code}`);
  return {
    ...snippet,
    language: written.language,
    code: applyDifference(written.code, snippet.code),
  };
}

/** `type.1-3` as `type.1`, `type.2`, `type.3`. */
function expand(id: string): string[] {
  const [, name = "", first = "", last = first] = /^(.*)\.(\d+)(?:-(\d+))?$/.exec(id) ?? [];
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => `${name}.${Number(first) + i}`);
}
