/** The descriptors in a `.pb.go` file: constants of string literals that are joined. */
export function descriptorsIn(source: string): readonly Uint8Array[] {
  return [...source.matchAll(/_rawDesc = ""((?: \+\s+"(?:[^"\\]|\\.)*")+)/g)].map(([, literals = '']) =>
    Uint8Array.from([...literals.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap(([, literal = '']) => bytesOf(literal))),
  );
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The bytes of a Go string literal. */
function bytesOf(literal: string): number[] {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [part] of literal.matchAll(/\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\[0-7]{3}|\\.|[^\\]+/gis)) {
    if (!part.startsWith('\\')) bytes.push(...encoder.encode(part));
    else if (part[1] === 'x') bytes.push(Number.parseInt(part.slice(2), 16));
    else if (part[1] === 'u' || part[1] === 'U')
      bytes.push(...encoder.encode(String.fromCodePoint(Number.parseInt(part.slice(2), 16))));
    else if (/^\\[0-7]{3}$/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8));
    else bytes.push(ESCAPES[part[1] ?? ''] ?? (part.codePointAt(1) as number));
  }
  return bytes;
}
