const integer = /^(U?)Int(8|16|32|64|128|256)$/;
const decimal = /^Decimal\((\d+), (\d+)\)$/;
const wrapper = /^(Nullable|LowCardinality|Array)\((.*)\)$/s;

/** Whether every value of `from` is a value of `to`, so that a column may change to it and keep all it holds. */
export function widens(from: string, to: string): boolean {
  if (from === to || to === "String")
    return !/^(Nullable|Array|Map|Tuple|JSON|AggregateFunction)/.test(from) || from === to;
  const [, fromWrapper, fromInner = ""] = wrapper.exec(from) ?? [];
  const [, toWrapper, toInner = ""] = wrapper.exec(to) ?? [];
  if (toWrapper === "LowCardinality")
    return widens(fromWrapper === "LowCardinality" ? fromInner : from, toInner);
  if (fromWrapper === "LowCardinality") return widens(fromInner, to);
  if (toWrapper === "Nullable")
    return widens(fromWrapper === "Nullable" ? fromInner : from, toInner);
  if (fromWrapper === "Array" && toWrapper === "Array") return widens(fromInner, toInner);
  if (fromWrapper !== undefined || toWrapper !== undefined) return false;
  return widerNumber(from, to) || widerTime(from, to) || widerText(from, to);
}

function widerNumber(from: string, to: string): boolean {
  const a = integer.exec(from);
  const b = integer.exec(to);
  if (a && b) {
    const [narrow, wide] = [Number(a[2]), Number(b[2])];
    // An unsigned integer fits a signed one only when that has a bit more.
    return a[1] === b[1] ? wide >= narrow : a[1] === "U" && wide > narrow;
  }
  if (from === "Float32") return to === "Float64";
  if (from === "Bool") return to === "UInt8";
  const exact = a ? Number(a[2]) : 0;
  if (a && to === "Float32") return exact <= 16;
  if (a && to === "Float64") return exact <= 32;
  const c = decimal.exec(from);
  const d = decimal.exec(to);
  if (!c || !d) return false;
  const scaleKept = Number(d[2]) >= Number(c[2]);
  return scaleKept && Number(d[1]) - Number(d[2]) >= Number(c[1]) - Number(c[2]);
}

function widerTime(from: string, to: string): boolean {
  const plain = (type: string) => type.replace(/\(.*\)$/s, "");
  const order = ["DateTime", "DateTime64"];
  if (plain(from) === "Date") return to === "Date32";
  if (!order.includes(plain(from)) || !order.includes(plain(to))) return false;
  const digits = (type: string) =>
    plain(type) === "DateTime" ? 0 : Number(/^DateTime64\((\d+)/.exec(type)?.[1] ?? 3);
  return digits(to) >= digits(from) && digits(to) <= 8;
}

function widerText(from: string, to: string): boolean {
  const [fixed, wider] = [from, to].map((type) => Number(/^FixedString\((\d+)\)$/.exec(type)?.[1]));
  if (fixed && wider) return wider >= fixed;
  const members = (type: string) => /^Enum(?:8|16)\((.*)\)$/s.exec(type)?.[1]?.split(/, (?=')/);
  const [olds, news] = [members(from), members(to)];
  return olds !== undefined && news !== undefined && olds.every((member) => news.includes(member));
}
