import { canInstall } from "../apt";
import { which } from "../which";
import { failed, passed, type Check } from "./check";

/** Programs that images are built with where no image registry answers. */
const PROGRAMS = [
  { program: "debootstrap", path: ":/usr/sbin" },
  { program: "mvn", path: "" },
  { program: "java", path: "" },
] as const;

export function checkImageTools(chosen: string | undefined): Check {
  const missing = PROGRAMS.filter(
    ({ program, path }) => !which(program, { PATH: `${process.env["PATH"] ?? ""}${path}` }),
  ).map(({ program }) => program);
  return judgeImageTools(missing, canInstall(), chosen);
}

/** @param chosen the stack's image source, where it is known. */
export function judgeImageTools(
  missing: readonly string[],
  installable: boolean,
  chosen: string | undefined,
): Check {
  const name = "tools for images";
  const use = "to build images where no registry answers";
  if (missing.length === 0) return passed(name, `debootstrap, Maven and a JDK are here, ${use}`);
  if (chosen === "registry")
    return passed(name, `${missing.join(", ")} not here, and not needed with official images`);
  if (installable)
    return passed(name, `npm run up installs ${missing.join(", ")} if needed ${use}`);
  if (chosen !== "local") return passed(name, `${missing.join(", ")} not here; needed only ${use}`);
  return failed(
    name,
    `${missing.join(", ")} not here, needed because this stack's images are built here`,
    "as root on Debian or Ubuntu: apt-get install debootstrap maven default-jdk-headless",
  );
}
