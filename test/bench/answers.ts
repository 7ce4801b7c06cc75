import type { Client, Diagnostic } from './client.ts';
import type { Mistake } from './generator/writer.ts';

/** Whether answers were right: a server that says nothing is fast, too. */
export class Answers {
  readonly #kinds = new Map<string, { asked: number; right: number; readonly wrong: string[] }>();

  /** @param isRight or how it is wrong */
  add(kind: string, isRight: boolean, wrong: string): void {
    const known = this.#kinds.get(kind) ?? { asked: 0, right: 0, wrong: [] };
    this.#kinds.set(kind, known);
    known.asked++;
    if (isRight) known.right++;
    else if (known.wrong.length < 5) known.wrong.push(wrong);
  }

  get areRight(): boolean {
    return [...this.#kinds.values()].every(({ asked, right }) => asked === right);
  }

  toJSON(): Readonly<
    Record<string, { readonly asked: number; readonly right: number; readonly wrong: readonly string[] }>
  > {
    return Object.fromEntries(this.#kinds);
  }
}

const ERROR = 1;

/** Whether diagnostics say something where each mistake is. */
export function hasAll(mistakes: readonly Mistake[], diagnostics: readonly Diagnostic[]): boolean {
  return mistakes.every(mistake => diagnostics.some(diagnostic => covers(mistake, diagnostic)));
}

/** Judges the diagnostics of files: each planted mistake must be found, and nothing else may be called an error. */
export function judge(
  client: Client,
  files: readonly string[],
  mistakes: readonly Mistake[],
  answers: Answers,
  knows: (mistake: Mistake) => boolean,
): void {
  for (const file of files) {
    const diagnostics = client.published.get(client.uri(file))?.diagnostics ?? [];
    const planted = mistakes.filter(mistake => mistake.file === file);
    for (const mistake of planted.filter(knows)) {
      const isFound = diagnostics.some(diagnostic => covers(mistake, diagnostic));
      answers.add(`found: ${mistake.code}`, isFound, `${file}:${mistake.line} ${mistake.note}`);
    }
    for (const { range, severity, message } of diagnostics) {
      if (severity !== ERROR || planted.some(mistake => covers(mistake, { range }))) continue;
      answers.add('no false error', false, `${file}:${range.start.line + 1} ${message}`);
    }
  }
}

export function covers({ line, endLine }: Mistake, { range }: Pick<Diagnostic, 'range'>): boolean {
  return range.start.line + 1 >= line && range.start.line + 1 <= endLine;
}

/** The labels of a list of completions. */
export function labelsOf(result: unknown): readonly string[] {
  const items = Array.isArray(result) ? result : ((result as { items?: unknown } | null)?.items ?? []);
  return (items as readonly { label: string }[]).map(({ label }) => label);
}

/** The text of a hover. */
export function hoverText(result: unknown): string {
  const contents = (result as { contents?: unknown } | null)?.contents ?? '';
  if (typeof contents === 'string') return contents;
  return Array.isArray(contents)
    ? contents.map(String).join('')
    : String((contents as { value?: unknown }).value ?? '');
}
