import { isRouteTestFile } from '../model/route-test/fields.ts';
import { type FileId, span } from '../text/range.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { authorizationHover } from './hover-authorization.ts';
import { connectionPoolHover } from './hover-connection-pool.ts';
import { fieldHover, kindHover, shortField, versionHover } from './hover-field.ts';
import { matchHover, stringMatchHover } from './hover-match.ts';
import { percentHover } from './hover-mirror.ts';
import { nameHover } from './hover-names.ts';
import { outlierHover } from './hover-outlier-detection.ts';
import { type HoverPoint, hoverPoint } from './hover-point.ts';
import { retriesHover } from './hover-retries.ts';
import { tlsHover } from './hover-tls.ts';
import { valueHover, type WordHover } from './hover-values.ts';
import { weightHover } from './hover-weights.ts';
import { blocks } from './markdown.ts';
import { routeTestHover } from './route-tests/hover.ts';
import type { Hover } from './types.ts';

/** What holds at a place beyond the documentation of its field: Istio's defaults filled in, shares worked out. */
const FACTS: readonly ((point: HoverPoint) => string | undefined)[] = [
  weightHover,
  retriesHover,
  outlierHover,
  connectionPoolHover,
  tlsHover,
  percentHover,
  matchHover,
  stringMatchHover,
  authorizationHover,
];

/**
 * What is to be said of the word at an offset of a file: of a key its documentation and what holds here; of a value what
 * it means or stands for, then its field in short.
 */
export function hover(snapshot: Snapshot, file: FileId, offset: number): Hover | undefined {
  if (isRouteTestFile(file)) return routeTestHover(snapshot, file, offset);
  const point = hoverPoint(snapshot, file, offset);
  const answer = point === undefined ? undefined : answerFor(point);
  if (point === undefined || answer === undefined || answer.markdown === '') return undefined;
  const range = snapshot.locate(span(point.document, answer.at));
  return range === undefined ? undefined : { range, markdown: answer.markdown };
}

function answerFor(point: HoverPoint): WordHover | undefined {
  const { at } = point;
  const whole = (markdown: string | undefined): WordHover | undefined =>
    markdown === undefined ? undefined : { at, markdown };
  const facts = FACTS.flatMap(fact => fact(point) ?? []);
  switch (point.on) {
    case 'key':
      return whole(fieldHover(point, facts));
    case 'item':
      return facts.length === 0 ? undefined : whole(blocks(facts));
    case 'value': {
      const root = point.path.length === 1 ? point.path[0] : undefined;
      if (root === 'kind') return whole(kindHover(point));
      if (root === 'apiVersion') return whole(versionHover(point));
      const word = valueHover(point);
      const name = nameHover(point);
      if (word === undefined && name === undefined && facts.length === 0) return whole(fieldHover(point, []));
      // What is worked out for this very place says more than the general trap.
      const field = shortField(point, { trap: word !== undefined && name === undefined ? 'with' : 'without' });
      return { at: word?.at ?? at, markdown: blocks([word?.markdown, name, ...facts, field]) };
    }
  }
}
