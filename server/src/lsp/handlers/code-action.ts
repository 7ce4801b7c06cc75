import { type CancellationToken, type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import type { FileRange, Fix, RuleFinding, Snapshot } from '../../analysis.ts';
import { offsetOf, readField, readList, readRange } from '../from-protocol.ts';
import { canceled, contentModified } from '../guard.ts';
import type { Session } from '../session.ts';
import { compact, toLocation, toWorkspaceEdit } from '../to-protocol.ts';
import { fileOf, type Subject, subjectIn } from './at.ts';

/** The kind of the action that repairs all deprecated spellings. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.istio`;

/** The repairs of what is found in a range; and, when asked for, all deprecated spellings of the document at once. */
export async function codeAction(session: Session, params: unknown, token: CancellationToken): Promise<CodeAction[]> {
  const range = readRange(readField(params, 'range'));
  const asked = fileOf(session, params);
  if (asked === undefined || !session.client.codeActionLiterals) return [];
  const found = await session.diagnostics.findings(asked.file.file, () => token.isCancellationRequested);
  if (token.isCancellationRequested) throw canceled('textDocument/codeAction');
  // The places would be those of an older text.
  const subject = found === undefined ? undefined : subjectIn(session, found.snapshot, asked.file.file);
  if (found === undefined || subject === undefined) throw contentModified('textDocument/codeAction');
  const { findings } = found;
  const only = readField(params, 'context', 'only');
  const wants = (kind: string): boolean => isWanted(kind, only);
  const [start, end] = [offsetOf(subject.file, range.start), offsetOf(subject.file, range.end)];
  const here = findings.filter(({ at }) => touches(subject.snapshot, at, start, end));
  const diagnostics = readList(params, 'context', 'diagnostics') as readonly Diagnostic[];
  return [
    ...(wants(CodeActionKind.QuickFix) ? here.flatMap(finding => quickFixes(subject, finding, diagnostics)) : []),
    ...(wants(FIX_ALL) && Array.isArray(only) ? fixAll(subject, findings) : []),
  ];
}

/** `only` names kinds; each stands for the kinds below it, too. */
function isWanted(kind: string, only: unknown): boolean {
  return !Array.isArray(only) || only.some(wanted => kind === wanted || kind.startsWith(`${wanted}.`));
}

function touches(snapshot: Snapshot, at: RuleFinding['at'], start: number, end: number): boolean {
  const range = snapshot.locate(at);
  return range !== undefined && range.start <= end && start <= range.end;
}

function quickFixes({ view }: Subject, finding: RuleFinding, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const range = view.snapshot.locate(finding.at);
  const at = JSON.stringify(range === undefined ? undefined : toLocation(view, range)?.range);
  const solved = diagnostics.filter(({ code, range }) => code === finding.rule.id && JSON.stringify(range) === at);
  return compact(
    (finding.fixes ?? []).map(({ title, edits, preferred }) => {
      const edit = toWorkspaceEdit(view, edits);
      return edit === undefined
        ? undefined
        : {
            title,
            kind: CodeActionKind.QuickFix,
            edit,
            ...(solved.length > 0 && { diagnostics: solved }),
            ...(preferred === true && view.client.preferredActions && { isPreferred: true }),
          };
    }),
  );
}

/** One edit that repairs every deprecated spelling for which there is one right repair. */
function fixAll({ view, file }: Subject, findings: readonly RuleFinding[]): CodeAction[] {
  const taken: FileRange[] = [];
  const edits: Fix['edits'][number][] = [];
  for (const { rule, deprecated, fixes = [] } of findings) {
    const fix = fixes.find(({ preferred }) => preferred === true);
    if (fix === undefined || !(deprecated === true || rule.id.includes('/deprecated-'))) continue;
    const ranges = compact(fix.edits.map(edit => view.snapshot.locate(edit)));
    const isApart = ranges.every(
      range => range.file === file.file && taken.every(other => range.end <= other.start || other.end <= range.start),
    );
    if (!isApart || ranges.length < fix.edits.length) continue;
    taken.push(...ranges);
    edits.push(...fix.edits);
  }
  const edit = edits.length === 0 ? undefined : toWorkspaceEdit(view, edits);
  return edit === undefined ? [] : [{ title: 'Replace all deprecated Istio spellings', kind: FIX_ALL, edit }];
}
