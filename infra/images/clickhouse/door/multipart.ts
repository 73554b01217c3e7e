import type { IncomingMessage } from "node:http";

/** Fields of a `multipart/form-data` body by name. Files are taken as text, as parameters are. */
export async function formFields(request: IncomingMessage): Promise<Map<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  // Node's own parser of forms belongs to its fetch.
  const form = await new Response(Buffer.concat(chunks), {
    headers: { "content-type": request.headers["content-type"] ?? "" },
  }).formData();
  const fields = new Map<string, string>();
  for (const [name, value] of form)
    fields.set(name, typeof value === "string" ? value : await value.text());
  return fields;
}
