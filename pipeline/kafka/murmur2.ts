const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** murmur2 as Kafka's Java client computes it, a signed 32-bit number. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const tail = length & ~3;
  let hash = SEED ^ length;
  for (let i = 0; i < tail; i += 4) {
    let k =
      at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24);
    k = Math.imul(k, M);
    k = Math.imul(k ^ (k >>> 24), M);
    hash = Math.imul(hash, M) ^ k;
  }
  for (let i = length - 1; i >= tail; i--) {
    hash ^= at(bytes, i) << ((i - tail) * 8);
    if (i === tail) hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
