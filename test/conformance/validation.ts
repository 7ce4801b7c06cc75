import type { RuleFinding, SourceFile } from '../../server/src/analysis.ts';
import type { YamlDocument } from '../../server/src/yaml/document.ts';
import { child, itemsOf, stringOf } from '../../server/src/yaml/node.ts';
import { readValidationList } from '../harness/coverage.ts';
import { findingsOf } from '../harness/findings.ts';
import { snapshotOf } from '../harness/fixtures.ts';
import { idsOfWarning, ruleOfWarning } from './istio-warnings.ts';
import type { OracleCase } from './oracle.ts';

/** How our findings compare with Istio's verdicts on some resources. */
export interface Comparison {
  /** Resources that Istio refuses, and those of them on which we have an error. */
  refused: number;
  refusedFound: number;
  /** Istio's warnings, and those of them that we give. */
  warnings: number;
  warningsFound: number;
  /** Istio's warnings that a finding of ours speaks of more quietly, because they are wrong. */
  contradicted: number;
  /** Resources that Istio takes without a word, and those of them on which our rules for its validation are silent too. */
  silent: number;
  silentKept: number;
  /** What we missed: refusals and warnings. */
  readonly missed: string[];
  /** What we said wrongly. */
  readonly wrong: string[];
  /** Errors and warnings on silent resources by rules that speak of more than validation does, counted by rule. */
  readonly beyond: Map<string, number>;
}

type Verdict = OracleCase['expect']['validation'][number];

interface Item {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly isIstio: boolean;
}

export function emptyComparison(): Comparison {
  return {
    refused: 0,
    refusedFound: 0,
    warnings: 0,
    warningsFound: 0,
    contradicted: 0,
    silent: 0,
    silentKept: 0,
    missed: [],
    wrong: [],
    beyond: new Map(),
  };
}

/** Adds one case to a comparison. Resources of Kubernetes and of the Gateway API are not ours to judge. */
export function compareCase({ name, files, expect }: OracleCase, into: Comparison): void {
  const snapshot = snapshotOf(files);
  const placed = findingsOf(snapshot).map(finding => ({ finding, at: snapshot.locate(finding.at) }));
  const items = [...snapshot.files.values()].flatMap(resourcesIn);
  const within = (item: Item): readonly RuleFinding[] =>
    placed
      .filter(({ at }) => at?.file === item.file && at.start >= item.start && at.start < item.end)
      .map(({ finding }) => finding);
  const taken = new Set<Item>();
  // Where the reader of YAML itself gives up, there is no verdict, or that of a more lenient reader.
  const unread = new Map<Item, string>();
  for (const error of expect.parseErrors ?? []) {
    const line = Number(/:(\d+): error/.exec(error)?.[1]);
    const item = items.find(candidate => candidate.firstLine <= line && line <= candidate.lastLine);
    if (item !== undefined) unread.set(item, error);
    // What has no kind is a file of settings.
    else if (!error.endsWith('no kind')) into.missed.push(`${name}: ${error}`);
  }
  for (const verdict of expect.validation) {
    const item = itemOf(verdict, items, taken);
    const place = `${name}:${verdict.line} ${verdict.kind} ${verdict.name}`;
    if (item === undefined && !isOurs(verdict, snapshot)) continue;
    if (item === undefined) {
      into.missed.push(`${place}: the resource is not found in the file`);
      continue;
    }
    taken.add(item);
    if (!item.isIstio) continue;
    const error = unread.get(item);
    const judged = error === undefined ? verdict : { ...verdict, errors: [...verdict.errors, error] };
    compareResource(place, judged, within(item), into);
  }
}

function compareResource(place: string, verdict: Verdict, findings: readonly RuleFinding[], into: Comparison): void {
  const refusals = [...verdict.errors, ...verdict.schemaErrors];
  if (verdict.unknownFieldError !== undefined) refusals.push(verdict.unknownFieldError);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (refusals.length > 0) {
    into.refused++;
    if (errors.length > 0) into.refusedFound++;
    else into.missed.push(`${place}: ${refusals.join(' | ')}`);
  } else {
    into.silent++;
    // On a resource with warnings, our own warnings are compared with them one by one.
    const isQuiet = verdict.warnings.length === 0;
    const wrong = findings.filter(
      finding =>
        speaksForValidation(finding) && (finding.severity === 'error' || (isQuiet && finding.severity === 'warning')),
    );
    if (wrong.length === 0) into.silentKept++;
    for (const { rule, severity, message } of wrong) into.wrong.push(`${place}: ${severity} ${rule.id}: ${message}`);
    for (const finding of findings) {
      if (speaksForValidation(finding) || (finding.severity !== 'error' && finding.severity !== 'warning')) continue;
      into.beyond.set(finding.rule.id, (into.beyond.get(finding.rule.id) ?? 0) + 1);
    }
  }
  // A resource that is refused is repaired first; what Istio warns of besides has no effect.
  if (errors.length === 0) compareWarnings(place, verdict.warnings, findings, into);
}

/**
 * Each warning needs a finding that carries its id; those on the order of rules at the rule that they name. One finding
 * may answer several warnings: a rule whose matches all stand before is one cause, and Istio warns of each match.
 */
function compareWarnings(
  place: string,
  warnings: readonly string[],
  findings: readonly RuleFinding[],
  into: Comparison,
): void {
  for (const warning of warnings) {
    into.warnings++;
    const wanted = idsOfWarning(warning);
    if (wanted.length === 0) throw new Error(`no id is known for Istio's warning “${warning}”`);
    const found = findings
      .filter(({ codes, rule }) => (codes ?? rule.codes ?? []).some(code => wanted.includes(code)))
      .filter(finding => isAtRule(finding, ruleOfWarning(warning)))
      .sort((a, b) => LOUDNESS.indexOf(a.severity) - LOUDNESS.indexOf(b.severity))[0];
    if (found === undefined) into.missed.push(`${place}: ${wanted.join(' or ')}: ${warning}`);
    else if (found.severity === 'error' || found.severity === 'warning') into.warningsFound++;
    else into.contradicted++;
  }
}

const LOUDNESS: readonly RuleFinding['severity'][] = ['error', 'warning', 'information', 'hint'];

/** Whether a finding stands in the rule of a VirtualService that has a name, or an index. */
function isAtRule({ at }: RuleFinding, named: string | number | undefined): boolean {
  if (named === undefined) return true;
  const document = at.anchor as YamlDocument;
  return ['http', 'tls', 'tcp'].some(list => {
    const rules = itemsOf(child(child(document.root, 'spec'), list));
    return rules.some((rule, index) => {
      const isNamed = typeof named === 'number' ? index === named : stringOf(child(rule, 'name')) === named;
      return isNamed && rule.start <= at.start && at.start <= rule.end;
    });
  });
}

const list = readValidationList();
const ids = new Set(list.groups.flatMap(({ meanings, ofAnalyzers }) => (ofAnalyzers ? [] : [...meanings.keys()])));

/** Whether a finding says what Istio's validation or the schemas of its CRDs would say; others say more than these. */
export function speaksForValidation({ rule, codes = rule.codes ?? [], refuses = rule.refuses }: RuleFinding): boolean {
  if (refuses === true || codes.some(code => ids.has(code))) return true;
  // What an analyzer says, be it of a field, is no part of validation.
  return /^(yaml|schema)\//.test(rule.id) && !codes.some(code => /^IST0/.test(code));
}

/** Whether the document of a verdict speaks of Istio at all; what does not is not read. */
function isOurs({ line }: Verdict, { files }: ReturnType<typeof snapshotOf>): boolean {
  return [...files.values()].some(file => {
    const text = file.documentAt(file.lines.lineStart(line - 1))?.document.text ?? '';
    return /^apiVersion: *\S*istio\.io\//m.test(text);
  });
}

function itemOf(
  { kind, name, line, file }: Verdict,
  items: readonly Item[],
  taken: ReadonlySet<Item>,
): Item | undefined {
  const named = items.filter(
    item =>
      !taken.has(item) &&
      item.kind === kind &&
      item.name === name &&
      (file === undefined || item.file.endsWith(`/${file}`)),
  );
  return named.find(item => item.firstLine <= line && line <= item.lastLine) ?? named[0];
}

function resourcesIn(file: SourceFile): readonly Item[] {
  return file.documents.flatMap(({ document, offset }): Item[] => {
    const resources = file.resourcesOf(document) ?? [];
    const whole = { start: offset, end: offset + document.text.length };
    const item = (kind: string, name: string, apiVersion: string, range: { start: number; end: number }): Item => ({
      kind,
      name,
      file: file.file,
      ...range,
      firstLine: file.lines.position(range.start).line + 1,
      lastLine: file.lines.position(range.end).line + 1,
      isIstio: /(^|\.)istio\.io\//.test(apiVersion),
    });
    if (resources.length > 1) {
      return resources.map(({ kind, name, apiVersion, at }) =>
        item(kind, name, apiVersion.value, { start: offset + at.start, end: offset + at.end }),
      );
    }
    const { root } = document;
    const text = (key: string): string => stringOf(child(root, key)) ?? '';
    const name = stringOf(child(child(root, 'metadata'), 'name')) ?? '';
    const [only] = resources;
    return [item(only?.kind ?? text('kind'), only?.name ?? name, only?.apiVersion.value ?? text('apiVersion'), whole)];
  });
}

/** The figures and the lists, as text. */
export function reportOf(comparison: Comparison, details: boolean): string {
  const { refused, refusedFound, warnings, warningsFound, contradicted, silent, silentKept, missed, wrong, beyond } =
    comparison;
  const quieter = contradicted === 0 ? '' : `, and ${contradicted} that are wrong are answered`;
  const lines = [
    `recall:    ${share(refusedFound, refused)} resources that Istio refuses have an error; ${share(warningsFound, warnings)} warnings are given${quieter}`,
    `precision: ${share(silentKept, silent)} resources that Istio accepts have no error, and no warning it does not give`,
  ];
  if (details && missed.length > 0) lines.push('', 'missed:', ...missed.map(line => `  ${line}`));
  if (details && wrong.length > 0) lines.push('', 'wrongly said:', ...wrong.map(line => `  ${line}`));
  if (details && beyond.size > 0) {
    lines.push('', 'errors and warnings of rules that say more than validation does, on accepted resources:');
    for (const [rule, count] of [...beyond].sort((a, b) => b[1] - a[1])) lines.push(`  ${count} × ${rule}`);
  }
  return lines.join('\n');
}

function share(part: number, whole: number): string {
  return `${part} of ${whole}${whole === 0 ? '' : ` (${Math.floor((100 * part) / whole)} %)`}`;
}
