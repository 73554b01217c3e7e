/** A resource as it will be once the preview is carried out. */
export interface Subject {
  /** The resource's name in the program. */
  name: string;
  /** Pulumi's type of it, as `docker:index/container:Container`. */
  type: string;
  /** Whether Pulumi refuses to delete it. */
  protect: boolean;
  /** What it is declared with; secrets are masked, and what is not known yet is Pulumi's sentinel. */
  inputs: Readonly<Record<string, unknown>>;
}

/** What the rules know besides the resources. */
export interface PolicyContext {
  stack: string;
  /** Whether the rules for production apply. */
  production: boolean;
  /** Secrets of the stack in clear, for being looked for. They are never shown. */
  secrets: readonly string[];
}

/** Something that a rule does not allow, as the rule tells it. */
export interface Finding {
  subject: Subject;
  /** Path of the input, as `ports[0].ip`. */
  where: string;
  /** The offending value in words; never a secret. */
  value: string;
  /** What to do about it. */
  fix: string;
}

/** mandatory: the preview fails, and a production stack is not deployed. advisory: it is told. */
export type Level = "mandatory" | "advisory";

/** One rule that a preview has to pass. */
export interface Rule {
  name: string;
  /** What the rule demands, as one sentence. */
  demands: string;
  level: Level;
  /** Whether it applies to production stacks alone. */
  productionOnly: boolean;
  check(subjects: readonly Subject[], context: PolicyContext): Finding[];
}

/** A finding with the rule that it is against. */
export interface Violation {
  rule: string;
  level: Level;
  resource: string;
  type: string;
  where: string;
  value: string;
  fix: string;
}

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The text of an input; undefined where it is none, or not known before the deployment. */
export function knownText(value: unknown): string | undefined {
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

/** The things in an input that is a list of things. */
export function things(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value)
    ? value.filter(
        (item): item is Record<string, unknown> => typeof item === "object" && item !== null,
      )
    : [];
}
