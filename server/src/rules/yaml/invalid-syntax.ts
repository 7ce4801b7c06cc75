import type { YamlDocument, YamlProblem } from '../../yaml/document.ts';
import { documentRule } from '../rule.ts';
import { count, oneOf, quoted } from '../words.ts';
import { columnsAbove } from './columns.ts';
import { syntaxFixes } from './syntax-fixes.ts';

export const invalidSyntax = documentRule({
  id: 'yaml/invalid-syntax',
  severity: 'error',
  summary: 'Text that is no YAML.',
  why: '`kubectl` and `istioctl` refuse the whole file, so none of its resources takes effect.',
  remedy: 'Correct the text at the marked place; what follows it is understood again as soon as it can be read.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  refuses: true,
  *check(document) {
    const tabs = document.problems.filter(({ code }) => code === 'tab');
    for (const problem of document.problems) {
      // All tabs of a document are one slip, and one repair.
      if (problem.code === 'tab' && problem !== tabs[0]) continue;
      const message = problem.code === 'tab' ? tabMessage(tabs.length) : messageOf(problem, document);
      if (message === undefined) continue;
      const at = { anchor: document, start: problem.start, end: problem.end };
      const fixes = syntaxFixes(document, problem, tabs);
      yield isTolerated(problem)
        ? { at, message: `${message}; \`kubectl\` reads it all the same`, fixes, severity: 'warning', refuses: false }
        : { at, message, fixes };
    }
  },
});

/** Kubernetes' reader asks less than YAML does: inside brackets it looks at no indentation, and behind a quote for no space. */
function isTolerated({ code, detail, other }: YamlProblem): boolean {
  return other !== undefined || (code === 'missing-space' && detail === '#');
}

/** What is wrong, in words; `undefined` for problems that are not of syntax. */
function messageOf(problem: YamlProblem, document: YamlDocument): string | undefined {
  const { code, detail = '', start, end } = problem;
  const { text } = document;
  const here = text.slice(start, end);
  switch (code) {
    case 'syntax':
      return `${quoted(shortened(here))} cannot stand here, so the document cannot be read from here on`;
    case 'indentation':
      return indentationMessage(problem, text);
    case 'tab':
      return tabMessage(1);
    case 'unclosed':
      return detail === '[' || detail === '{'
        ? `${quoted(detail)} is not closed by ${quoted(detail === '[' ? ']' : '}')}`
        : `the quote that opens here is not closed`;
    case 'bracket-in-text':
      return `${quoted(shortened(here))} has brackets, and inside ${quoted(detail)} such a text must stand in quotes`;
    case 'unexpected-close':
      return `${quoted(detail)} closes nothing that is open`;
    case 'missing-colon':
      return detail.includes(' ')
        ? `${quoted(shortened(detail))} is no key: a colon is missing, or it must be indented deeper to belong to the text above`
        : `a colon is missing after ${quoted(shortened(detail))}`;
    case 'missing-space':
      return detail === ':'
        ? `a space is missing after the colon in ${quoted(shortened(here))}, so it is no key`
        : `a space is missing before ${quoted(detail)}, so it starts no comment`;
    case 'missing-comma':
      return `a comma is missing before ${quoted(shortened(here))}`;
    case 'extra-comma':
      return 'there is nothing before this comma';
    case 'mixed-list':
      return 'a list item among the keys of an object: indent it under the key it belongs to';
    case 'nested-value':
      return `${quoted(shortened(here))} has ": " in it, so it reads as another key: put it in quotes or on a line of its own`;
    case 'reserved':
      return `a value that begins with ${quoted(detail)} must stand in quotes`;
    case 'bad-escape':
      return `${quoted(detail)} means nothing in double quotes: use single quotes, or double the backslash`;
    case 'after-quote':
      return `${quoted(shortened(here))} follows a closing quote: a quote inside the text is written ${text[start - 1] === "'" ? "''" : '\\"'}`;
    case 'block-header':
      return `only a digit, "+" or "-" may follow the sign of a block text; the text begins on the next line`;
    case 'conflict-marker':
      return 'a merge conflict is left in this document: choose a side and remove the markers';
    case 'control-character':
      return `the character ${detail} is not allowed in YAML`;
    case 'several-documents':
      return 'nothing behind "..." is read: a further document starts with "---"';
    case 'duplicate-key':
    case 'unknown-alias':
    case 'alias-bomb':
    case 'too-deep':
      return undefined;
  }
}

function tabMessage(lines: number): string {
  const more = lines > 1 ? `, here and in ${count(lines - 1, 'more line')}` : '';
  return `a tab indents this line${more}: YAML takes only spaces`;
}

/** Says how far the line is in, and which columns the lines above leave open. */
function indentationMessage({ start, detail = '', other }: YamlProblem, text: string): string {
  if (other !== undefined)
    return `a line inside brackets must be indented deeper than the line with ${quoted(text.slice(other.start, other.end))}`;
  const own = start - (text.lastIndexOf('\n', start - 1) + 1);
  const columns = columnsAbove(text, start);
  const nearest = [columns.findLast(column => column < own), columns.find(column => column > own)];
  const choices = oneOf(nearest.filter(column => column !== undefined).map(String));
  const remedy = choices === '' ? '' : `: use ${choices}`;
  return `${quoted(shortened(detail))} is indented by ${count(own, 'space')}, which fits nothing above${remedy}`;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
