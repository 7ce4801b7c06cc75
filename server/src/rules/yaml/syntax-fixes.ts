import type { TextEdit } from '../../text/edit.ts';
import { applyEdits } from '../../text/edit.ts';
import type { YamlDocument, YamlProblem } from '../../yaml/document.ts';
import { parseDocument } from '../../yaml/parse.ts';
import type { Fix } from '../rule.ts';

/** Repairs of a problem of syntax. Each has been tried: with it the document has fewer problems, and no new one. */
export function syntaxFixes(
  document: YamlDocument,
  problem: YamlProblem,
  tabs: readonly YamlProblem[],
): readonly Fix[] {
  const found = candidates(document, problem, tabs).find(
    ({ edits, sure }) => sure === true || repairs(document, edits),
  );
  if (found === undefined) return [];
  const edits = found.edits.map(edit => ({ ...edit, anchor: document }));
  return [{ title: found.title, edits, preferred: true }];
}

interface Candidate {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Needs no trial. */
  readonly sure?: true;
}

function candidates({ text }: YamlDocument, problem: YamlProblem, tabs: readonly YamlProblem[]): readonly Candidate[] {
  const { code, detail = '', start, end } = problem;
  const here = text.slice(start, end);
  switch (code) {
    case 'tab':
      return tabCandidates(text, tabs);
    case 'unclosed':
      return closeCandidates(text, start, detail);
    case 'unexpected-close':
      return [{ title: `Remove "${detail}"`, edits: [{ start, end, newText: '' }] }];
    case 'missing-space': {
      if (detail !== ':')
        return [{ title: `Insert a space before "${detail}"`, edits: [{ start, end: start, newText: ' ' }] }];
      const colon = start + here.indexOf(':') + 1;
      return [{ title: 'Insert a space after the colon', edits: [{ start: colon, end: colon, newText: ' ' }] }];
    }
    case 'extra-comma':
      return [{ title: 'Remove the comma', edits: [{ start, end, newText: '' }] }];
    case 'bracket-in-text':
    case 'nested-value':
    case 'reserved':
      return [{ title: 'Put it in quotes', edits: [{ start, end, newText: inQuotes(here) }] }];
    case 'bad-escape':
      return [{ title: 'Double the backslash', edits: [{ start, end: start, newText: '\\' }] }];
    case 'control-character':
      return [{ title: 'Remove the character', edits: [{ start, end, newText: '' }] }];
    case 'several-documents':
      return [{ title: 'Insert "---"', edits: [{ start, end: start, newText: '---\n' }], sure: true }];
    default:
      return [];
  }
}

/** A tab stands for the indentation that the rest of the document uses: two spaces, or four. */
function tabCandidates(text: string, tabs: readonly YamlProblem[]): readonly Candidate[] {
  return [2, 4, 8].map(width => ({
    title: tabs.length > 1 ? 'Replace the tabs with spaces' : 'Replace the tab with spaces',
    edits: tabs.map(({ start, end }) => ({ start, end, newText: ' '.repeat(width * text.slice(start, end).length) })),
  }));
}

/** At the end of the line, before what closes something else there, or before the first line that cannot belong to it. */
function closeCandidates(text: string, start: number, opening: string): readonly Candidate[] {
  const closing = opening === '[' ? ']' : opening === '{' ? '}' : opening;
  const title = opening === closing ? 'Insert the closing quote' : `Insert "${closing}"`;
  const insert = (at: number): Candidate => ({ title, edits: [{ start: at, end: at, newText: closing }] });
  const length = text.slice(start).search(/[\r\n]|$/);
  const line =
    text
      .slice(start, start + length)
      .split(/[ \t]#/)[0]
      ?.trimEnd() ?? '';
  const places = [insert(start + line.length)];
  let end = line.length;
  while (places.length < 5 && end > 1 && /[\]}]/.test(line[end - 1] ?? '')) {
    end = line.slice(0, end - 1).trimEnd().length;
    places.push(insert(start + end));
  }
  const last = line.at(-1) ?? '';
  if (opening !== closing && last !== closing && /[\]}]/.test(last)) {
    const at = start + line.length - 1;
    places.push({ title: `Change "${last}" to "${closing}"`, edits: [{ start: at, end: at + 1, newText: closing }] });
  }
  const outside = firstLineOutside(text, start, start + length);
  if (outside !== undefined) places.push(insert(text.slice(0, outside).trimEnd().length));
  return places;
}

/** The first line that is indented no deeper than the one with the opening bracket. */
function firstLineOutside(text: string, opening: number, from: number): number | undefined {
  const depth = /^[ -]*/.exec(text.slice(text.lastIndexOf('\n', opening - 1) + 1))?.[0].length ?? 0;
  const line = /^( *)[^\s#]/gm;
  line.lastIndex = from;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    if ((match[1] ?? '').length <= depth) return match.index;
  }
  return undefined;
}

function inQuotes(value: string): string {
  return value.includes('"') || value.includes('\\') ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
}

/** Larger documents are not parsed again and again while someone types in them. */
const MAX_TRIAL = 20_000;

function repairs(document: YamlDocument, edits: readonly TextEdit[]): boolean {
  if (document.text.length > MAX_TRIAL) return false;
  const after = parseDocument(document.file, applyEdits(document.text, edits)).problems;
  return after.length < document.problems.length;
}
