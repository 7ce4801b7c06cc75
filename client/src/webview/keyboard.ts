import type { Line } from './table.ts';

const PAGE = 10;

export type Movement =
  | { readonly kind: 'to'; readonly key: string }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'open' }
  | { readonly kind: 'problem'; readonly direction: 'next' | 'previous' };

interface Situation {
  /** The line that has the focus. */
  readonly line: Line;
  /** Keys of all lines that can have it, from top to bottom. */
  readonly keys: readonly string[];
  /** The line itself has the focus, not a control in it, which has keys of its own. */
  readonly row: boolean;
}

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** What a key does in the table; `undefined` when it does nothing there. */
export function movementOf(event: Key, { line, keys, row }: Situation): Movement | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const at = keys.indexOf(line.key);
  const to = (index: number): Movement | undefined => {
    const key = keys[Math.max(0, Math.min(keys.length - 1, index))];
    return key === undefined ? undefined : { kind: 'to', key };
  };
  const open = (line.kind === 'host' || line.kind === 'route') && line.open;
  switch (event.key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'PageDown':
      return to(at + PAGE);
    case 'PageUp':
      return to(at - PAGE);
    case 'Home':
      return to(0);
    case 'End':
      return to(keys.length - 1);
    case 'F8':
      return { kind: 'problem', direction: event.shiftKey ? 'previous' : 'next' };
    case 'ArrowRight':
      return open ? undefined : { kind: 'toggle' };
    case 'ArrowLeft':
      if (open) return { kind: 'toggle' };
      return line.kind === 'route' ? to(hostBefore(keys, at)) : undefined;
    case ' ':
      return row ? { kind: 'toggle' } : undefined;
    case 'Enter':
      return row ? (line.kind === 'route' ? { kind: 'open' } : { kind: 'toggle' }) : undefined;
    default:
      return undefined;
  }
}

function hostBefore(keys: readonly string[], at: number): number {
  for (let i = at; i >= 0; i--) if (keys[i]?.startsWith('host:')) return i;
  return at;
}
