import type { TextRange } from '../../text/range.ts';
import type { Context } from './context.ts';

/** How a text is fitted into its place. */
export interface Slot {
  readonly flow: boolean;
  readonly quote: '"' | "'" | undefined;
  /** What has to stand before the text: spaces, a line break, a dash, opening brackets. */
  readonly before: string;
  /** What has to stand behind it: closing brackets, a comma. */
  readonly after: string;
  /** Spaces before each further line, beyond those that the line of the place begins with. */
  readonly indent: number;
  /** Offsets of the file. */
  readonly replace: TextRange;
  /** Spaces at the start of what is replaced: editors compare them with the filter text, too. */
  readonly skipped: string;
  /** Stands before the labels of items that are told apart from others of the same name. */
  readonly mark: string;
  /** Parts the items of two slots of one place: the items of the lower one come first. */
  readonly rank: number;
}

/** Keys of the map at the place, or a value. */
export function plainSlot(context: Context): Slot {
  const { cursor, document } = context;
  const dash = cursor.needsDash ? '- ' : '';
  return {
    ...base(context),
    before: cursor.gap + dash,
    after: cursor.needsComma ? (/\s/.test(document.text[cursor.word.end] ?? '') ? ',' : ', ') : '',
    indent: cursor.flow ? 0 : cursor.column + dash.length - cursor.lineIndent,
  };
}

/** An item of a sequence that begins at the place, or continues one beside it: the dash is missing. */
export function itemSlot(context: Context): Slot {
  const { cursor } = context;
  const dash = cursor.flow ? '' : '- ';
  return { ...plainSlot(context), before: cursor.gap + dash, indent: cursor.column + dash.length - cursor.lineIndent };
}

/** A map inside brackets of its own: an item of a flow sequence. */
export function bracedSlot(context: Context): Slot {
  const slot = plainSlot(context);
  return { ...slot, before: `${slot.before}{ `, after: ` }${slot.after}` };
}

/** The content of a key behind its colon: a block below it, or a collection in brackets. */
export function contentSlot(context: Context, content: 'map' | 'sequence' | 'sequence of maps'): Slot {
  const { cursor, document, layout } = context;
  if (cursor.flow) {
    const [open, close] = { map: ['{ ', ' }'], sequence: ['[', ']'], 'sequence of maps': ['[{ ', ' }]'] }[content];
    return { ...base(context), before: cursor.gap + (open ?? ''), after: close ?? '', indent: 0 };
  }
  let start = cursor.word.start;
  while (/[ \t]/.test(document.text[start - 1] ?? '')) start--;
  const own = cursor.column - cursor.lineIndent;
  const indent = own + (content === 'map' ? layout.step : layout.dash);
  const dash = content === 'map' ? '' : '- ';
  return {
    ...base(context),
    before: `\n${' '.repeat(indent)}${dash}`,
    after: '',
    indent: indent + dash.length,
    replace: { start: context.base + start, end: context.base + cursor.word.end },
    skipped: document.text.slice(start, cursor.word.start),
  };
}

function base({ cursor, offset, base: file, document }: Context): Omit<Slot, 'before' | 'after' | 'indent'> {
  const { word } = cursor;
  return {
    flow: cursor.flow,
    quote: cursor.quote,
    replace: { start: file + word.start, end: file + word.end },
    skipped: cursor.prefix === '' && cursor.quote === undefined ? document.text.slice(word.start, offset) : '',
    mark: '',
    rank: 0,
  };
}
