import { canInstall } from "../apt";
import { isBuilt, neededParts } from "../toolchain";
import { components, neededGo } from "../toolchain/components";
import { findGo, goVersion, hasFetchedGo } from "../toolchain/go";
import { installedCli, isNewEnough, missingPlugins } from "../toolchain/installed";
import { downloadedCli, releasesAnswer } from "../toolchain/release";
import { toolVersions, type ToolVersions } from "../versions";
import { failed, passed, type Check } from "./check";

/** Pulumi and the provider plugins. Goes to the network only where they are not here yet. */
export async function checkPulumi(): Promise<{ check: Check; mustBuild: boolean }> {
  const name = "Pulumi";
  const versions = toolVersions();
  const found = await installedCli();
  const usable = found && isNewEnough(found, versions) ? found : undefined;
  const cli = usable ?? downloadedCli(versions.cli);
  const here = (detail: string) => ({ check: passed(name, detail), mustBuild: false });
  const plugins = `docker ${versions.docker} and kafka ${versions.kafka}`;
  if (cli && missingPlugins(versions).length === 0)
    return here(`${cli.version} at ${cli.pulumi}, with plugins ${plugins}`);
  if (isBuilt(neededParts(versions, usable)))
    return here(`${usable?.version ?? versions.cli} with plugins ${plugins}, as built before`);
  if (await releasesAnswer(versions.cli))
    return here("npm run up downloads what is missing from Pulumi's releases");
  return { check: await checkGo(name, versions), mustBuild: true };
}

async function checkGo(name: string, versions: ToolVersions): Promise<Check> {
  const oldest = neededGo(components(versions));
  const go = findGo();
  const built = "npm run up builds it from Go modules, in some minutes";
  if (go !== undefined || hasFetchedGo(versions.go)) {
    const version = (go && (await goVersion(go))) ?? versions.go;
    return passed(name, `${built} (Go ${version} is here, ${oldest} is needed or fetched)`);
  }
  if (canInstall()) return passed(name, `${built}, and fetches Go ${versions.go} for that`);
  return failed(
    name,
    `its releases do not answer, and there is no Go to build it with`,
    `install Pulumi ${versions.oldestCli} or newer, or Go ${oldest} or newer`,
  );
}
