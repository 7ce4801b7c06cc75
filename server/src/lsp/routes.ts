import { type FileId, type ResourceType, RULES, type Snapshot, type SourceFile, type Span } from '../analysis.ts';
import type { ExplainAnswer, ExplainParams } from '../contract/explain.ts';
import type { Place, RouteModel, RoutesParams } from '../contract.ts';
import type { Documents } from './documents.ts';
import type { Features, Runtime, Timer } from './runtime.ts';
import { toPlace, type View } from './to-protocol.ts';

/**
 * Milliseconds without a change until the client is told that tables may have changed: as many as the last table took to
 * make, within these bounds. A small table follows every letter, and a long one does not slow down typing.
 */
const SHORTEST_WAIT = 10;
const LONGEST_WAIT = 100;

export interface RoutesSource {
  readonly runtime: Pick<Runtime, 'timers' | 'now'>;
  readonly documents: Documents;
  readonly features: Pick<Features, 'routeModel' | 'explainRequest'>;
  readonly indexing: boolean;
  snapshot(): Snapshot;
  view(snapshot: Snapshot): View;
}

/** The route tables as the preview sees them: the last good ones stay while an open document is broken. */
export class Routes {
  readonly #source: RoutesSource;
  readonly #notify: () => void;
  #timer: Timer | undefined;
  /** While a document is broken: the workspace as it was before. */
  #lastGood: Snapshot | undefined;
  /** Milliseconds that the last table took. */
  #cost = LONGEST_WAIT;

  /** @param notify tells the client that a table may have changed */
  constructor(source: RoutesSource, notify: () => void) {
    this.#source = source;
    this.#notify = notify;
  }

  model(params: RoutesParams): RouteModel {
    const { features, indexing, runtime } = this.#source;
    const snapshot = this.#source.snapshot();
    const broken = this.#brokenAt(snapshot);
    if (broken === undefined) this.#lastGood = undefined;
    const place = broken === undefined ? undefined : toPlace(this.#source.view(snapshot), broken);
    const stale = broken === undefined || place === undefined ? undefined : { place, message: wordsOf(broken) };
    const shown = this.shown();
    const start = runtime.now();
    const model = features.routeModel(shown, params, this.#placesIn(shown, snapshot));
    if (model.rest === undefined) this.#cost = runtime.now() - start;
    return { ...model, stale, indexing };
  }

  /** What a proxy would do with a request, by the tables that the preview shows. */
  explain(params: ExplainParams): ExplainAnswer {
    const snapshot = this.#source.snapshot();
    if (this.#brokenAt(snapshot) === undefined) this.#lastGood = undefined;
    const shown = this.shown();
    return this.#source.features.explainRequest(shown, params, this.#placesIn(shown, snapshot));
  }

  /** What stands in a part of a document that has not changed moves with it: its place is in the present text. */
  #placesIn(shown: Snapshot, present: Snapshot): (span: Span) => Place | undefined {
    const [then, now] = [this.#source.view(shown), this.#source.view(present)];
    return span => toPlace(now, span) ?? toPlace(then, span);
  }

  /** The workspace whose tables are shown. */
  shown(): Snapshot {
    return this.#lastGood ?? this.#source.snapshot();
  }

  /** Tells the client a little later when one of the changed files contributes to a table, or did so. */
  changed(before: Snapshot, after: Snapshot, files: Iterable<FileId>): void {
    if (this.#brokenAt(after) === undefined) this.#lastGood = undefined;
    else this.#lastGood ??= before;
    if (before === after || this.#source.indexing) return;
    for (const id of files) {
      const [old, now] = [before.file(id), after.file(id)];
      if (old === now || (!contributes(old) && !contributes(now))) continue;
      this.changedAll();
      return;
    }
  }

  /** Tells the client a little later, whatever has changed. */
  changedAll(): void {
    this.#timer?.cancel();
    const wait = Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, this.#cost));
    this.#timer = this.#source.runtime.timers.after(wait, this.#notify);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Where an open document cannot be read; of several the one that was edited last. */
  #brokenAt(snapshot: Snapshot): Broken | undefined {
    for (const id of this.#source.documents.recent) {
      const at = snapshot.file(id)?.brokenAt;
      if (at !== undefined) return at;
    }
    return undefined;
  }
}

type Broken = NonNullable<SourceFile['brokenAt']>;

/** Types that no table depends on. */
const APART: ReadonlySet<ResourceType> = new Set([
  ...(['Secret', 'ConfigMap', 'KubernetesGateway', 'ServiceAccount', 'Other'] as const),
]);

function contributes(file: SourceFile | undefined): boolean {
  if (file === undefined) return false;
  return file.resources.some(({ type }) => !APART.has(type)) || file.brokenAt !== undefined;
}

/** What the rules say of a place that cannot be read. */
function wordsOf({ anchor, start }: Broken): string {
  for (const rule of RULES) {
    if (rule.scope !== 'document') continue;
    try {
      for (const { at, message } of rule.check(anchor)) if (at.start === start) return message;
    } catch {
      // The fault of a rule is told where findings are published.
    }
  }
  return 'this YAML cannot be read';
}
