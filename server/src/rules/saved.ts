import type { TypedResource } from '../model/decode.ts';
import type { Span } from '../text/range.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { Fix, Note, Severity } from './rule.ts';
import { type RuleFinding, restoreOwn, ruleOf, savedOwn } from './run.ts';

/** Start and end in the document. */
type SavedSpan = readonly [number, number];

/** A finding without objects: what is left out is undefined in the finding as well. */
interface SavedFinding extends Pick<RuleFinding, 'message' | 'deprecated' | 'codes' | 'refuses'> {
  readonly rule: string;
  readonly severity: Severity;
  readonly at: SavedSpan;
  readonly fade?: SavedSpan;
  readonly related?: readonly { readonly at: SavedSpan; readonly message: string }[];
  readonly fixes?: readonly {
    readonly title: string;
    readonly preferred?: boolean;
    readonly edits: readonly { readonly at: SavedSpan; readonly newText: string }[];
  }[];
}

/**
 * What was found in the resources of a document by themselves, as text; empty for nothing. It is all that the text of
 * the document, the settings of reading it and this program decide.
 *
 * @returns `undefined` where they have not been judged, where a rule has failed, and where a place is not in the document
 */
export function saveFindings(document: YamlDocument, resources: readonly TypedResource[]): string | undefined {
  const all: (readonly SavedFinding[])[] = [];
  for (const resource of resources) {
    const saved = savedOwn(resource)?.map(finding => withoutObjects(finding, document));
    if (saved === undefined || saved.includes(undefined)) return undefined;
    all.push(saved.filter(finding => finding !== undefined));
  }
  return all.every(findings => findings.length === 0) ? '' : JSON.stringify(all);
}

/**
 * Takes what was saved of a document with this text for what would be found in its resources.
 *
 * @returns whether that was possible; if not, nothing has been changed
 */
export function restoreFindings(document: YamlDocument, resources: readonly TypedResource[], saved: string): boolean {
  const all = saved === '' ? resources.map(() => []) : read(document, saved);
  if (all?.length !== resources.length) return false;
  for (const [index, resource] of resources.entries()) restoreOwn(resource, all[index] ?? []);
  return true;
}

function read(document: YamlDocument, saved: string): readonly (readonly RuleFinding[])[] | undefined {
  try {
    const lists = JSON.parse(saved) as readonly (readonly SavedFinding[])[];
    return lists.map(list => list.map(finding => restored(finding, document)));
  } catch {
    return undefined;
  }
}

function withoutObjects(finding: RuleFinding, document: YamlDocument): SavedFinding | undefined {
  let isInside = true;
  const place = ({ anchor, start, end }: Span): SavedSpan => {
    isInside &&= anchor === document;
    return [start, end];
  };
  const { rule, severity, message, at, fade, related, fixes, deprecated, codes, refuses } = finding;
  const saved: SavedFinding = {
    rule: rule.id,
    severity,
    message,
    at: place(at),
    ...(fade !== undefined && { fade: place(fade) }),
    ...(related !== undefined && { related: related.map(note => ({ at: place(note.at), message: note.message })) }),
    ...(fixes !== undefined && {
      fixes: fixes.map(({ title, preferred, edits }) => ({
        title,
        ...(preferred !== undefined && { preferred }),
        edits: edits.map(edit => ({ at: place(edit), newText: edit.newText })),
      })),
    }),
    ...(deprecated !== undefined && { deprecated }),
    ...(codes !== undefined && { codes }),
    ...(refuses !== undefined && { refuses }),
  };
  return isInside ? saved : undefined;
}

function restored(saved: SavedFinding, document: YamlDocument): RuleFinding {
  const rule = ruleOf(saved.rule);
  if (rule === undefined) throw new Error(`there is no rule ${saved.rule}`);
  const place = ([start, end]: SavedSpan): Span => ({ anchor: document, start, end });
  const { at, fade, related, fixes, ...rest } = saved;
  return {
    ...rest,
    rule,
    at: place(at),
    ...(fade !== undefined && { fade: place(fade) }),
    ...(related !== undefined && {
      related: related.map((note): Note => ({ at: place(note.at), message: note.message })),
    }),
    ...(fixes !== undefined && {
      fixes: fixes.map(
        (fix): Fix => ({
          ...fix,
          edits: fix.edits.map(edit => ({ ...place(edit.at), newText: edit.newText })),
        }),
      ),
    }),
  };
}
