import { UserError } from "../../lib/user-error";
import { valueIn } from "../../lib/stack-config";
import { cacheDir } from "../cache";
import { failed, passed, type Check } from "./check";
import { checkDocker } from "./docker";
import { checkImageTools } from "./images";
import {
  checkDisk,
  checkDockerDisk,
  checkGit,
  checkMemory,
  checkNode,
  checkPackages,
} from "./machine";
import { checkPulumi } from "./pulumi";
import { checkStackPorts, DEFAULT_STACK, defaultConfig } from "./stack";

export type { Check } from "./check";

/** Space that builds of Pulumi and of images take, in GiB, Go's own caches included. */
const BUILD_GIB = 10;
const SPARE_GIB = 1;

/** Looks at all that the commands need on this machine. Changes nothing. */
export async function examine(): Promise<Check[]> {
  const [docker, pulumi, git] = await Promise.all([checkDocker(), checkPulumi(), checkGit()]);
  return [
    checkNode(),
    checkPackages(),
    git,
    checkMemory(),
    checkDisk("disk for the cache", cacheDir(), pulumi.mustBuild ? BUILD_GIB : SPARE_GIB),
    ...checkDockerDisk(docker.root),
    docker.check,
    pulumi.check,
    ...(await checkStack(docker)),
  ];
}

async function checkStack(engine: { host: string; answers: boolean }): Promise<Check[]> {
  try {
    const content = defaultConfig();
    return [
      checkImageTools(valueIn(content, "imageSource")),
      passed(`config of ${DEFAULT_STACK}`, "can be read"),
      await checkStackPorts(content, engine),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const fix = error.more.fix ?? "correct it";
    return [
      failed(`config of ${DEFAULT_STACK}`, `${error.message} (${error.more.where ?? ""})`, fix),
    ];
  }
}
