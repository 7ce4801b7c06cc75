/**
 * What a diagnostic is. Each one is a file of its own: metadata, words, examples and check. Its path is its id.
 *
 * This layer turns facts into sentences and repairs. It does not know the protocol, and reads no settings.
 *
 * Words for the second half of an id, each with one meaning:
 * `unknown-` a name resolves to nothing · `unused-` defined and never used · `unreachable-` can never be reached ·
 * `shadowed-` loses to an earlier one · `conflicting-` two claims that exclude each other · `duplicate-` said twice ·
 * `missing-` something that must be there is not · `invalid-` Istio or Envoy refuses it · `deprecated-` has a successor ·
 * `redundant-` has no effect because it says what holds anyway · `misplaced-` right thing, wrong place ·
 * `ambiguous-` order or meaning is not defined · `insecure-` weakens protection · `ineffective-` accepted, and does
 * nothing · `risky-` works, and hurts in known situations · `uneven-` numbers that do not add up as they look ·
 * `unread-` left out of the analysis.
 */

import type { ResourceType, TypedResource } from '../model/decode.ts';
import type { Schemas } from '../schema/schemas.ts';
import type { SpanEdit } from '../text/edit.ts';
import type { Span } from '../text/range.ts';
import type { SourceFile } from '../workspace/file.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { YamlDocument } from '../yaml/document.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One thing to say, at the smallest text that one would edit. */
export interface Finding {
  readonly at: Span;
  /** Starts small, quotes the user's text, has no final dot; says what is wrong and what follows from it. */
  readonly message: string;
  readonly related?: readonly Note[];
  readonly fixes?: readonly Fix[];
  /** Text that has no effect, to be faded. */
  readonly fade?: Span;
  /** `at` is to be struck out as deprecated. */
  readonly deprecated?: boolean;
  /** Severity where it differs from the rule's. */
  readonly severity?: Severity;
  /** Codes where they differ from the rule's. */
  readonly codes?: readonly string[];
  /** Whether Istio refuses the resource for it, where that differs from the rule's `refuses`. */
  readonly refuses?: boolean;
}

/** Another place that belongs to a finding. */
export interface Note {
  readonly at: Span;
  readonly message: string;
}

/** A repair: applied, the finding is gone and nothing else has appeared. */
export interface Fix {
  /** An order: “Change to "v1"”. */
  readonly title: string;
  readonly edits: readonly SpanEdit[];
  /** The one repair that is right in nearly every case. */
  readonly preferred?: boolean;
}

interface RuleText {
  /** `group/name`: the path of the file below `rules/`. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do. */
  readonly remedy: string;
  /** A manifest that gives exactly one finding. Several files are parted by `#- name` lines. */
  readonly invalid: string;
  /** A manifest that gives none. */
  readonly valid: string;
  /** Istio's or Kiali's own codes for the same thing, such as `IST0101`, and ids of the reference of validations. */
  readonly codes?: readonly string[];
  /** Istio's webhook refuses a resource with this finding: it has no effect on routes. */
  readonly refuses?: boolean;
}

export interface ResourceContext {
  readonly schemas: Schemas;
}

/** Judges a file that could not be read as a whole. */
export interface FileRule extends RuleText {
  readonly scope: 'file';
  check(file: SourceFile): Iterable<Finding>;
}

/** Judges the YAML of one document. */
export interface DocumentRule extends RuleText {
  readonly scope: 'document';
  check(document: YamlDocument): Iterable<Finding>;
}

/**
 * `route`: what the rule finds in a VirtualService is what it finds in each of its HTTP rules, read with the head of the
 * resource and without its other HTTP rules, and what it finds without any. A long VirtualService is then judged anew
 * only where it was edited. A rule of the workspace that says so ignores other VirtualServices, as
 * `ignores` has it. It reads `visitsOf` and the decoded resource, not `node` and not `schemaProblems`.
 */
export type Per = 'route';

/** Judges one resource by itself. */
export interface ResourceRule extends RuleText {
  readonly scope: 'resource';
  readonly on: readonly ResourceType[];
  readonly per?: Per;
  check(resource: TypedResource, context: ResourceContext): Iterable<Finding>;
}

/** Judges one resource by what else is in the workspace. */
export interface WorkspaceRule extends RuleText {
  readonly scope: 'workspace';
  readonly on: readonly ResourceType[];
  readonly per?: Per;
  /**
   * No VirtualService beside the judged resource plays a part: neither `index.all('VirtualService')` nor `routing` nor a
   * delegate is read. What was found then holds while only VirtualServices change, which are edited most.
   */
  readonly ignores?: 'VirtualService';
  check(resource: TypedResource, snapshot: Snapshot): Iterable<Finding>;
}

export type Rule = FileRule | DocumentRule | ResourceRule | WorkspaceRule;

type OfType<K extends ResourceType> = Extract<TypedResource, { type: K }>;

export function fileRule(rule: Omit<FileRule, 'scope'>): FileRule {
  return { ...rule, scope: 'file' };
}

export function documentRule(rule: Omit<DocumentRule, 'scope'>): DocumentRule {
  return { ...rule, scope: 'document' };
}

export function resourceRule<K extends ResourceType>(
  rule: Omit<ResourceRule, 'scope' | 'on' | 'check'> & {
    readonly on: readonly K[];
    check(resource: OfType<K>, context: ResourceContext): Iterable<Finding>;
  },
): ResourceRule {
  return { ...rule, scope: 'resource', check: (resource, context) => rule.check(resource as OfType<K>, context) };
}

export function workspaceRule<K extends ResourceType>(
  rule: Omit<WorkspaceRule, 'scope' | 'on' | 'check'> & {
    readonly on: readonly K[];
    check(resource: OfType<K>, snapshot: Snapshot): Iterable<Finding>;
  },
): WorkspaceRule {
  return { ...rule, scope: 'workspace', check: (resource, snapshot) => rule.check(resource as OfType<K>, snapshot) };
}

/** Every type of resource that is Istio's own. */
export const ISTIO_TYPES: readonly ResourceType[] = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'WorkloadEntry',
  'WorkloadGroup',
  'Sidecar',
  'Other',
];
