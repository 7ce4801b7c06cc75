import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type * as analysis from '../analysis.ts';
import { compact, toLocation, toRange, type View } from './to-protocol.ts';

const SEVERITIES: Readonly<Record<analysis.Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const SOURCE = 'istio';
/** Diagnostics of one file that are shown. */
const MOST = 1000;

/**
 * The diagnostics of a file; of very many the first ones, and one that says how many more there are. Those of a finding
 * are the same objects as before while nothing of them has changed.
 */
export function toDiagnostics(
  view: View,
  file: analysis.SourceFile,
  findings: readonly analysis.RuleFinding[],
): Diagnostic[] {
  const lines = new Map<analysis.Anchor, number>();
  const lineOf = (anchor: analysis.Anchor): number => {
    const known = lines.get(anchor);
    if (known !== undefined) return known;
    const { line } = file.lines.position(file.locate({ anchor, start: 0, end: 0 })?.start ?? 0);
    lines.set(anchor, line);
    return line;
  };
  const uri = view.uriOf(file.file);
  const shown: Diagnostic[] = [];
  for (const finding of findings.slice(0, MOST)) {
    const { anchor, start, end } = finding.at;
    const line = lineOf(anchor);
    const before = converted.get(finding);
    const isSame = before?.anchor === anchor && before.start === start && before.end === end && before.line === line;
    if (isSame && before.uri === uri) {
      shown.push(...before.diagnostics);
      continue;
    }
    const diagnostics = toDiagnostic(view, file, finding);
    const others = [finding.fade, ...(finding.related ?? []).map(note => note.at)];
    if (others.every(place => place === undefined || place.anchor === anchor))
      converted.set(finding, { anchor, start, end, line, uri, diagnostics });
    shown.push(...diagnostics);
  }
  const left = findings.length - MOST;
  if (left <= 0) return shown;
  const message = `${left} more findings in this file are not shown`;
  const range = toRange(file, { start: 0, end: file.lines.lineEnd(0) });
  return [...shown, { range, message, severity: DiagnosticSeverity.Information, source: SOURCE }];
}

/** What was made of a finding, and where it stood then: a document with another line at its start has moved. */
interface Converted {
  readonly anchor: analysis.Anchor;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Only findings of which every place is in one document: others move on their own. */
const converted = new WeakMap<analysis.RuleFinding, Converted>();

/** One diagnostic, and a further one for the text that it fades. */
function toDiagnostic(view: View, file: analysis.SourceFile, finding: analysis.RuleFinding): Diagnostic[] {
  const range = rangeIn(view, file, finding.at);
  if (range === undefined) return [];
  const { client } = view;
  const { rule, message } = finding;
  const page = client.codeDescriptions ? view.rulePage(rule.id) : undefined;
  const common = {
    message,
    source: SOURCE,
    code: rule.id,
    ...(page !== undefined && { codeDescription: { href: page } }),
  };
  const related = client.relatedInformation ? toRelated(view, finding.related ?? []) : [];
  const tagged = (tag: DiagnosticTag): boolean => client.diagnosticTags.includes(tag);
  const main: Diagnostic = {
    range,
    severity: SEVERITIES[finding.severity],
    ...common,
    ...(related.length > 0 && { relatedInformation: related }),
    ...(finding.deprecated === true && tagged(DiagnosticTag.Deprecated) && { tags: [DiagnosticTag.Deprecated] }),
    data: { rule: rule.id },
  };
  const faded = finding.fade === undefined ? undefined : rangeIn(view, file, finding.fade);
  if (faded === undefined || !tagged(DiagnosticTag.Unnecessary)) return [main];
  return [main, { range: faded, severity: DiagnosticSeverity.Hint, ...common, tags: [DiagnosticTag.Unnecessary] }];
}

function toRelated(view: View, notes: readonly analysis.Note[]): NonNullable<Diagnostic['relatedInformation']> {
  return compact(
    notes.map(({ at, message }) => {
      const range = view.snapshot.locate(at);
      const location = range === undefined ? undefined : toLocation(view, range);
      return location === undefined ? undefined : { location, message };
    }),
  );
}

function rangeIn(view: View, file: analysis.SourceFile, span: analysis.Span): Diagnostic['range'] | undefined {
  const range = view.snapshot.locate(span);
  return range === undefined || range.file !== file.file ? undefined : toRange(file, range);
}
