import { ALL, type CharRange, type CharRanges, folded, negated, normalized } from './char-ranges.ts';
import { named, Unsupported } from './re2-classes.ts';
import { choice, EMPTY, NEVER, type Re2Node, type Re2Tree, sequence } from './re2-syntax.ts';

/** What `(?flags)` sets. */
interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiLine: boolean;
}

/** Anchors stand in the tree until it is known what is around them. */
type Item = Re2Node | Anchor;
interface Anchor {
  readonly kind: 'anchor';
  readonly at: 'start' | 'end';
}

const MAX_DEPTH = 200;

/**
 * Parses a pattern that RE2 takes (whether it does, `pattern.ts` says) for matching whole texts without line breaks.
 *
 * @throws Unsupported for what no such tree can say: word boundaries, anchors in the middle, very deep nesting
 */
export function parseRe2(pattern: string): Re2Tree {
  return new Parser(pattern).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #exact = true;
  #flags: Flags = { ignoreCase: false, dotAll: false, multiLine: false };

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Re2Tree {
    const root = resolveAnchors(this.#alternatives(), true, true);
    if (this.#at < this.#text.length) throw new Unsupported('a parenthesis that closes nothing');
    return { root, exact: this.#exact };
  }

  #peek(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#at += text.length;
    return true;
  }

  #character(): number {
    const point = this.#text.codePointAt(this.#at);
    if (point === undefined) throw new Unsupported('the pattern ends too early');
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }

  #alternatives(): Tree {
    if (++this.#depth > MAX_DEPTH) throw new Unsupported('too deep');
    const before = this.#flags;
    const items = [this.#concatenation()];
    while (this.#take('|')) items.push(this.#concatenation());
    this.#flags = before;
    this.#depth--;
    return { kind: 'alternatives', items };
  }

  #concatenation(): Tree {
    const items: Tree[] = [];
    while (this.#at < this.#text.length && !this.#peek('|') && !this.#peek(')')) {
      items.push(...this.#elements());
      // A repetition is of what stands last, even behind flags or quoted text.
      const last = items.pop();
      if (last !== undefined) items.push(this.#repeated(last));
    }
    return { kind: 'concatenation', items };
  }

  /** None for what only sets flags, several for quoted text. */
  #elements(): readonly Tree[] {
    if (this.#take('\\Q')) return this.#quoted();
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return [this.#set(this.#bracket())];
    if (this.#take('.')) return [this.#set(this.#flags.dotAll ? ALL : negated([{ min: 10, max: 10 }]))];
    // In lines, and texts have one line only: the same as the ends of the text.
    if (this.#take('^')) return [{ kind: 'anchor', at: 'start' }];
    if (this.#take('$')) return [{ kind: 'anchor', at: 'end' }];
    if (this.#peek('\\')) return [this.#escape()];
    return [this.#set(point(this.#character()), true)];
  }

  #quoted(): readonly Tree[] {
    const end = this.#text.indexOf('\\E', this.#at);
    const text = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    return [...text].map(character => this.#set(point(character.codePointAt(0) ?? 0), true));
  }

  #group(): readonly Tree[] {
    if (this.#take('?')) {
      const name = /^P?<[^>]*>/.exec(this.#text.slice(this.#at));
      if (name !== null) this.#at += name[0].length;
      else {
        const [all = '', on = '', off = '', end = ''] =
          /^([imsU]*)(-[imsU]*)?([:)])/.exec(this.#text.slice(this.#at)) ?? [];
        if (all === '') throw new Unsupported('an unknown group');
        this.#at += all.length;
        const before = this.#flags;
        this.#flags = withFlags(withFlags(before, on, true), off, false);
        if (end === ')') return [];
        const inner = this.#alternatives();
        this.#flags = before;
        this.#close();
        return [inner];
      }
    }
    const inner = this.#alternatives();
    this.#close();
    return [inner];
  }

  #close(): void {
    if (!this.#take(')')) throw new Unsupported('a group that is not closed');
  }

  #repeated(item: Tree): Tree {
    let result = item;
    for (;;) {
      const [all = '', operator = '', min = '', comma = '', max = ''] =
        /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.#text.slice(this.#at)) ?? [];
      if (all === '') return result;
      this.#at += all.length;
      const least = operator === '' ? Number(min) : operator === '+' ? 1 : 0;
      const most =
        operator === ''
          ? comma === ''
            ? least
            : max === ''
              ? Infinity
              : Number(max)
          : operator === '?'
            ? 1
            : Infinity;
      result = { kind: 'times', item: result, min: least, max: most };
    }
  }

  #escape(): Tree {
    this.#at++;
    if (this.#take('A')) return { kind: 'anchor', at: 'start' };
    if (this.#take('z')) return { kind: 'anchor', at: 'end' };
    if (/^[bBC]/.test(this.#text.slice(this.#at))) throw new Unsupported('a word boundary');
    const set = this.#escapedClass();
    if (set !== undefined) return this.#set(set);
    return this.#set(point(this.#escapedCharacter()), true);
  }

  /** A class behind the backslash, or `undefined` where a character stands there. */
  #escapedClass(): CharRanges | undefined {
    const [name = ''] = /^(?:[dDsSwW]|[pP](?:\{[^}]*\}|.))/u.exec(this.#text.slice(this.#at)) ?? [];
    if (name === '') return undefined;
    this.#at += name.length;
    return this.#named(`\\${name}`, /^[DSWP]|\{\^/.test(name));
  }

  /** A class that has a name. The complement of one is made after folding, so it is not folded itself. */
  #named(name: string, complement: boolean): CharRanges {
    const { ignoreCase } = this.#flags;
    const ofUnicode = /^\\p/i.test(name);
    const { ranges, exact } = named(name, ignoreCase && ofUnicode);
    this.#exact &&= exact && !(ignoreCase && complement);
    return complement || ofUnicode ? ranges : this.#foldedSet(ranges);
  }

  #escapedCharacter(): number {
    const [all = '', braces, two, octal] =
      /^(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([0-7]{1,3}))/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += all.length;
    if (octal !== undefined) return Number.parseInt(octal, 8);
    if (all !== '') return Number.parseInt(braces ?? two ?? '', 16);
    const character = this.#character();
    return CONTROL[String.fromCodePoint(character)] ?? character;
  }

  /** A class in brackets, behind its opening one. */
  #bracket(): CharRanges {
    const inverted = this.#take('^');
    const ranges: CharRange[] = [];
    for (let first = true; first || !this.#peek(']'); first = false) {
      const [posix = ''] = /^\[:\^?\w+:\]/.exec(this.#text.slice(this.#at)) ?? [];
      if (posix !== '') {
        this.#at += posix.length;
        ranges.push(...this.#named(`[${posix}]`, posix.startsWith('[:^')));
        continue;
      }
      if (this.#take('\\')) {
        const set = this.#escapedClass();
        if (set !== undefined) {
          ranges.push(...set);
          continue;
        }
        ranges.push(...this.#foldedSet([this.#range(this.#escapedCharacter())]));
      } else ranges.push(...this.#foldedSet([this.#range(this.#character())]));
    }
    this.#at++;
    const set = normalized(ranges);
    return inverted ? negated(set) : set;
  }

  #range(min: number): CharRange {
    if (!this.#peek('-') || this.#text[this.#at + 1] === ']' || this.#at + 1 >= this.#text.length)
      return { min, max: min };
    this.#at++;
    const max = this.#take('\\') ? this.#escapedCharacter() : this.#character();
    return { min, max };
  }

  #foldedSet(ranges: CharRanges): CharRanges {
    if (!this.#flags.ignoreCase) return ranges;
    const result = folded(ranges);
    this.#exact &&= result.exact;
    return result.ranges;
  }

  #set(ranges: CharRanges, fold = false): Tree {
    const set = fold ? this.#foldedSet(ranges) : ranges;
    return set.length === 0 ? NEVER : { kind: 'set', set };
  }
}

/** The tree before its anchors are resolved. */
type Tree =
  | Item
  | { readonly kind: 'alternatives'; readonly items: readonly Tree[] }
  | { readonly kind: 'concatenation'; readonly items: readonly Tree[] }
  | { readonly kind: 'times'; readonly item: Tree; readonly min: number; readonly max: number };

/** An anchor is nothing where it stands at its end of the text, and cannot be fulfilled behind or before a character. */
function resolveAnchors(tree: Tree, atStart: boolean, atEnd: boolean): Re2Node {
  switch (tree.kind) {
    case 'anchor':
      if (tree.at === 'start' ? atStart : atEnd) return EMPTY;
      throw new Unsupported('an anchor inside');
    case 'alternatives':
      return choice(tree.items.map(item => resolveAnchors(item, atStart, atEnd)));
    case 'concatenation': {
      const { items } = tree;
      const before = (index: number): boolean => atStart && items.slice(0, index).every(isAnchor);
      const behind = (index: number): boolean => atEnd && items.slice(index + 1).every(isAnchor);
      return sequence(items.map((item, index) => resolveAnchors(item, before(index), behind(index))));
    }
    case 'times': {
      const item = resolveAnchors(tree.item, atStart && tree.max === 1, atEnd && tree.max === 1);
      if (item === NEVER) return tree.min === 0 ? EMPTY : NEVER;
      return tree.min === 1 && tree.max === 1 ? item : { kind: 'repeat', item, min: tree.min, max: tree.max };
    }
    default:
      return tree;
  }
}

function isAnchor(tree: Tree): boolean {
  return tree.kind === 'anchor';
}

function withFlags(flags: Flags, letters: string, value: boolean): Flags {
  return {
    ignoreCase: letters.includes('i') ? value : flags.ignoreCase,
    dotAll: letters.includes('s') ? value : flags.dotAll,
    multiLine: letters.includes('m') ? value : flags.multiLine,
  };
}

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

function point(character: number): CharRanges {
  return [{ min: character, max: character }];
}
