import { routeDiff, routeDiffMarkdown, withTexts } from '../../analysis.ts';
import type { CompareResult } from '../../contract.ts';
import { readField, readList, readString } from '../from-protocol.ts';
import type { Session } from '../session.ts';
import { toPlace } from '../to-protocol.ts';

/** `istio/compareRoutes`: which requests go somewhere else since the given texts stood in their files. */
export function compareRoutes(session: Session, params: unknown): CompareResult {
  const texts = readList(params, 'files').map((file): [string, string | undefined] => {
    const text = readField(file, 'text');
    return [readString(file, 'uri'), text === null ? undefined : readString(file, 'text')];
  });
  const [after, before] = [session.snapshot(), withTexts(session.snapshot(), new Map(texts))];
  const [oldView, newView] = [session.view(before), session.view(after)];
  const diff = routeDiff(
    { snapshot: before, toPlace: span => toPlace(oldView, span) },
    { snapshot: after, toPlace: span => toPlace(newView, span) },
  );
  return { changes: diff.changes.length, markdown: routeDiffMarkdown(diff) };
}
