/** What the reader chose. Kept by VS Code while the panel is hidden and over a reload of the window. */
export interface ViewState {
  /** Id of the viewpoint whose table was shown last. */
  readonly viewpoint: string | undefined;
  readonly query: string;
  readonly only: 'everything' | 'problems';
  /** Keys of the rows whose details are open. */
  readonly open: ReadonlySet<string>;
  /** Keys of the virtual hosts whose routes are folded away. */
  readonly closed: ReadonlySet<string>;
  /** Key of the row that Tab leads to. */
  readonly active: string | undefined;
}

/** A state in a form that survives serialization. */
export interface SavedState {
  readonly viewpoint: string | undefined;
  readonly query: string;
  readonly only: ViewState['only'];
  readonly open: readonly string[];
  readonly closed: readonly string[];
  readonly active: string | undefined;
}

export const INITIAL_STATE: ViewState = {
  viewpoint: undefined,
  query: '',
  only: 'everything',
  open: new Set(),
  closed: new Set(),
  active: undefined,
};

export function saved(state: ViewState): SavedState {
  return { ...state, open: [...state.open], closed: [...state.closed] };
}

/** Reads a saved state, whatever an older version of the page may have left. */
export function restored(value: unknown): ViewState {
  if (typeof value !== 'object' || value === null) return INITIAL_STATE;
  const { viewpoint, query, only, open, closed, active } = value as Readonly<Record<string, unknown>>;
  return {
    viewpoint: typeof viewpoint === 'string' ? viewpoint : undefined,
    query: typeof query === 'string' ? query : '',
    only: only === 'problems' ? 'problems' : 'everything',
    open: new Set(strings(open)),
    closed: new Set(strings(closed)),
    active: typeof active === 'string' ? active : undefined,
  };
}

/** The set without the key if it is in it, else with it. */
export function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
