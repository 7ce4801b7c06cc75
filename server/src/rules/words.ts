/** The user's own text in a message. */
export function quoted(text: string): string {
  return `"${text}"`;
}

/** `; did you mean "x"?` at the end of a message, or nothing. */
export function orMeant(name: string | undefined): string {
  return name === undefined ? '' : `; did you mean ${quoted(name)}?`;
}

/** `a`, `a or b`, `a, b or c` */
export function oneOf(words: readonly string[]): string {
  return joined(words, 'or');
}

/** `a`, `a and b`, `a, b and c` */
export function allOf(words: readonly string[]): string {
  return joined(words, 'and');
}

function joined(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}

/** `1 route`, `2 routes` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** A share as one would say it: `67 %`, `0.5 %`. */
export function percent(share: number): string {
  const rounded = share >= 10 || Number.isInteger(share) ? Math.round(share) : Math.round(share * 10) / 10;
  return `${rounded} %`;
}
