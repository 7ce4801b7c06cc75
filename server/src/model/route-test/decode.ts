import { type Anchor, type Located, locate, type Span, span } from '../../text/range.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import {
  effectiveEntriesOf,
  isNull,
  itemsOf,
  type MapEntry,
  type MapNode,
  resolve,
  type ScalarNode,
  type YamlNode,
} from '../../yaml/node.ts';
import { TEST_FIELDS, type TestShape, type TestType } from './fields.ts';

/** One test, as it is written. */
export interface RouteTest {
  /** The whole item. */
  readonly at: Span;
  readonly name: Located<string>;
  readonly request: TestRequest;
  readonly from: TestFrom;
  readonly expect: TestExpectation;
  /** What is wrong with it: such a test cannot be run. */
  readonly problems: readonly TestProblem[];
}

export interface TestRequest {
  /** The request line, or the object. */
  readonly at: Span;
  /** `METHOD URL`, where it is one line. */
  readonly line: string | undefined;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface TestFrom {
  readonly gateway: string | undefined;
  readonly sidecar: string | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
}

export interface TestExpectation {
  readonly destination: Located<string> | undefined;
  readonly subset: Located<string> | undefined;
  readonly shares: readonly Named<number>[] | undefined;
  readonly path: Located<string> | undefined;
  readonly host: Located<string> | undefined;
  readonly headers: readonly Named<string>[];
  readonly redirect: Located<string> | undefined;
  readonly status: Located<number> | undefined;
  readonly route: Located<string> | undefined;
  readonly unreachable: Located<boolean> | undefined;
}

/** An entry of a map with names of the author's own. */
export interface Named<T> {
  readonly name: string;
  readonly at: Located<T>;
}

export interface TestProblem {
  readonly kind: 'unknown-field' | 'missing-field' | 'invalid-value';
  readonly at: Span;
  /** The field it is about. */
  readonly field: string;
  readonly type: TestType;
  /** What has to stand there, of an invalid value. */
  readonly wanted?: string;
  /** Of an unknown field: those that could still stand there. */
  readonly free?: readonly string[];
}

export interface RouteTests {
  readonly tests: readonly RouteTest[];
  /** Those of all tests, and those of what is no test. */
  readonly problems: readonly TestProblem[];
}

const decoded = new WeakMap<YamlDocument, RouteTests>();

/** The tests of a document. What is not understood is left out, and told. */
export function decodeRouteTests(document: YamlDocument): RouteTests {
  const known = decoded.get(document);
  if (known !== undefined) return known;
  const fresh = decode(document);
  decoded.set(document, fresh);
  return fresh;
}

function decode(document: YamlDocument): RouteTests {
  const root = resolve(document.root);
  if (root === undefined || isNull(root)) return { tests: [], problems: [] };
  const whole: TestProblem = {
    kind: 'invalid-value',
    at: firstOf(document, root),
    field: '',
    type: 'test',
    wanted: 'a list of tests',
  };
  if (root.kind !== 'seq') return { tests: [], problems: [whole] };
  const tests: RouteTest[] = [];
  const problems: TestProblem[] = [];
  for (const item of itemsOf(root)) {
    const map = resolve(item);
    if (map?.kind === 'map') {
      const test = decodeTest(document, map);
      tests.push(test);
      problems.push(...test.problems);
    } else problems.push({ ...whole, at: span(document, item), wanted: 'a test: name, request and expect' });
  }
  return { tests, problems };
}

/** A whole tree is too much to underline: its first word stands for it. */
function firstOf(document: YamlDocument, node: MapNode | ScalarNode | Exclude<YamlNode, { kind: 'alias' }>): Span {
  const first = node.kind === 'map' ? node.entries[0]?.key : node;
  return span(document, first ?? node);
}

function decodeTest(document: YamlDocument, map: MapNode): RouteTest {
  const problems: TestProblem[] = [];
  const read = new FieldReader(document, problems);
  const fields = read.fields(map, 'test', span(document, map.entries[0]?.key ?? map));
  const name = read.text(fields.get('name'));
  const from = read.object(fields.get('from'), 'from');
  const expected = read.object(fields.get('expect'), 'expect');
  return {
    at: span(document, map),
    name: name ?? locate('', document, { start: map.start, end: map.start }),
    request: read.request(fields.get('request'), map),
    from: {
      gateway: read.text(from.get('gateway'))?.value,
      sidecar: read.text(from.get('sidecar'))?.value,
      labels: from.has('labels')
        ? Object.fromEntries(read.texts(from.get('labels')).map(({ name: key, at }) => [key, at.value]))
        : undefined,
    },
    expect: {
      destination: read.text(expected.get('destination')),
      subset: read.text(expected.get('subset')),
      shares: expected.has('shares') ? read.numbers(expected.get('shares')) : undefined,
      path: read.text(expected.get('path')),
      host: read.text(expected.get('host')),
      headers: read.texts(expected.get('headers')),
      redirect: read.text(expected.get('redirect')),
      status: read.number(expected.get('status')),
      route: read.text(expected.get('route')),
      unreachable: read.boolean(expected.get('unreachable')),
    },
    problems,
  };
}

type Fields = ReadonlyMap<string, MapEntry>;

const WANTED: Readonly<Record<Extract<TestShape, string>, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  texts: 'names with texts',
  numbers: 'names with numbers',
  request: 'a request line, or an object with method, url and headers',
};

/** Reads fields by their shapes, and collects what is wrong with them. */
class FieldReader {
  readonly #anchor: Anchor;
  readonly #problems: TestProblem[];

  constructor(anchor: Anchor, problems: TestProblem[]) {
    this.#anchor = anchor;
    this.#problems = problems;
  }

  /** The entries whose values have the right shape, by name. */
  fields(map: MapNode, type: TestType, at: Span): Fields {
    const known = TEST_FIELDS[type];
    const fields = new Map<string, MapEntry>();
    const present = new Set(effectiveEntriesOf(map).map(({ key }) => key.source));
    const free = Object.keys(known).filter(name => !present.has(name));
    for (const entry of effectiveEntriesOf(map)) {
      const name = entry.key.source;
      const field = Object.hasOwn(known, name) ? known[name] : undefined;
      const key = span(this.#anchor, entry.key);
      if (field === undefined) this.#problems.push({ kind: 'unknown-field', at: key, field: name, type, free });
      else if (!fits(entry.value, field.shape)) {
        const where = isNull(entry.value) ? key : span(this.#anchor, entry.value);
        const wanted = typeof field.shape === 'string' ? WANTED[field.shape] : 'an object';
        this.#problems.push({ kind: 'invalid-value', at: where, field: name, type, wanted });
      } else fields.set(name, entry);
    }
    for (const [name, { required }] of Object.entries(known)) {
      if (required === true && !present.has(name))
        this.#problems.push({ kind: 'missing-field', at, field: name, type });
    }
    return fields;
  }

  object(entry: MapEntry | undefined, type: TestType): Fields {
    const map = resolve(entry?.value);
    if (entry === undefined || map?.kind !== 'map') return new Map();
    return this.fields(map, type, span(this.#anchor, entry.key));
  }

  request(entry: MapEntry | undefined, test: MapNode): TestRequest {
    const none = { line: undefined, method: '', url: '', headers: [] };
    if (entry === undefined) return { ...none, at: span(this.#anchor, { start: test.start, end: test.start }) };
    const value = resolve(entry.value);
    const line = this.text(entry);
    if (line !== undefined) return { ...none, at: span(this.#anchor, entry.value), line: line.value };
    if (value?.kind !== 'map') return { ...none, at: span(this.#anchor, entry.key) };
    const fields = this.fields(value, 'request', span(this.#anchor, entry.key));
    return {
      at: span(this.#anchor, fields.get('url')?.value ?? entry.key),
      line: undefined,
      method: this.text(fields.get('method'))?.value ?? 'GET',
      url: this.text(fields.get('url'))?.value ?? '',
      headers: this.texts(fields.get('headers')).map(({ name, at }) => [name, at.value] as const),
    };
  }

  /** A scalar as a text: `1` and `true` are texts as well, where one is wanted. */
  text(entry: MapEntry | undefined): Located<string> | undefined {
    const scalar = resolve(entry?.value);
    return scalar?.kind === 'scalar' ? locate(scalar.source, this.#anchor, scalar) : undefined;
  }

  number(entry: MapEntry | undefined): Located<number> | undefined {
    const scalar = resolve(entry?.value);
    const isNumber = scalar?.kind === 'scalar' && typeof scalar.value === 'number';
    return isNumber ? locate(Number(scalar.value), this.#anchor, scalar) : undefined;
  }

  boolean(entry: MapEntry | undefined): Located<boolean> | undefined {
    const scalar = resolve(entry?.value);
    const isBoolean = scalar?.kind === 'scalar' && typeof scalar.value === 'boolean';
    return isBoolean ? locate(scalar.value === true, this.#anchor, scalar) : undefined;
  }

  texts(entry: MapEntry | undefined): readonly Named<string>[] {
    return this.#pairs(entry).flatMap(pair => {
      const value = this.text(pair);
      return value === undefined ? [] : [{ name: pair.key.source, at: value }];
    });
  }

  numbers(entry: MapEntry | undefined): readonly Named<number>[] {
    return this.#pairs(entry).flatMap(pair => {
      const value = this.number(pair);
      return value === undefined ? [] : [{ name: pair.key.source, at: value }];
    });
  }

  #pairs(entry: MapEntry | undefined): readonly MapEntry[] {
    const map = resolve(entry?.value);
    return map?.kind === 'map' ? effectiveEntriesOf(map) : [];
  }
}

function fits(node: YamlNode, shape: TestShape): boolean {
  const value = resolve(node);
  if (value === undefined || isNull(value)) return false;
  if (typeof shape !== 'string') return value.kind === 'map';
  switch (shape) {
    case 'text':
      return value.kind === 'scalar';
    case 'number':
      return value.kind === 'scalar' && typeof value.value === 'number';
    case 'boolean':
      return value.kind === 'scalar' && typeof value.value === 'boolean';
    case 'request':
      return value.kind === 'scalar' || value.kind === 'map';
    case 'texts':
      return value.kind === 'map' && value.entries.every(entry => fits(entry.value, 'text'));
    case 'numbers':
      return value.kind === 'map' && value.entries.every(entry => fits(entry.value, 'number'));
  }
}
