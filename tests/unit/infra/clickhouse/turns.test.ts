import { describe, expect, it } from "vitest";
import { inTurn } from "../../../../infra/clickhouse/turns";

/** Work that tells when it begins, and ends when it is told. */
function controlled(log: string[], name: string) {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  const work = async () => {
    log.push(name);
    await ended;
  };
  return { work, end: (error?: Error) => end(error) };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("changes of flows", () => {
  it("wait for those begun before them on any of the same flows, even if these fail", async () => {
    const log: string[] = [];
    const [one, two, three] = ["one", "two", "three"].map((name) => controlled(log, name));
    const first = inTurn(["a"], one!.work);
    const second = inTurn(["a", "b"], two!.work);
    const third = inTurn(["b"], three!.work);
    await settle();
    expect(log).toEqual(["one"]);
    one!.end(new Error("refused"));
    await expect(first).rejects.toThrow("refused");
    await settle();
    expect(log).toEqual(["one", "two"]);
    two!.end();
    await second;
    await settle();
    expect(log).toEqual(["one", "two", "three"]);
    three!.end();
    await third;
  });

  it("of other flows, or of none, go on at the same time", async () => {
    const log: string[] = [];
    const works = ["one", "two", "three"].map((name) => controlled(log, name));
    const begun = works.map(({ work }, i) => inTurn(i === 2 ? [] : [`flow ${i}`], work));
    await settle();
    expect(log).toEqual(["one", "two", "three"]);
    for (const { end } of works) end();
    await Promise.all(begun);
  });

  it("give what their work gives", async () => {
    await expect(inTurn(["c"], () => Promise.resolve(7))).resolves.toBe(7);
  });
});
