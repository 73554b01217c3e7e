import { type Finding, type PolicyContext, type Rule, type Subject } from "./rule";

/** Shorter secrets stand in other words by chance. */
const SHORTEST_SECRET = 6;
/** What Pulumi shows where a secret or something not known yet stands. */
const MASKED = /^(\[secret\]|04da6b54-80e4-46f7-96ec-b56ff0331ba9)$/;
const SECRET_NAME =
  /(^|[._-]|[a-z](?=[A-Z]))(passwords?|passwd|passphrase|secrets?|tokens?|api[_-]?keys?|private[_-]?keys?|access[_-]?keys?|credentials?)$/i;
/** Forms in which a secret stands inside a longer text. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/:\/\/[^\s/:@]+:[^\s/:@]+@/, "an address with a password in it"],
  [
    /(?<![\w])[\w.]*(password|passwd|secret_access_key|api_key)[`"']?\s*[:=]\s*['"][^'"{}]+['"]/i,
    "a password",
  ],
  [/\bIDENTIFIED\s+(WITH\s+\w+\s+)?BY\s+'[^'{}]+'/i, "a password"],
];

/** State, logs and reviews show what is not marked as a secret. */
export const hiddenSecrets: Rule = {
  name: "hidden-secrets",
  demands: "No secret stands in clear.",
  level: "mandatory",
  productionOnly: false,
  check: (subjects, context) => subjects.flatMap((subject) => inClear(subject, context)),
};

function inClear(subject: Subject, { secrets }: PolicyContext): Finding[] {
  const looked = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  return texts(subject.inputs).flatMap(({ path, key, text }) => {
    const what = looked.some((secret) => text.includes(secret))
      ? "the value of a secret of this stack"
      : suspicious(key, text);
    if (what === undefined) return [];
    return [
      {
        subject,
        where: path,
        value: `${what}, in clear`,
        fix: "set it with `npm run pulumi -- config set --secret`, or wrap it in pulumi.secret(), and hand it over as a file",
      },
    ];
  });
}

function suspicious(key: string, text: string): string | undefined {
  if (MASKED.test(text) || text === "") return undefined;
  const variable = /^([A-Za-z_]\w*)=(.+)$/s.exec(text);
  if (variable && isSecretName(variable[1] ?? "") && isValue(variable[2] ?? ""))
    return `what ${variable[1]} is set to`;
  if (isSecretName(key) && isValue(text)) return `what ${key} is set to`;
  return FORMS.find(([pattern]) => pattern.test(text))?.[1];
}

const isSecretName = (name: string) => SECRET_NAME.test(name);

/** A path says where a secret stands, and a flag or a number that there is one. */
function isValue(text: string): boolean {
  return !/^(\/[\w./-]*|true|false|\d{1,5})$/.test(text) && !MASKED.test(text);
}

interface Text {
  path: string;
  /** Name of the innermost input that it is the value of. */
  key: string;
  text: string;
}

function texts(value: unknown, path = "", key = ""): Text[] {
  if (typeof value === "string") return [{ path, key, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => texts(item, `${path}[${i}]`, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => !name.startsWith("__"))
    .flatMap(([name, inner]) => texts(inner, path === "" ? name : `${path}.${name}`, name));
}
