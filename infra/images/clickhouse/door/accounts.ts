import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { DoorError, AUTHENTICATION_FAILED } from "./errors";

/** What an account may do: everything, or read what the reader's grants name. */
export type Profile = "admin" | "reader";

export interface Account {
  name: string;
  profile: Profile;
}

/** The file that the stack puts into the container. It holds hashes, never a password. */
export interface AccountsFile {
  accounts: { name: string; passwordSha256: string; profile: Profile }[];
  /** `GRANT SELECT ON database.table`, one each. */
  readerGrants: string[];
}

export interface Credentials {
  user: string;
  password: string;
  /** Whether the request comes from inside the container. */
  local: boolean;
}

export function readAccounts(path: string): AccountsFile {
  return JSON.parse(readFileSync(path, "utf8")) as AccountsFile;
}

/**
 * The account behind `credentials`. As in the official image, `default` has no password and is let in from
 * inside the container only.
 * @throws DoorError 516, which does not tell whether the user or the password is wrong.
 */
export function authenticate(file: AccountsFile, credentials: Credentials): Account {
  const { user, password, local } = credentials;
  if (user === "default" && password === "" && local) return { name: user, profile: "admin" };
  const account = file.accounts.find((candidate) => candidate.name === user);
  const given = createHash("sha256").update(password).digest();
  // An unknown user costs the same comparison as a known one.
  const wanted = Buffer.from(account?.passwordSha256.padEnd(64, "0") ?? "0".repeat(64), "hex");
  if (timingSafeEqual(given, wanted) && account)
    return { name: account.name, profile: account.profile };
  throw new DoorError(
    AUTHENTICATION_FAILED,
    "AUTHENTICATION_FAILED",
    `${user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}
