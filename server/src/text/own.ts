/**
 * The same text on its own. An engine keeps a part of a text as a view of the whole: what an edit leaves in a tree for a
 * long time would keep every version of a file alive from which a part was read.
 */
export function ownText(part: string): string {
  return `${part} `.slice(0, -1);
}
