import type { IncomingMessage } from "node:http";
import { DoorError } from "./errors";

/**
 * Fields of a `multipart/form-data` body by name: the statement, parameters and settings.
 * @throws DoorError 48 for a file, which would be an external table.
 */
export async function formFields(request: IncomingMessage): Promise<Map<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  // Node's own parser of forms belongs to its fetch.
  const form = await new Response(Buffer.concat(chunks), {
    headers: { "content-type": request.headers["content-type"] ?? "" },
  }).formData();
  const fields = new Map<string, string>();
  for (const [name, value] of form) {
    const expected = name === "query" || name.startsWith("param_");
    if (typeof value !== "string" && !expected)
      throw new DoorError(48, "NOT_IMPLEMENTED", `External table '${name}' is not supported`);
    fields.set(name, typeof value === "string" ? value : await value.text());
  }
  return fields;
}
