import {
  applyEdits,
  drain,
  type Fix,
  fileFindings,
  type RuleFinding,
  type Snapshot,
  type TextEdit,
} from '../../server/src/analysis.ts';
import type { Mark } from './fixture.ts';

/** Always the same object: what was found under it is kept from one snapshot to the next. */
const SEVERITIES = {};

/** All findings of a snapshot, file by file. A rule that throws fails the test. */
export function findingsOf(snapshot: Snapshot): readonly RuleFinding[] {
  return [...snapshot.files.keys()].flatMap(file =>
    drain(
      fileFindings(snapshot, file, {
        severities: SEVERITIES,
        onFault: (rule, fault) => {
          throw new Error(`${rule.id} threw`, { cause: fault });
        },
      }),
    ),
  );
}

/** Findings as marks: `error: message`, with the rule's id where it is not the expected one. */
export function marksOf(snapshot: Snapshot, findings: readonly RuleFinding[], expected?: string): readonly Mark[] {
  const marks: Mark[] = [];
  const add = (span: RuleFinding['at'], label: string): void => {
    const range = snapshot.locate(span);
    if (range === undefined) throw new Error(`“${label}” is nowhere`);
    marks.push({ ...range, label });
  };
  for (const finding of findings) {
    const rule = finding.rule.id === expected ? '' : ` (${finding.rule.id})`;
    add(finding.at, `${finding.severity}${rule}: ${finding.message}`);
    for (const note of finding.related ?? []) add(note.at, `related: ${note.message}`);
    for (const fix of finding.fixes ?? []) add(finding.at, `fix: ${fix.title}`);
    if (finding.fade !== undefined) add(finding.fade, 'faded');
  }
  return marks;
}

/** The texts of the files that a fix changes, after it. */
export function applyFix(snapshot: Snapshot, fix: Fix): ReadonlyMap<string, string> {
  const byFile = new Map<string, TextEdit[]>();
  for (const edit of fix.edits) {
    const range = snapshot.locate(edit);
    if (range === undefined) throw new Error(`“${fix.title}” edits a text that is not there`);
    byFile.set(range.file, [...(byFile.get(range.file) ?? []), { ...range, newText: edit.newText }]);
  }
  return new Map([...byFile].map(([file, edits]) => [file, applyEdits(snapshot.file(file)?.text ?? '', edits)]));
}
