import { stackNames, stackPorts } from "../../../infra/names";
import type { Snippet } from "./document";

const plain = stackNames("dev");

/**
 * The snippet as it is typed on another stack, whose containers, topics and groups carry its name and whose
 * broker has a port of its own. On `dev` it stays as it is.
 */
export function forStack(snippet: Snippet, stack: string): string {
  if (stack === plain.stack) return snippet.code;
  const own = stackNames(stack);
  const renamed = new Map([
    [plain.groups.topGames, own.groups.topGames],
    [plain.topics.topGames, own.topics.topGames],
    [`steamline.stack=${plain.stack}`, `steamline.stack=${stack}`],
  ]);
  const names = new RegExp([...renamed.keys()].join("|"), "g");
  const code = snippet.code
    .replace(names, (name) => renamed.get(name) ?? name)
    .replace(/(docker exec (?:-it? )?)(kafka|clickhouse-server)\b/g, `$1${stack}-$2`);
  return snippet.language === "python" ? withPort(code, stackPorts(stack).kafka) : code;
}

/** A Python program reaches the broker by its published port, also where it names none. */
function withPort(code: string, port: number): string {
  const preset = `import kafka\nkafka.KafkaProducer.DEFAULT_CONFIG['bootstrap_servers'] = 'localhost:${port}'\n`;
  return preset + code.replaceAll("localhost:9092", `localhost:${port}`);
}
