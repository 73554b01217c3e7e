import type { ImageStore } from "./engine-api";

export interface Decision {
  imageSource: "registry" | "local";
  /** Why, in one sentence for people. */
  reason: string;
}

/**
 * Where images come from. `auto` takes the official ones where the engine has them or can look them up,
 * and builds them here where it cannot.
 */
export async function decide(
  wanted: "auto" | "registry" | "local",
  official: readonly string[],
  store: ImageStore,
): Promise<Decision> {
  if (wanted === "registry")
    return { imageSource: "registry", reason: "The config asks for official images." };
  if (wanted === "local")
    return { imageSource: "local", reason: "The config asks for images built on this machine." };

  const present = await store.present(official);
  const absent = official.filter((reference) => !present.has(reference));
  if (absent.length === 0)
    return { imageSource: "registry", reason: "The Docker engine has the official images." };
  const refusals = await Promise.all(
    absent.map(async (reference) => ({ reference, why: await store.lookUp(reference) })),
  );
  const refused = refusals.find(({ why }) => why !== undefined);
  if (refused === undefined)
    return { imageSource: "registry", reason: "The Docker engine can fetch the official images." };
  return {
    imageSource: "local",
    reason: `The Docker engine cannot fetch ${refused.reference} (${brief(refused.why ?? "")}), so images are built on this machine.`,
  };
}

/** The last clause of an engine's message, which says what went wrong in the end. */
function brief(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim();
  return line.length <= 120 ? line : `... ${line.slice(-110)}`;
}
