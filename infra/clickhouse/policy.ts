import { SqlFileError } from "./render";
import { tokenize } from "./lexer";

/** What a file's header asks for beyond its statement, each by a comment line of its own. */
export interface Policy {
  /** `-- @adopt`: an object that stands already, and fits, becomes the stack's. */
  adopt: boolean;
  /** `-- @rebuild`: a change of key or engine copies the rows into a new table that takes the old one's place. */
  rebuild: boolean;
  /** `-- @backfill`: a new view first gets what its source holds already. */
  backfill: boolean;
  /** `-- @rename old to new`: a column under another name, with its rows. */
  renames: { from: string; to: string }[];
}

export const NO_POLICY: Policy = { adopt: false, rebuild: false, backfill: false, renames: [] };

const ALLOWED = "@adopt, @rebuild, @backfill, @rename OLD to NEW";

/** @throws SqlFileError for a comment line that begins with @ and is none of these. */
export function readPolicy(sql: string, file: string): Policy {
  const policy: Policy = { ...NO_POLICY, renames: [] };
  for (const token of tokenize(sql)) {
    const words = /^--\s*@(.*)$/.exec(token.text)?.[1]?.trim().split(/\s+/);
    if (token.kind !== "comment" || !words) continue;
    const [word = "", from, to, name, ...more] = words;
    const rename = word === "rename" && from && to === "to" && name && more.length === 0;
    if (rename) policy.renames.push({ from, to: name });
    else if (isFlag(word) && from === undefined) policy[word] = true;
    else {
      const found = JSON.stringify(`@${words.join(" ")}`);
      throw new SqlFileError(file, token.line, `${found} is not known here. Allowed: ${ALLOWED}.`);
    }
  }
  return policy;
}

function isFlag(word: string): word is "adopt" | "rebuild" | "backfill" {
  return word === "adopt" || word === "rebuild" || word === "backfill";
}
