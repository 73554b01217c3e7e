import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readCatalog, sqlDir } from "./catalog";
import { renderSql } from "./render";
import { engineWords, Scratch } from "./scratch";
import { forScratch } from "./scratch-statement";
import { engineFinding, standIns, validateFolder, type Finding } from "./validate";

/**
 * Every fault of `sql/` and of `sql/examples/`, found on the embedded engine without a server. Needs a process
 * in which no other engine is open.
 */
export async function check(): Promise<Finding[]> {
  const findings = validateFolder(sqlDir, { engine: "embedded" });
  return findings.length > 0 ? findings : exampleFindings();
}

/** Runs each example: a query, or a statement that makes an object. */
function exampleFindings(): Finding[] {
  const folder = join(sqlDir, "examples");
  const examples = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => ({
      file: `sql/examples/${file}`,
      sql: readFileSync(join(folder, file), "utf8"),
    }));
  const catalog = readCatalog(sqlDir);
  const values = standIns(catalog);
  const scratch = new Scratch(examples.map(({ sql }) => sql));
  try {
    scratch.make(
      catalog.map((file) => ({ ...file, statement: renderSql(file.sql, values, file.file) })),
    );
    return examples.flatMap((example) => {
      try {
        scratch.run(forScratch(example.sql));
        return [];
      } catch (error) {
        return [engineFinding(example, example.sql, engineWords(error))];
      }
    });
  } finally {
    scratch.close();
  }
}
