/**
 * Fixtures are their own goldens: valid YAML in which all markup is comments (ARCHITECTURE.md, “Fixtures”).
 *
 *     # Why this case exists.
 *     #! key: value            an option of the case
 *     #- path.yaml             starts a file; without any, the whole text is fixture.yaml
 *     spec:
 *       host: reviews
 *     #       ^^^^^^^ label     a mark under the line before
 *     #<-- label               a mark whose range starts in column 0
 *       subset: $0             the cursor; twice for a selection
 *     #= name                  an expected result; its lines are comments
 */

export interface Fixture {
  readonly options: ReadonlyMap<string, string>;
  readonly files: readonly FixtureFile[];
  /** Start and end of the selection; equal for a cursor. */
  readonly cursor: { readonly file: string; readonly start: number; readonly end: number } | undefined;
  /** Names of the expected results, in order. */
  readonly results: readonly string[];
  readonly source: string;
}

export interface FixtureFile {
  readonly path: string;
  readonly text: string;
}

export interface Mark {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

const FILE = /^#- (\S+)$/;
const OPTION = /^#! ([\w.-]+): (.*)$/;
const RESULT = /^#= (\S.*)$/;
const MARK = /^(#\s*\^+ |#<-- )/;
const CURSOR = '$0';

export function parseFixture(source: string): Fixture {
  const options = new Map<string, string>();
  const files: { path: string; lines: string[] }[] = [];
  const results: string[] = [];
  let current: string[] | undefined;
  for (const line of source.split('\n')) {
    const file = FILE.exec(line)?.[1];
    const [, option, value] = OPTION.exec(line) ?? [];
    const result = RESULT.exec(line)?.[1];
    if (file !== undefined) {
      current = [];
      files.push({ path: file, lines: current });
    } else if (option !== undefined && value !== undefined) options.set(option, value);
    else if (result !== undefined) {
      results.push(result);
      current = undefined;
    } else if (results.length > 0 || MARK.test(line)) continue;
    else if (current !== undefined) current.push(line);
    else if (!line.startsWith('#') || files.length > 0) {
      current = [line];
      files.push({ path: 'fixture.yaml', lines: current });
    }
  }
  const texts = files.map(({ path, lines }) => ({ path, text: lines.join('\n') }));
  const cursor = findCursor(texts);
  const clean = texts.map(file => ({ ...file, text: file.text.replaceAll(CURSOR, '') }));
  return { options, files: clean.map(withFinalBreak), cursor, results, source };
}

function withFinalBreak(file: FixtureFile): FixtureFile {
  return file.text === '' || file.text.endsWith('\n') ? file : { ...file, text: `${file.text}\n` };
}

function findCursor(files: readonly FixtureFile[]): Fixture['cursor'] {
  for (const { path, text } of files) {
    const start = text.indexOf(CURSOR);
    if (start < 0) continue;
    const second = text.indexOf(CURSOR, start + CURSOR.length);
    return { file: path, start, end: second < 0 ? start : second - CURSOR.length };
  }
  return undefined;
}

/** The fixture's text with these marks and results in the place of those it had. */
export function renderFixture(fixture: Fixture, marks: readonly Mark[], results: ReadonlyMap<string, string>): string {
  const lines: string[] = [];
  let path = 'fixture.yaml';
  let offset = 0;
  let inFile = false;
  for (const line of fixture.source.split('\n')) {
    const file = FILE.exec(line)?.[1];
    if (RESULT.test(line)) break;
    if (MARK.test(line)) continue;
    lines.push(line);
    if (file !== undefined) {
      path = file;
      offset = 0;
      inFile = true;
      continue;
    }
    if (OPTION.test(line)) continue;
    if (!inFile) {
      if (line.startsWith('#')) continue;
      inFile = true;
    }
    const text = line.replaceAll(CURSOR, '');
    const end = offset + text.length;
    const here = marks.filter(mark => mark.file === path && mark.start >= offset && mark.start <= end);
    for (const mark of here.sort((a, b) => a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1))) {
      lines.push(drawMark(mark.start - offset, Math.min(mark.end, end) - offset, mark.label));
    }
    offset = end + 1;
  }
  while (lines.at(-1) === '') lines.pop();
  const names = [...new Set([...fixture.results, ...results.keys()])];
  for (const name of names) {
    const result = results.get(name);
    if (result === undefined) continue;
    lines.push(`#= ${name}`, ...result.split('\n').map(line => (line === '' ? '#' : `# ${line}`)));
  }
  return `${lines.join('\n')}\n`;
}

function drawMark(column: number, end: number, label: string): string {
  if (column === 0) return `#<-- ${label}`;
  return `#${' '.repeat(column - 1)}${'^'.repeat(Math.max(1, end - column))} ${label}`;
}
