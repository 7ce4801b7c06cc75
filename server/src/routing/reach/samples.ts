import type { CharRanges } from './char-ranges.ts';
import type { Re2Node } from './re2-syntax.ts';

const MAX_SAMPLES = 24;
const MAX_LENGTH = 200;
const PREFERRED = [...'ax1A0b2-/_.~ '].map(character => character.charCodeAt(0));

/** Some texts that a pattern matches, the plainest first; made one by one, as they are asked for. */
export function* samplesOf(root: Re2Node): Generator<string> {
  const given = new Set<string>();
  for (const manner of MANNERS) {
    const text = sample(root, manner);
    if (text === undefined || given.has(text)) continue;
    given.add(text);
    yield text;
    if (given.size >= MAX_SAMPLES) return;
  }
}

/** How one sample is made: how often more than needed, which alternative, which of the preferred characters. */
interface Manner {
  readonly repeats: number;
  readonly branch: number;
  readonly character: number;
}

const MANNERS: readonly Manner[] = [0, 1, 2].flatMap(repeats =>
  [0, 1, 2].flatMap(character => [0, 1, 2, 3].map(branch => ({ repeats, branch, character }))),
);

function sample(node: Re2Node, manner: Manner): string | undefined {
  switch (node.kind) {
    case 'set':
      return characterOf(node.set, manner.character);
    case 'choice': {
      const chosen = node.items[manner.branch % node.items.length];
      return chosen === undefined ? undefined : sample(chosen, manner);
    }
    case 'repeat': {
      const times = Math.min(node.max, node.min + manner.repeats);
      if (times === 0) return '';
      const one = sample(node.item, manner);
      return one === undefined || one.length * times > MAX_LENGTH ? undefined : one.repeat(times);
    }
    case 'sequence': {
      let text = '';
      for (const item of node.items) {
        const part = sample(item, manner);
        if (part === undefined || text.length + part.length > MAX_LENGTH) return undefined;
        text += part;
      }
      return text;
    }
  }
}

function characterOf(set: CharRanges, place: number): string | undefined {
  const fitting = PREFERRED.filter(character => set.some(({ min, max }) => min <= character && character <= max));
  const character = fitting[place % Math.max(1, fitting.length)] ?? set[0]?.min;
  return character === undefined ? undefined : String.fromCodePoint(character);
}
