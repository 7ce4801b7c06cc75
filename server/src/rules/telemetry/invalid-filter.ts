import { parse } from '@marcbachmann/cel-js';
import type { Located } from '../../text/range.ts';
import { Fields, refused } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidFilter = resourceRule({
  id: 'telemetry/invalid-filter',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'TL-16'],
  summary: 'A filter of access logs that is no expression.',
  why: 'The filter is an expression in CEL, the Common Expression Language. Istio refuses what it cannot read.',
  remedy:
    'Write it in the syntax of CEL: `==`, `&&`, `||` and `!`, text in quotes, `request.headers["x-a"]` for headers.',
  invalid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: logs }
spec:
  accessLogging:
    - filter: { expression: "response.code >= 400 and response.code < 500" }
`,
  valid: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: logs }
spec:
  accessLogging:
    - filter: { expression: "response.code >= 400 && response.code < 500" }
`,
  *check(resource) {
    for (const log of Fields.spec(resource, 'Telemetry')?.objects('accessLogging') ?? []) {
      const expression = log.object('filter')?.string('expression');
      const finding = expression === undefined ? undefined : judge(expression);
      if (finding !== undefined) yield finding;
    }
  },
});

function judge(expression: Located<string>): Finding | undefined {
  const text = expression.value;
  if (text.trim() === '') return { at: expression, message: 'the expression is empty', ...refused('TL-16') };
  try {
    parse(text);
    return undefined;
  } catch (fault) {
    const offset = offsetOf(fault);
    // Here Istio's parser takes more than this one: messages, names in backquotes, and what begins with a dot.
    if (offset === undefined || /[{`.]/.test(text[offset] ?? '')) return undefined;
    return { at: expression, message: messageOf(text, offset), ...refused('TL-16') };
  }
}

/** Where the parser stopped. */
function offsetOf(fault: unknown): number | undefined {
  if (typeof fault !== 'object' || fault === null || !('node' in fault)) return undefined;
  const { node } = fault;
  if (typeof node !== 'object' || node === null || !('pos' in node)) return undefined;
  return typeof node.pos === 'number' ? node.pos : undefined;
}

const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/\sand\s/i, '"and" is written "&&" in CEL'],
  [/\sor\s/i, '"or" is written "||" in CEL'],
  [/^not\s/i, '"not" is written "!" in CEL'],
  [/[^=!<>]=[^=]/, 'equal is written "==" in CEL'],
];

function messageOf(text: string, offset: number): string {
  const slip = SLIPS.find(([pattern]) => pattern.test(text))?.[1];
  const rest = text.slice(offset, offset + 20);
  const where =
    rest.trim() === '' ? 'it ends where something more has to follow' : `it cannot be read from ${quoted(rest)} on`;
  return `this is no expression in CEL: ${slip ?? where}`;
}
