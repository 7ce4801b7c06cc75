import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import { type FileId, RULES, type RuleFinding, type RuleOptions, type Snapshot, type Steps } from '../analysis.ts';
import type { Documents } from './documents.ts';
import type { Faults } from './guard.ts';
import type { JudgedDiagnostics } from './known-diagnostics.ts';
import { Rehearsal } from './rehearsal.ts';
import type { Features, Runtime } from './runtime.ts';
import { inSlices, Slices, type Work } from './schedule.ts';
import type { Settings } from './settings.ts';
import { toDiagnostics } from './to-diagnostic.ts';
import type { View } from './to-protocol.ts';

/** Milliseconds without an edit until the edited document is judged, at most: what takes long waits for a pause. */
const AFTER_EDIT = 60;
/** Judging that takes no longer than so many milliseconds does not wait at all. */
const CHEAP = 12;
/** Milliseconds more until files that are not open are judged: nobody waits for them. */
const BEFORE_REST = 200;

/** As many when they are shown as an earlier session has left them: what is written to the client goes first. */
const AFTER_KNOWN = 500;

/** What the publisher needs of the session. */
export interface DiagnosticsSource {
  readonly runtime: Pick<Runtime, 'timers' | 'now'>;
  readonly documents: Documents;
  readonly features: Pick<Features, 'fileFindings'>;
  readonly faults: Faults;
  readonly settings: Settings;
  /** Files are still missing: what is not found may yet come. */
  readonly indexing: boolean;
  /** Settings have come from the client: before, nothing is published. */
  readonly ready: boolean;
  snapshot(): Snapshot;
  view(snapshot: Snapshot): View;
  /** Told when everything has been judged, and nothing has changed since. */
  onRest(): void;
}

/** What the client shows of a file: the version, the findings and the diagnostics made of them. */
interface Shown {
  readonly uri: string;
  readonly version: number | undefined;
  readonly findings: readonly RuleFinding[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What was found in a file, and the snapshot in which the places are. */
export interface Found {
  readonly snapshot: Snapshot;
  readonly findings: readonly RuleFinding[];
}

/** The inputs of findings, with a new number whenever one of them has changed. */
interface State {
  readonly serial: number;
  readonly snapshot: Snapshot;
  readonly settings: Settings;
  readonly indexing: boolean;
}

/**
 * The one publisher of diagnostics: open documents first, the one edited last before all, then every other file. An edit
 * drops what is running. It pushes; pulling would ask `findings` and convert in the same way.
 */
export class Diagnostics {
  readonly #source: DiagnosticsSource;
  readonly #publish: (params: PublishDiagnosticsParams) => void;
  readonly #open: Slices;
  readonly #rest: Slices;
  readonly #rehearsal = new Rehearsal();
  #current: State | undefined;
  /** For which state a file was judged last. Only its number is kept, as a state holds a whole snapshot. */
  readonly #judged = new Map<FileId, number>();
  readonly #shown = new Map<FileId, Shown>();
  /** Of open documents, for code actions. */
  readonly #findings = new Map<FileId, { readonly serial: number; readonly findings: readonly RuleFinding[] }>();

  /** What is known of the whole workspace from an earlier session, until it is shown. */
  #known: JudgedDiagnostics | undefined;
  /** The states in which everything has been judged, and in which something has failed, the last ones. */
  #restedIn: number | undefined;
  #failedIn: number | undefined;

  constructor(source: DiagnosticsSource, publish: (params: PublishDiagnosticsParams) => void) {
    this.#source = source;
    this.#publish = publish;
    const onFault = (fault: unknown): void => source.faults.report('diagnostics', fault);
    this.#open = new Slices(source.runtime, onFault);
    this.#rest = new Slices(source.runtime, onFault);
  }

  /** Something has changed: `edit` lets the user type on, `other` is judged at once. */
  changed(by: 'edit' | 'other'): void {
    this.#rest.stop();
    if (this.#source.ready) this.#open.start(by === 'edit' ? this.#patience : 0, () => this.#judgeOpen());
  }

  /** How long to wait for the next key: the longer, the more would be done in vain. */
  get #patience(): number {
    const { cost } = this.#open;
    return cost <= CHEAP ? 0 : Math.min(cost, AFTER_EDIT);
  }

  /** Open documents are being judged: what is less urgent had better wait. */
  get isUrgent(): boolean {
    return this.#open.isActive;
  }

  /** A document was opened or closed: what was told of it was told of another version, or of none. */
  renew(id: FileId): void {
    this.#findings.delete(id);
    this.#judged.delete(id);
  }

  /** Takes what is known of the whole workspace: it is shown before it is judged, if nothing has changed until then. */
  expect(known: JudgedDiagnostics | undefined): void {
    this.#known = known;
  }

  /**
   * What is shown of all files, when all have been judged as they are now and nothing has failed; with another number
   * for every state.
   */
  get rested(): (JudgedDiagnostics & { readonly serial: number }) | undefined {
    const { serial, snapshot, settings } = this.#state();
    if (this.#restedIn !== serial || this.#failedIn === serial) return undefined;
    const diagnostics = new Map([...this.#shown].map(([id, shown]) => [id, shown.diagnostics]));
    return { serial, snapshot, settings, diagnostics };
  }

  /**
   * Judges files by themselves. What is found is kept with their resources, so that the first question that needs
   * all resources judged (which of them would Istio refuse?) does not have to do it in one piece.
   */
  *prepare(ids: Iterable<FileId>): Steps<void> {
    const snapshot = this.#source.snapshot();
    for (const id of ids) {
      yield* this.#source.features.fileFindings(snapshot, id, {
        severities: SILENT_WHILE_INDEXING,
        onFault: (rule, fault) => this.#source.faults.report(`rule ${rule.id}`, fault),
        isPreparing: true,
      });
    }
  }

  stop(): void {
    this.#open.stop();
    this.#rest.stop();
  }

  /**
   * The findings of a document, with the snapshot that they are of; `undefined` when the document itself was edited
   * meanwhile. What else changes (another file is read, settings come) only makes it begin anew.
   *
   * @param isDropped nobody waits any more
   */
  async findings(id: FileId, isDropped: () => boolean): Promise<Found | undefined> {
    const asked = this.#source.snapshot().file(id)?.text;
    while (!isDropped()) {
      const state = this.#state();
      if (state.snapshot.file(id)?.text !== asked) return undefined;
      const known = this.#findings.get(id);
      const { snapshot } = state;
      if (known?.serial === state.serial) return { snapshot, findings: known.findings };
      const isStale = (): boolean => isDropped() || this.#state() !== state;
      const findings = await inSlices(this.#find(id, state), this.#source.runtime, isStale);
      if (findings !== undefined) return { snapshot, findings };
    }
    return undefined;
  }

  *#judgeOpen(): Work {
    const state = this.#state();
    for (const [id, { uri }] of this.#shown) if (state.snapshot.file(id) === undefined) this.#clear(id, uri);
    let isIdle = true;
    for (const id of this.#source.documents.recent) if (yield* this.#judge(id, state)) isIdle = false;
    if (!state.indexing && this.#known !== undefined) this.#rest.start(0, () => this.#showKnown());
    else if (!state.indexing) this.#rest.start(BEFORE_REST, () => this.#judgeRest());
    return isIdle ? 'idle' : undefined;
  }

  *#judgeRest(): Work {
    const state = this.#state();
    for (const id of state.snapshot.files.keys()) yield* this.#judge(id, state);
    this.#restedIn = state.serial;
    this.#source.onRest();
    yield* this.#rehearsal.run(state.snapshot, this.#source.view(state.snapshot), this.#source.documents.recent);
    return undefined;
  }

  /** Open documents are shown as they are judged, and other files of which something is shown, too. */
  *#showKnown(): Work {
    const { snapshot, settings } = this.#state();
    const known = this.#known;
    if (known?.snapshot === snapshot && known.settings === settings) {
      const { uriOf } = this.#source.view(snapshot);
      for (const [id, diagnostics] of known.diagnostics) {
        if (this.#source.documents.has(id) || this.#shown.has(id) || snapshot.file(id) === undefined) continue;
        const uri = uriOf(id);
        this.#shown.set(id, { uri, version: undefined, findings: NOT_JUDGED, diagnostics });
        this.#publish({ uri, diagnostics: [...diagnostics] });
        yield;
      }
    }
    this.#known = undefined;
    this.#rest.start(AFTER_KNOWN, () => this.#judgeRest());
    return undefined;
  }

  /** Whether something was found anew. */
  *#judge(id: FileId, state: State): Steps<boolean> {
    if (this.#judged.get(id) === state.serial) return false;
    const before = this.#shown.get(id)?.findings;
    const findings = yield* this.#find(id, state);
    this.#show(id, state, findings);
    this.#judged.set(id, state.serial);
    yield;
    return findings !== before;
  }

  *#find(id: FileId, state: State): Steps<readonly RuleFinding[]> {
    const { documents, faults, features } = this.#source;
    let findings: readonly RuleFinding[] = [];
    try {
      findings = yield* features.fileFindings(state.snapshot, id, {
        severities: state.indexing
          ? { ...state.settings.severities, ...SILENT_WHILE_INDEXING }
          : state.settings.severities,
        onFault: (rule, fault) => {
          this.#failedIn = state.serial;
          faults.report(`rule ${rule.id}`, fault);
        },
      });
    } catch (fault) {
      this.#failedIn = state.serial;
      faults.report('findings', fault);
    }
    if (documents.has(id)) this.#findings.set(id, { serial: state.serial, findings });
    return findings;
  }

  #show(id: FileId, state: State, findings: readonly RuleFinding[]): void {
    const { snapshot } = state;
    const file = snapshot.file(id);
    if (file === undefined) return;
    const view = this.#source.view(snapshot);
    const version = view.versionOf(id);
    const uri = view.uriOf(id);
    const shown = this.#shown.get(id);
    if (
      shown === undefined ? version === undefined && findings.length === 0 : isShown(shown, { uri, version, findings })
    )
      return;
    const diagnostics = toDiagnostics(view, file, findings);
    // An edit may have moved or swallowed what the editor shows: a new version is told even what has not changed.
    if (shown?.version === version && isSame(shown?.diagnostics ?? [], diagnostics)) {
      if (shown !== undefined) this.#shown.set(id, { ...shown, findings, diagnostics });
      return;
    }
    // The editor has come to write the URI in another way: what it shows under the old one would stay.
    if (shown !== undefined && shown.uri !== uri) this.#publish({ uri: shown.uri, diagnostics: [] });
    if (version === undefined && diagnostics.length === 0) this.#shown.delete(id);
    else this.#shown.set(id, { uri, version, findings, diagnostics });
    this.#publish({ uri, diagnostics, ...(version !== undefined && { version }) });
  }

  #clear(id: FileId, uri: string): void {
    this.#shown.delete(id);
    this.#judged.delete(id);
    this.#publish({ uri, diagnostics: [] });
  }

  #state(): State {
    const { settings, indexing } = this.#source;
    const snapshot = this.#source.snapshot();
    const known = this.#current;
    if (known?.snapshot === snapshot && known.settings === settings && known.indexing === indexing) return known;
    this.#current = { serial: (known?.serial ?? 0) + 1, snapshot, settings, indexing };
    return this.#current;
  }
}

/** Stands for the findings of a file that is shown as it was in an earlier session. */
const NOT_JUDGED: readonly RuleFinding[] = [];

/** Whether the same list of findings is shown already. Places in other files may have moved. */
function isShown(shown: Shown, { uri, version, findings }: Omit<Shown, 'diagnostics'>): boolean {
  if (shown.findings !== findings || shown.version !== version || shown.uri !== uri) return false;
  return findings.every(({ at, related = [] }) => related.every(note => note.at.anchor.file === at.anchor.file));
}

function isSame(a: readonly Diagnostic[], b: readonly Diagnostic[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((one, at) => one === b[at] || JSON.stringify(one) === JSON.stringify(b[at]));
}

/** Rules that judge by what else there is must wait until everything is known. */
const SILENT_WHILE_INDEXING: RuleOptions['severities'] = Object.fromEntries(
  RULES.filter(rule => rule.scope === 'workspace').map(rule => [rule.id, 'off']),
);
