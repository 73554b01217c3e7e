import { delimiter } from "node:path";
import { UserError } from "../../lib/user-error";
import { aptInstall, canInstall } from "../apt";
import { which } from "../which";

/** Sees to it that `program` is there: installs `aptPackage` where this machine lets us. @throws UserError (IMAGE) */
export async function ensureProgram(
  program: string,
  aptPackage: string,
  say: (detail: string) => void,
): Promise<void> {
  const found = () =>
    which(program, { PATH: [process.env["PATH"], "/usr/sbin", "/sbin"].join(delimiter) });
  if (found() !== undefined) return;
  if (canInstall()) await aptInstall([aptPackage], say);
  if (found() !== undefined) return;
  throw new UserError("IMAGE", `building images needs ${program}, which is not on this machine`, {
    where: "PATH",
    fix: `install it (Debian and Ubuntu: apt-get install ${aptPackage}), or run the command as root`,
  });
}
