import { followingLine, indentOf, readLine } from '../../yaml/line.ts';

/** How a document is indented. */
export interface Layout {
  /** Spaces from a key to the keys below it. */
  readonly step: number;
  /** Spaces from a key to the dashes of its list; 0 where they share a column. */
  readonly dash: number;
}

const MAX_LINES = 400;
const MAX_STEP = 8;

/** Reads the layout from the first block of each sort; two spaces where there is none. */
export function layoutOf(text: string): Layout {
  let step: number | undefined;
  let dash: number | undefined;
  let parent: number | undefined;
  let at = 0;
  for (let i = 0; i < MAX_LINES && at >= 0 && (step === undefined || dash === undefined); i++) {
    if (indentOf(text, at) >= 0) {
      const line = readLine(text, at);
      const [first] = line.dashes;
      if (parent !== undefined) {
        if (first !== undefined) dash ??= within(first - parent);
        else if (line.key !== undefined && line.column > parent) step ??= within(line.column - parent);
      }
      parent = line.key !== undefined && line.value === '' ? line.column : undefined;
    }
    at = followingLine(text, at);
  }
  return { step: step ?? 2, dash: dash ?? step ?? 2 };
}

function within(difference: number): number | undefined {
  return difference >= 0 && difference <= MAX_STEP ? difference : undefined;
}
