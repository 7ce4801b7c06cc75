import type { TypedResource } from '../model/decode.ts';
import type { Schemas } from '../schema/schemas.ts';
import type { SourceFile } from '../workspace/file.ts';
import type { Reads } from '../workspace/reads.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { RuleFinding, RuleOptions } from './run.ts';

/** What was found in a document, and for what. */
interface KeptDocument {
  readonly resources: readonly TypedResource[];
  readonly severities: RuleOptions['severities'];
  readonly settings: Snapshot['settings'];
  readonly schemas: Schemas;
  /** What was read of the rest of the workspace. */
  readonly reads: readonly Reads[];
  readonly findings: readonly RuleFinding[];
}

const documents = new WeakMap<YamlDocument, KeptDocument>();

/** Keeps what was found in a document when all rules were run. */
export function keepFindings(document: YamlDocument, kept: KeptDocument): void {
  documents.set(document, kept);
}

/** What was found in a document before, if all that was read then is the same now. */
export function keptFindings(
  document: YamlDocument,
  now: {
    readonly snapshot: Snapshot;
    readonly resources: readonly TypedResource[] | undefined;
    readonly options: RuleOptions;
  },
): readonly RuleFinding[] | undefined {
  const kept = documents.get(document);
  if (kept === undefined) return undefined;
  const { snapshot, resources, options } = now;
  if (kept.resources !== resources || kept.severities !== options.severities) return undefined;
  if (kept.settings !== snapshot.settings || kept.schemas !== snapshot.schemas) return undefined;
  for (const reads of kept.reads) if (!reads.holdIn(snapshot.index)) return undefined;
  return kept.findings;
}

interface Joined {
  /** The findings of its documents. */
  readonly parts: readonly (readonly RuleFinding[])[];
  readonly findings: readonly RuleFinding[];
}

const files = new WeakMap<SourceFile, Joined>();
const NONE: readonly never[] = [];

/**
 * The findings of all parts of a file; the same list as long as they are the same.
 *
 * @param sort puts them into the order of the file
 */
export function joined(
  file: SourceFile,
  parts: Joined['parts'],
  sort: (all: readonly RuleFinding[]) => readonly RuleFinding[],
): readonly RuleFinding[] {
  if (parts.length === 0) return NONE;
  const known = files.get(file);
  if (known?.parts.length === parts.length && known.parts.every((part, at) => part === parts[at]))
    return known.findings;
  const findings = sort(parts.flat());
  files.set(file, { parts, findings });
  return findings;
}
