/** Hides what ClickHouse's own log hides: passwords, and every value of a named collection. */
export function withoutSecrets(text: string): string {
  const collection = /^\s*(CREATE|ALTER)\s+NAMED\s+COLLECTION\b/i.test(text);
  const hidden = text.replace(
    /((?:identified\s+(?:with\s+\w+\s+)?by|\b\w*(?:password|secret|access_key)\w*['"`]?\s*=)\s*)'(?:[^'\\]|\\.)*'/gi,
    "$1'[HIDDEN]'",
  );
  return collection ? hidden.replace(/=\s*('(?:[^'\\]|\\.)*'|[\w.]+)/g, "= '[HIDDEN]'") : hidden;
}
