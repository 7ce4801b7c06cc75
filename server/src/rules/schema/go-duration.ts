const NANOSECONDS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
};
const PART = /(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)/y;
/** What Go's durations hold: about 292 years. */
const LARGEST = 2n ** 63n - 1n;

/**
 * The nanoseconds of a duration as Go's `time.ParseDuration` reads it, exactly: a sign, then numbers with units, or a
 * bare `0`. `undefined` for anything else, and for more than Go can hold.
 */
export function goDuration(text: string): bigint | undefined {
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return 0n;
  let total = 0n;
  PART.lastIndex = 0;
  while (PART.lastIndex < unsigned.length) {
    const match = PART.exec(unsigned);
    if (match === null) return undefined;
    const [, whole = '', fraction = '', unit = ''] = match;
    if (whole === '' && fraction === '') return undefined;
    const scale = NANOSECONDS[unit] ?? 0n;
    // More digits than a day has nanoseconds change nothing.
    const digits = fraction.slice(0, 15);
    total += BigInt(whole || '0') * scale + (BigInt(digits || '0') * scale) / 10n ** BigInt(digits.length);
    if (total > LARGEST) return undefined;
  }
  if (unsigned === '') return undefined;
  return text.startsWith('-') ? -total : total;
}
