import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { findingsOf } from './findings.ts';
import { parseFixture } from './fixture.ts';
import { snapshotOf } from './fixtures.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FIXTURES = path.join(ROOT, 'test/fixtures/rules');
const LIST = path.join(ROOT, 'schemas/validation.yaml');
const ANALYZERS = path.join(ROOT, 'schemas/analyzers.yaml');

/**
 * `schemas/validation.yaml`: what Istio's validation and its CRDs judge, and what of it is done; with the codes of
 * `schemas/analyzers.yaml`, of which none may be open.
 */
export interface ValidationList {
  readonly groups: readonly ValidationGroup[];
  /** Ids, or whole groups, of which a file of manifests holds nothing, with the reason. */
  readonly notInFiles: ReadonlyMap<string, string>;
  /** Ids that no rule shows yet. */
  readonly open: ReadonlySet<string>;
}

export interface ValidationGroup {
  /** Such as `VS`. */
  readonly name: string;
  /** From `analyzers.yaml`: codes of others' tools, none of which may wait for a rule. */
  readonly ofAnalyzers: boolean;
  readonly about: string;
  /** A few words by id. */
  readonly meanings: ReadonlyMap<string, string>;
}

interface RawList {
  readonly ids: Readonly<
    Record<string, { readonly about: string; readonly meanings: Readonly<Record<string, string>> }>
  >;
  readonly notInFiles: Readonly<Record<string, string>>;
  readonly open: Readonly<Record<string, readonly string[] | null>> | null;
}

export function readValidationList(): ValidationList {
  const raw = parse(readFileSync(LIST, 'utf8')) as RawList;
  const analyzers = parse(readFileSync(ANALYZERS, 'utf8')) as Omit<RawList, 'open'>;
  const groupsOf = ({ ids }: Pick<RawList, 'ids'>, ofAnalyzers: boolean): readonly ValidationGroup[] =>
    Object.entries(ids).map(([name, { about, meanings }]) => ({
      name,
      ofAnalyzers,
      about,
      meanings: new Map(Object.entries(meanings)),
    }));
  return {
    groups: [...groupsOf(raw, false), ...groupsOf(analyzers, true)],
    notInFiles: new Map(Object.entries({ ...raw.notInFiles, ...analyzers.notInFiles })),
    open: new Set(Object.values(raw.open ?? {}).flatMap(ids => ids ?? [])),
  };
}

/** The file with its list of open ids made anew; nothing else of it changes. */
export function withOpen(list: ValidationList, open: ReadonlySet<string>): { path: string; text: string } {
  const text = readFileSync(LIST, 'utf8');
  const head = text.slice(0, text.search(/^open:/m));
  const groups = list.groups.flatMap(({ name, meanings, ofAnalyzers }) => {
    if (ofAnalyzers) return [];
    const ids = [...meanings.keys()].filter(id => open.has(id));
    return ids.length === 0 ? [] : [`  ${name}:`, ...ids.map(id => `    - ${id}`)];
  });
  return { path: LIST, text: `${head}open:${groups.length === 0 ? ' {}' : `\n${groups.join('\n')}`}\n` };
}

/** Where an id is shown: a rule, and a fixture of it in which a finding carries the id. */
export interface Shown {
  readonly rule: string;
  /** Relative to `test/fixtures/rules`. */
  readonly fixture: string;
}

const ID = /^([A-Z]{2,4}-\d\d|(IST|KIA)\d{4})$/;

/** `VS` of `VS-28`, `IST` of `IST0101`. */
export function groupOf(id: string): string {
  return /^[A-Z]*/.exec(id)?.[0] ?? '';
}

/** What the findings in all fixtures of rules carry. */
export interface ShownIds {
  /** Each id with the first fixture of each rule that shows it. */
  readonly shown: ReadonlyMap<string, readonly Shown[]>;
  /** Rules with findings that have no codes of their own. */
  readonly vague: ReadonlySet<string>;
}

export function shownIds(): ShownIds {
  const shown = new Map<string, Shown[]>();
  const vague = new Set<string>();
  for (const file of readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.yaml')) continue;
    const { files, options } = parseFixture(readFileSync(path.join(FIXTURES, file), 'utf8'));
    const fixture = file.split(path.sep).join('/');
    for (const { rule, codes: own } of findingsOf(snapshotOf(files, options))) {
      if (own === undefined) vague.add(rule.id);
      const codes = own ?? rule.codes ?? [];
      // What a rule says of the fixtures of others does not count.
      if (path.posix.dirname(fixture) !== rule.id) continue;
      for (const id of codes.filter(code => ID.test(code))) {
        const places = shown.get(id) ?? [];
        if (!places.some(place => place.rule === rule.id)) places.push({ rule: rule.id, fixture });
        shown.set(id, places);
      }
    }
  }
  return { shown, vague };
}

/** As many rules as a line of the table names; IST0106 stands for nearly all of them. */
const MOST = 20;

/** `docs/coverage.md` */
export function coveragePage(list: ValidationList, shown: ReadonlyMap<string, readonly Shown[]>): string {
  const all = list.groups.flatMap(({ meanings }) => [...meanings.keys()]);
  const reasonOf = (id: string): string | undefined => list.notInFiles.get(id) ?? list.notInFiles.get(groupOf(id));
  const covered = all.filter(id => shown.has(id)).length;
  const outside = all.filter(id => !shown.has(id) && reasonOf(id) !== undefined).length;
  const open = all.length - covered - outside;
  const tables = list.groups.map(({ name, about, meanings }) => {
    const rows = [...meanings].map(([id, meaning]) => {
      const places = shown.get(id);
      if (places !== undefined && places.length > MOST)
        return `| ${id} | ${meaning} | ${places.length} rules; the other ids tell which | |`;
      const rule = places?.map(place => `[${place.rule}](rules/${place.rule}.md)`).join(', ');
      const fixture = places?.map(
        place => `[${path.posix.basename(place.fixture, '.yaml')}](../test/fixtures/rules/${place.fixture})`,
      );
      const reason = reasonOf(id);
      return `| ${id} | ${meaning} | ${rule ?? (reason === undefined ? '**open**' : `no rule: ${reason}`)} | ${fixture?.join(', ') ?? ''} |`;
    });
    return `## ${name}: ${about}\n\n| id | what is judged | rule | fixture |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Coverage of Istio's validation

What Istio's admission and the schemas of its CRDs judge, what \`istioctl analyze\` and the Kiali console report, and the
rule that says it in the editor. Made from \`schemas/validation.yaml\`, \`schemas/analyzers.yaml\` and from what the findings
in the rules' fixtures carry, by \`npm run update\`.

${all.length} ids: ${covered} shown by a rule and a fixture, ${outside} without a rule, with the reason, ${open} open.

${tables.join('\n')}`;
}
