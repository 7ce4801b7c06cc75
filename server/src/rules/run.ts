import type { ResourceType, TypedResource } from '../model/decode.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import type { Schemas } from '../schema/schemas.ts';
import type { FileId } from '../text/range.ts';
import type { SourceFile } from '../workspace/file.ts';
import { Reads } from '../workspace/reads.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { soundUntil, type YamlDocument } from '../yaml/document.ts';
import { RULES } from './all.ts';
import { joined, keepFindings, keptFindings } from './kept-findings.ts';
import { isOfPatch, patchesAmong } from './patches.ts';
import { isInParts, type JudgedPart, type Part, RouteMemo, type World } from './per-route.ts';
import type { Finding, ResourceRule, Rule, Severity, WorkspaceRule } from './rule.ts';
import { forgetVisits, VisitsOfParts } from './schema/visits.ts';
import { severityOf, withSettings } from './severities.ts';
import { suppressionOf } from './suppression.ts';

/** A finding with the rule that made it. */
export interface RuleFinding extends Finding {
  readonly rule: Rule;
  readonly severity: Severity;
}

/** Which rules speak, and how loud. */
export interface RuleOptions {
  /** Severity by rule id or by group (`virtual-service`); `off` silences. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  /** Takes the fault of a rule; the others go on. */
  readonly onFault: (rule: Rule, fault: unknown) => void;
  /** Nobody asks for the findings now: resources are judged by themselves, which is kept, and no finding is told. */
  readonly isPreparing?: boolean;
}

/** Work that can be left between two steps: nobody needs what a newer edit has made stale. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs steps to their end. */
export function drain<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

interface Judged {
  readonly findings: readonly RuleFinding[];
  readonly faults: readonly { readonly rule: Rule; readonly fault: unknown }[];
}

const resourceRules = RULES.filter(rule => rule.scope === 'resource');
const workspaceRules = RULES.filter(rule => rule.scope === 'workspace');
const own = new WeakMap<TypedResource, Judged>();
/** What rules that look at one HTTP rule at a time have found, by themselves and by the rest of the workspace. */
const ownOfRoutes = new RouteMemo<RuleFinding>();
const othersOfRoutes = new RouteMemo<RuleFinding>();

/** The findings of a resource by itself, without regard to settings. They are kept as long as the resource is. */
function* judge(resource: TypedResource, schemas: Schemas): Steps<Judged> {
  const known = own.get(resource);
  if (known !== undefined) return known;
  const faults: { rule: Rule; fault: unknown }[] = [];
  const onFault = (rule: Rule, fault: unknown): void => void faults.push({ rule, fault });
  const findings: RuleFinding[] = [];
  const inParts = partsOf(resource);
  const isLong = resource.document.text.length > SHORT;
  for (const rule of rulesOn(resource.type)) {
    if (inParts !== undefined && rule.per === 'route') continue;
    collect(rule, () => rule.check(resource, { schemas }), findings, onFault);
    if (isLong) yield;
  }
  if (inParts !== undefined) {
    const check = (rule: ResourceRule, part: VirtualService): Iterable<Finding> => rule.check(part, { schemas });
    const found = yield* judgeParts(ownOfRoutes, inParts, {
      rules: OWN_PER_ROUTE,
      check,
      onFault,
      schemas,
      world: { token: schemas },
    });
    for (const finding of found) findings.push(finding);
  }
  const judged = { findings, faults };
  own.set(resource, judged);
  if (inParts === undefined) forgetVisits(resource);
  return judged;
}

/** What was found in a resource by itself; `undefined` where it is not judged yet, or a rule has failed. */
export function savedOwn(resource: TypedResource): readonly RuleFinding[] | undefined {
  const judged = own.get(resource);
  return judged?.faults.length === 0 ? judged.findings : undefined;
}

/** Takes findings for those of a resource by itself, so that it is not judged. */
export function restoreOwn(resource: TypedResource, findings: readonly RuleFinding[]): void {
  own.set(resource, { findings, faults: [] });
}

/** Resources in documents of no more text than this are judged by themselves in one step, in UTF-16 units. */
const SHORT = 4000;

const byType = new Map<ResourceType, readonly ResourceRule[]>();

/** The rules that judge resources of a type by themselves. */
function rulesOn(type: ResourceType): readonly ResourceRule[] {
  const known = byType.get(type);
  if (known !== undefined) return known;
  const rules = resourceRules.filter(({ on }) => on.includes(type));
  byType.set(type, rules);
  return rules;
}

const OWN_PER_ROUTE = resourceRules.filter(rule => rule.per === 'route' && rule.on.includes('VirtualService'));

/** A VirtualService whose HTTP rules can be judged one by one. */
function partsOf(resource: TypedResource): VirtualService | undefined {
  return resource.type === 'VirtualService' && isInParts(resource) ? resource : undefined;
}

interface PartCheck<R extends Rule> {
  readonly rules: readonly R[];
  check(rule: R, part: VirtualService): Iterable<Finding>;
  readonly onFault: RuleOptions['onFault'];
  readonly schemas: Schemas;
  readonly world: World;
  /** Takes what was read of the workspace for the findings of a part. */
  readonly onReads?: (reads: Reads) => void;
}

/** What rules that look at one HTTP rule at a time find in a long VirtualService. */
function judgeParts<R extends Rule>(
  memo: RouteMemo<RuleFinding>,
  vs: VirtualService,
  { rules, check, onFault, schemas, world, onReads }: PartCheck<R>,
): Steps<readonly RuleFinding[]> {
  const visits = new VisitsOfParts(vs, schemas.facts);
  const { index } = world;
  const judgePart = (part: Part): JudgedPart<RuleFinding> => {
    visits.give(part);
    const findings: RuleFinding[] = [];
    let isWhole = true;
    const onFaultHere: RuleOptions['onFault'] = (broken, fault) => {
      isWhole = false;
      onFault(broken, fault);
    };
    const run = (): void => {
      for (const rule of rules) collect(rule, () => check(rule, part.resource), findings, onFaultHere);
    };
    if (index === undefined) {
      run();
      return { findings, isWhole };
    }
    const reads = new Reads();
    index.record(reads, run);
    return { findings, isWhole, reads };
  };
  return memo.findings(vs, world, judgePart, onReads);
}

function collect(
  rule: Rule,
  check: () => Iterable<Finding>,
  into: RuleFinding[],
  onFault: RuleOptions['onFault'],
): void {
  try {
    for (const finding of check()) into.push({ ...finding, rule, severity: finding.severity ?? rule.severity });
  } catch (fault) {
    onFault(rule, fault);
  }
}

/** Whether Istio's webhook would take a resource: no rule that stands for a refusal has a finding. */
export function admits(resource: TypedResource, schemas: Schemas): boolean {
  return refusalOf(resource, schemas) === undefined;
}

/** The finding for which Istio's webhook would not take a resource; `undefined` where it takes it. */
export function refusalOf(resource: TypedResource, schemas: Schemas): RuleFinding | undefined {
  const { findings } = drain(judge(resource, schemas));
  return findings.find(finding => finding.refuses ?? finding.rule.refuses ?? false);
}

/** The findings of one file, in document order; one step is one rule on one resource, or one document. */
export function* fileFindings(snapshot: Snapshot, id: FileId, options: RuleOptions): Steps<readonly RuleFinding[]> {
  const file = snapshot.file(id);
  if (file === undefined) return [];
  if (options.isPreparing === true) {
    for (const resource of file.resources) {
      yield* judge(resource, snapshot.schemas);
      yield;
    }
    return [];
  }
  const ofFile: RuleFinding[] = [];
  for (const rule of RULES) if (rule.scope === 'file') collect(rule, () => rule.check(file), ofFile, options.onFault);
  const parts: (readonly RuleFinding[])[] = ofFile.length === 0 ? [] : [withSettings(ofFile, options)];
  let known = 0;
  for (const { document } of file.documents) {
    if (document.root === undefined && document.problems.length === 0) continue;
    const kept = keptFindings(document, { snapshot, resources: file.resourcesOf(document), options });
    if (kept !== undefined) {
      if (kept.length > 0) parts.push(kept);
      if (++known % CHECKED_AT_ONCE === 0) yield;
      continue;
    }
    const findings = yield* documentFindings(snapshot, file, document, options);
    if (findings.length > 0) parts.push(findings);
  }
  return joined(file, parts, all => inOrder(snapshot, file, all));
}

/** Documents whose findings are looked at between two steps when they may be kept. */
const CHECKED_AT_ONCE = 16;

const NONE: readonly never[] = [];

/** What is found in one document, by itself and by the rest of the workspace. It is kept while what was read is the same. */
function* documentFindings(
  snapshot: Snapshot,
  file: SourceFile,
  document: YamlDocument,
  options: RuleOptions,
): Steps<readonly RuleFinding[]> {
  const { schemas, settings } = snapshot;
  const { severities } = options;
  const resources = file.resourcesOf(document) ?? NONE;
  let isWhole = true;
  const onFault: RuleOptions['onFault'] = (rule, fault) => {
    isWhole = false;
    options.onFault(rule, fault);
  };
  const all: RuleFinding[] = [];
  for (const rule of RULES) if (rule.scope === 'document') collect(rule, () => rule.check(document), all, onFault);
  const others: Others = { snapshot, options: { severities, onFault }, reads: [], into: all };
  for (const resource of resources) {
    const judged = yield* judge(resource, schemas);
    for (const finding of judged.findings) all.push(finding);
    for (const { rule, fault } of judged.faults) onFault(rule, fault);
    yield;
    yield* judgeByOthers(resource, others);
  }
  const suppression = suppressionOf(document, resources);
  // What stands behind a mistake of syntax is not what its author means: only the mistake itself is said.
  const sound = soundUntil(document);
  const ofPatches = new Reads();
  others.reads.push(ofPatches);
  const patches = snapshot.index.record(ofPatches, () => patchesAmong(resources, snapshot, file.file));
  const told = all.filter(finding => {
    const { rule, codes, at } = finding;
    return (
      (rule.scope === 'document' || at.start < sound) &&
      !isOfPatch(finding, patches) &&
      !suppression.covers(rule.id, codes ?? rule.codes ?? [], at.start)
    );
  });
  const findings = told.length === 0 ? NONE : withSettings(told, options);
  if (isWhole) keepFindings(document, { resources, severities, settings, schemas, reads: others.reads, findings });
  return findings;
}

/** How a resource is judged by the rest of the workspace. */
interface Others {
  readonly snapshot: Snapshot;
  readonly options: RuleOptions;
  /** Takes what was read of it. */
  readonly reads: Reads[];
  readonly into: RuleFinding[];
}

/** The findings of a resource that depend on the rest of the workspace. */
function* judgeByOthers(resource: TypedResource, others: Others): Steps<void> {
  const { snapshot, options, into } = others;
  const { index } = snapshot;
  const rules = rulesFor(resource.type, options);
  const inParts = partsOf(resource);
  const reads = new Reads();
  others.reads.push(reads);
  for (const rule of rules.others) {
    if (inParts !== undefined && rule.per === 'route') continue;
    index.record(reads, () => collect(rule, () => rule.check(resource, snapshot), into, options.onFault));
    yield;
  }
  if (rules.isAnyApart) for (const finding of yield* judgeApart(resource, others)) into.push(finding);
  if (inParts === undefined || !rules.isAnyPerRoute) return;
  const found = yield* judgeParts(othersOfRoutes, inParts, {
    // What the settings silence is left out later: what is kept must not depend on them.
    rules: PER_ROUTE,
    check: (rule, part) => rule.check(part, snapshot),
    onFault: options.onFault,
    schemas: snapshot.schemas,
    world: { token: snapshot.definitions.token, index },
    onReads: read => others.reads.push(read),
  });
  for (const finding of found) into.push(finding);
}

/** Rules for which no other VirtualService plays a part; those that look at one HTTP rule at a time have their own memory. */
function isApart(rule: WorkspaceRule): boolean {
  return rule.ignores === 'VirtualService' && rule.per !== 'route';
}

const PER_ROUTE = workspaceRules.filter(rule => rule.per === 'route' && rule.on.includes('VirtualService'));

/** The rules of the workspace for one type, without those that settings silence. */
interface RulesOfType {
  /** All but those that have a memory of their own. */
  readonly others: readonly WorkspaceRule[];
  readonly isAnyApart: boolean;
  readonly isAnyPerRoute: boolean;
}

const rulesOf = new WeakMap<RuleOptions['severities'], Map<ResourceType, RulesOfType>>();

function rulesFor(type: ResourceType, { severities }: RuleOptions): RulesOfType {
  const byType = rulesOf.get(severities) ?? new Map<ResourceType, RulesOfType>();
  rulesOf.set(severities, byType);
  const known = byType.get(type);
  if (known !== undefined) return known;
  const rules = workspaceRules.filter(rule => rule.on.includes(type) && severityOf(rule, { severities }) !== 'off');
  const made: RulesOfType = {
    others: rules.filter(rule => !isApart(rule)),
    isAnyApart: rules.some(isApart),
    isAnyPerRoute: rules.some(({ per }) => per === 'route'),
  };
  byType.set(type, made);
  return made;
}

interface KeptApart {
  readonly by: object;
  readonly reads: Reads;
  readonly findings: readonly RuleFinding[];
}

const apart = new WeakMap<TypedResource, KeptApart>();

/** What these rules find; from before, while what they have read is the same. What settings silence is left out later. */
function* judgeApart(resource: TypedResource, others: Others): Steps<readonly RuleFinding[]> {
  const { snapshot, options } = others;
  const { index } = snapshot;
  const known = apart.get(resource);
  if (known !== undefined && (known.by === snapshot.definitions.token || known.reads.holdIn(index))) {
    others.reads.push(known.reads);
    return known.findings;
  }
  const findings: RuleFinding[] = [];
  const reads = new Reads();
  others.reads.push(reads);
  let isWhole = true;
  for (const rule of workspaceRules) {
    if (!isApart(rule) || !rule.on.includes(resource.type)) continue;
    index.record(reads, () =>
      collect(
        rule,
        () => rule.check(resource, snapshot),
        findings,
        (broken, fault) => {
          isWhole = false;
          options.onFault(broken, fault);
        },
      ),
    );
    yield;
  }
  if (isWhole) apart.set(resource, { by: snapshot.definitions.token, reads, findings });
  return findings;
}

/** The order of rules, for findings at one place. */
const RANKS: ReadonlyMap<Rule, number> = new Map(
  [...RULES.filter(({ scope }) => scope === 'file' || scope === 'document'), ...resourceRules, ...workspaceRules].map(
    (rule, index) => [rule, index] as const,
  ),
);

function inOrder(snapshot: Snapshot, file: SourceFile, findings: readonly RuleFinding[]): readonly RuleFinding[] {
  const placed = findings.map(finding => ({
    finding,
    start: snapshot.locate(finding.at)?.start ?? file.text.length,
    rank: RANKS.get(finding.rule) ?? 0,
  }));
  return placed.sort((a, b) => a.start - b.start || a.rank - b.rank).map(({ finding }) => finding);
}

/** The rule of an id. */
export function ruleOf(id: string): Rule | undefined {
  return RULES.find(rule => rule.id === id);
}

export function isResourceRule(rule: Rule): rule is ResourceRule {
  return rule.scope === 'resource';
}
