import type { RuleFinding, Snapshot } from '../../analysis.ts';

/** One finding as `--format json` prints it. Lines and columns are 1-based; the end is exclusive. */
export interface ReportedFinding {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: string;
  readonly rule: string;
  readonly codes: readonly string[];
  readonly message: string;
}

export function reported(snapshot: Snapshot, findings: readonly RuleFinding[]): readonly ReportedFinding[] {
  return findings.flatMap(finding => {
    const range = snapshot.locate(finding.at);
    const lines = range === undefined ? undefined : snapshot.file(range.file)?.lines;
    if (range === undefined || lines === undefined) return [];
    const start = lines.position(range.start);
    const end = lines.position(range.end);
    return [
      {
        path: range.file,
        line: start.line + 1,
        column: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
        severity: finding.severity,
        rule: finding.rule.id,
        codes: [...(finding.codes ?? finding.rule.codes ?? [])],
        message: finding.message,
      },
    ];
  });
}

/** Findings for people, file by file, with a last line that counts them. */
export function findingsText(findings: readonly ReportedFinding[], files: number): string {
  const lines: string[] = [];
  let file = '';
  for (const finding of findings) {
    if (finding.path !== file) {
      if (file !== '') lines.push('');
      file = finding.path;
      lines.push(file);
    }
    const place = `${finding.line}:${finding.column}`.padEnd(8);
    lines.push(`  ${place}${finding.severity.padEnd(13)}${finding.message}  ${finding.rule}`);
  }
  if (lines.length > 0) lines.push('');
  const count = (severity: string): number => findings.filter(finding => finding.severity === severity).length;
  const parts = (['error', 'warning', 'information', 'hint'] as const).map(
    severity => `${count(severity)} ${plural(severity, count(severity))}`,
  );
  lines.push(`${files} ${files === 1 ? 'file' : 'files'}: ${parts.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function plural(severity: string, count: number): string {
  return count === 1 || severity === 'information' ? severity : `${severity}s`;
}
