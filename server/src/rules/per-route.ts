import type { TypedResource } from '../model/decode.ts';
import { KeptRoutes } from '../model/kept-routes.ts';
import type { HttpRoute, VirtualService } from '../model/virtual-service.ts';
import { isMoving, Placed } from '../text/frame.ts';
import type { Span } from '../text/range.ts';
import type { Index } from '../workspace/index.ts';
import type { Reads } from '../workspace/reads.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { entry, type MapNode, type YamlNode } from '../yaml/node.ts';
import type { Finding } from './rule.ts';

/**
 * Rules that look at one HTTP rule of a VirtualService at a time (`per: 'route'`) judge a long VirtualService rule by
 * rule: what they have found is kept with each, as long as it, the head of the resource, and what they have read of the
 * workspace stay the same. An edit in one of a thousand rules judges one.
 */

/** One part of a VirtualService: one HTTP rule with everything around it, or everything but the HTTP rules. */
export interface Part {
  readonly resource: VirtualService;
  /** Undefined for everything but the HTTP rules. */
  readonly route: HttpRoute | undefined;
}

/** Whether the HTTP rules of a VirtualService are objects that survive edits of others. */
export function isInParts(vs: VirtualService): boolean {
  const [first] = vs.http;
  return vs.http.length > 1 && first !== undefined && isMoving(first.at);
}

const ofOneRoute = new WeakSet<TypedResource>();

/** Whether a resource is the part with one HTTP rule: what stands beside the HTTP rules is for another part to judge. */
export function isOneRoute(resource: TypedResource): boolean {
  return ofOneRoute.has(resource);
}

/** What rules have found in one HTTP rule, and for what. */
interface Kept<F extends Finding> {
  readonly head: object;
  /** What else was read: the same object while it means the same. */
  readonly world: object;
  /** What of it was read. */
  readonly reads: Reads | undefined;
  /** Where they stand; an old document is not held for no findings. */
  readonly document: YamlDocument | undefined;
  /** Where the rule began in that document. */
  readonly start: number;
  readonly findings: readonly F[];
}

/** What rules read beside the resource. */
export interface World {
  /** The same object while it is the same as a whole. */
  readonly token: object;
  /** Where what was read of it was recorded. */
  readonly index?: Index;
}

/** What was found in a part. */
export interface JudgedPart<F extends Finding> {
  readonly findings: readonly F[];
  /** No rule has failed: else nothing is kept. */
  readonly isWhole: boolean;
  readonly reads?: Reads | undefined;
}

/** Keeps findings for HTTP rules; one for each set of rules that is asked together. */
export class RouteMemo<F extends Finding> {
  readonly #kept = new WeakMap<HttpRoute, Kept<F>>();
  /** The same, in the order of a VirtualService. */
  readonly #lists = new KeptRoutes<Kept<F> | undefined>();

  /**
   * The findings of all parts, those of unchanged HTTP rules from before.
   *
   * @param world what the rules read beside the resource
   * @param judge runs the rules on a part
   * @param onReads takes what was read for the findings of a part
   */
  *findings(
    vs: VirtualService,
    world: World,
    judge: (part: Part) => JudgedPart<F>,
    onReads: (reads: Reads) => void = () => undefined,
  ): Generator<undefined, readonly F[], undefined> {
    const head = headOf(vs);
    const ofHead = judge({ resource: { ...vs, http: [] }, route: undefined });
    if (ofHead.reads !== undefined) onReads(ofHead.reads);
    const found: F[] = [...ofHead.findings];
    const last = this.#lists.before(vs);
    const list: (Kept<F> | undefined)[] = [];
    for (const [place, route] of vs.http.entries()) {
      const before = last[place] ?? this.#kept.get(route);
      const held = before?.head === head ? this.#held(route, before, world) : undefined;
      if (held !== undefined) {
        if (held.reads !== undefined) onReads(held.reads);
        const moved = held.findings.length === 0 ? held : this.#moved(vs, route, held);
        list.push(moved);
        for (const finding of moved.findings) found.push(finding);
        continue;
      }
      list.push(undefined);
      yield;
      const resource = { ...vs, http: [route], tls: [], tcp: [] };
      ofOneRoute.add(resource);
      const { findings, isWhole, reads } = judge({ resource, route });
      if (reads !== undefined) onReads(reads);
      for (const finding of findings) found.push(finding);
      if (!isWhole || !findings.every(finding => standsIn(finding, vs.document, route.at))) continue;
      const document = findings.length === 0 ? undefined : vs.document;
      const kept: Kept<F> = { head, world: world.token, reads, document, start: route.at.start, findings };
      this.#kept.set(route, kept);
      list[place] = kept;
    }
    this.#lists.keep(vs, list);
    return found;
  }

  /** What was found before, if what was read is still the same. */
  #held(route: HttpRoute, before: Kept<F>, { token, index }: World): Kept<F> | undefined {
    if (before.world === token) return before;
    if (index === undefined || before.reads?.holdIn(index) !== true) return undefined;
    const held = { ...before, world: token };
    this.#kept.set(route, held);
    return held;
  }

  /** Findings of an earlier state of the document, at their present places. */
  #moved(vs: VirtualService, route: HttpRoute, before: Kept<F>): Kept<F> {
    const { document } = before;
    if (document === undefined || document === vs.document) return before;
    const { start } = route.at;
    const move = (span: Span): Span => movedSpan(span, document, vs.document, start - before.start);
    const findings = before.findings.map(
      (finding): F => ({
        ...finding,
        at: move(finding.at),
        ...(finding.related !== undefined && {
          related: finding.related.map(note => ({ ...note, at: move(note.at) })),
        }),
        ...(finding.fade !== undefined && { fade: move(finding.fade) }),
        ...(finding.fixes !== undefined && {
          fixes: finding.fixes.map(fix => ({
            ...fix,
            edits: fix.edits.map(edit => {
              const { anchor, start: from, end } = move(edit);
              return { anchor, start: from, end, newText: edit.newText };
            }),
          })),
        }),
      }),
    );
    const kept = { ...before, document: vs.document, start, findings };
    this.#kept.set(route, kept);
    return kept;
  }
}

/** A span of numbers in a new document; one that moves by itself is as it is. */
function movedSpan(span: Span, from: YamlDocument, to: YamlDocument, shift: number): Span {
  if (span instanceof Placed || span.anchor !== from) return span;
  return { anchor: to, start: span.start + shift, end: span.end + shift };
}

/** Whether every place of a finding that is given as numbers is inside an HTTP rule: only there they can be moved. */
function standsIn({ at, related = [], fixes = [], fade }: Finding, document: YamlDocument, route: Span): boolean {
  const spans = [
    at,
    ...(fade === undefined ? [] : [fade]),
    ...related.map(note => note.at),
    ...fixes.flatMap(({ edits }) => edits),
  ];
  return spans.every(
    span =>
      span instanceof Placed ||
      span.anchor !== document ||
      (route.start <= span.start && span.start <= route.end + 1 && span.end <= route.end + 1),
  );
}

interface Head {
  readonly nodes: readonly YamlNode[];
  readonly names: string;
  readonly token: object;
}

const heads = new WeakMap<MapNode, Head>();

/** Stands for everything of a VirtualService but its HTTP rules: the same object while that stays the same. */
function headOf(vs: VirtualService): object {
  const metadata = entry(vs.node, 'metadata')?.value;
  if (metadata?.kind !== 'map') return {};
  const parts = [...vs.node.entries, ...(vs.spec?.entries ?? [])].filter(
    ({ value }) => value !== vs.spec && !holdsRoutes(value, vs),
  );
  const nodes = parts.map(({ value }) => value);
  const names = `${vs.namespace} ${parts.map(({ key }) => key.source).join(' ')}`;
  const before = heads.get(metadata);
  if (before?.names === names && before.nodes.length === nodes.length && before.nodes.every((n, i) => n === nodes[i]))
    return before.token;
  const token = {};
  heads.set(metadata, { nodes, names, token });
  return token;
}

function holdsRoutes(value: YamlNode, vs: VirtualService): boolean {
  return value.kind === 'seq' && value === entry(vs.spec, 'http')?.value;
}
