import { decodeRouteTests } from '../../model/route-test/decode.ts';
import { TEST_FIELDS, type TestField, type TestType } from '../../model/route-test/fields.ts';
import type { FileId } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { locationAt, type Step } from '../../yaml/node.ts';
import { blocks, bold, bullets, code } from '../markdown.ts';
import type { Hover } from '../types.ts';
import { failuresOf } from './expect.ts';
import { answerTo } from './run.ts';

/** Of a field what it means; of a request what comes of it now, and of an expectation whether it holds. */
export function routeTestHover(snapshot: Snapshot, file: FileId, fileOffset: number): Hover | undefined {
  const placed = snapshot.file(file)?.documentAt(fileOffset);
  if (placed === undefined) return undefined;
  const { document } = placed;
  const offset = fileOffset - placed.offset;
  const location = locationAt(document.root, offset);
  if (location === undefined || location.node.kind === 'map' || location.node.kind === 'seq') return undefined;
  const field = fieldAt(location.path);
  if (field === undefined) return undefined;
  const { tests } = decodeRouteTests(document);
  const test = tests.find(({ at }) => at.start <= offset && offset <= at.end);
  const range = snapshot.locate({ anchor: document, start: location.node.start, end: location.node.end });
  if (range === undefined) return undefined;
  const parts = [`${bold(field.name)}: ${field.documentation}`];
  if (test !== undefined && test.problems.length === 0 && (field.name === 'request' || field.type !== 'test')) {
    const answer = answerTo(snapshot, test);
    if ('fault' in answer) parts.push(answer.fault);
    else if (field.type === 'expect') {
      const { start, end } = location.onKey?.value ?? location.node;
      const own = failuresOf(test.expect, answer).filter(({ at }) => start <= at.start && at.start <= end);
      parts.push(own.length === 0 ? `Now: ${code(answer.headline)}` : bullets(own.map(({ message }) => code(message))));
    } else parts.push(`Now: ${code(answer.headline)}`);
  }
  return { range, markdown: blocks(parts) };
}

interface FieldHere {
  readonly name: string;
  readonly type: TestType;
  readonly documentation: string;
}

/** The field at a path; names in maps of the user's own belong to the field that has the map. */
function fieldAt(path: readonly Step[]): FieldHere | undefined {
  let type: TestType = 'test';
  let found: FieldHere | undefined;
  for (const step of path.slice(1)) {
    const name = String(step);
    const field: TestField | undefined = Object.hasOwn(TEST_FIELDS[type], name) ? TEST_FIELDS[type][name] : undefined;
    if (field === undefined) return found;
    found = { name, type, documentation: field.documentation };
    if (typeof field.shape === 'object') type = field.shape.object;
    else if (field.shape === 'request') type = 'request';
    else return found;
  }
  return found;
}
