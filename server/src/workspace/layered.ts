/** More changes than this, and they are worked into the map. */
const MANY = 100;
/** So often a map is shared: what it holds beneath a change is alive as long. */
const SHARED = 32;

/** A large map, of which a copy with a few changes costs little: it shares what has not changed. */
export class Layered<V> {
  readonly #base: ReadonlyMap<string, V>;
  /** What differs; `undefined` for what is not there any more. */
  readonly #changes: Map<string, V | undefined>;

  /** How many copies have been made of copies since the map was made. */
  readonly #age: number;

  constructor(
    base: ReadonlyMap<string, V> = new Map(),
    changes: ReadonlyMap<string, V | undefined> = new Map(),
    age = 0,
  ) {
    this.#base = base;
    this.#changes = new Map(changes);
    this.#age = age;
  }

  get(key: string): V | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#base.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    this.#changes.set(key, value);
  }

  delete(key: string): void {
    if (this.#base.has(key)) this.#changes.set(key, undefined);
    else this.#changes.delete(key);
  }

  /** A map with the same values, to be changed. */
  copy(): Layered<V> {
    if (this.#changes.size <= MANY && this.#age < SHARED) return new Layered(this.#base, this.#changes, this.#age + 1);
    const all = new Map(this.#base);
    for (const [key, value] of this.#changes) {
      if (value === undefined) all.delete(key);
      else all.set(key, value);
    }
    return new Layered(all);
  }
}
