/**
 * Applies a difference that shows only what matters: lines that stay (` `), go (`-`) or come (`+`), in order.
 * Lines of `code` that it leaves out stay.
 * @throws where a line that it names is not there.
 */
export function applyDifference(code: string, difference: string): string {
  const lines = code.replace(/\n$/, "").split("\n");
  const result: string[] = [];
  let at = 0;
  const goTo = (wanted: string) => {
    const found = lines.findIndex((line, i) => i >= at && line.trimEnd() === wanted.trimEnd());
    if (found === -1) throw new Error(`the difference names a line that is not there: ${wanted}`);
    result.push(...lines.slice(at, found));
    at = found + 1;
  };
  for (const line of difference.replace(/\n$/, "").split("\n")) {
    const [sign, rest] = [line.charAt(0), line.slice(1)];
    if (sign === "+") result.push(rest);
    else goTo(rest);
    if (sign === " " || sign === "") result.push(rest);
  }
  return [...result, ...lines.slice(at)].join("\n") + "\n";
}
