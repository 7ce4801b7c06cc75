import type { Rule, Severity } from './rule.ts';
import type { RuleFinding, RuleOptions } from './run.ts';

/** Findings with the severities that settings give, without those that they silence. */
export function withSettings(findings: readonly RuleFinding[], options: RuleOptions): RuleFinding[] {
  const result: RuleFinding[] = [];
  for (const finding of findings) {
    const severity = severityOf(finding.rule, options);
    if (severity === 'off') continue;
    result.push(severity === undefined ? finding : { ...finding, severity });
  }
  return result;
}

/** What the settings say of a rule: its own entry before that of its group. */
export function severityOf(rule: Rule, options: Pick<RuleOptions, 'severities'>): Severity | 'off' | undefined {
  return options.severities[rule.id] ?? options.severities[rule.id.slice(0, rule.id.indexOf('/'))];
}
