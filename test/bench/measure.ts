/** Samples of one measure, in milliseconds unless it says otherwise. */
export class Samples {
  readonly #values: number[] = [];

  add(...values: readonly number[]): void {
    this.#values.push(...values);
  }

  get count(): number {
    return this.#values.length;
  }

  /** @param share 0 to 1; `undefined` without samples */
  quantile(share: number): number | undefined {
    const sorted = [...this.#values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  }

  get p50(): number | undefined {
    return this.quantile(0.5);
  }

  get p95(): number | undefined {
    return this.quantile(0.95);
  }

  toJSON(): {
    readonly count: number;
    readonly p50: number | undefined;
    readonly p95: number | undefined;
    readonly max: number | undefined;
  } {
    return { count: this.count, p50: this.p50, p95: this.p95, max: this.quantile(1) };
  }
}

/** Measures by name, in the order in which they were first added to. */
export class Measures {
  readonly #samples = new Map<string, Samples>();

  add(name: string, ...values: readonly (number | undefined)[]): void {
    this.of(name).add(...values.filter(value => value !== undefined));
  }

  of(name: string): Samples {
    const known = this.#samples.get(name) ?? new Samples();
    this.#samples.set(name, known);
    return known;
  }

  toJSON(): Readonly<Record<string, Samples>> {
    return Object.fromEntries([...this.#samples].filter(([, samples]) => samples.count > 0));
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** Two to three digits, or a dash. */
export function brief(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The same list in a scattered order that is always the same one (golden-ratio sequence). */
export function scattered<T>(list: readonly T[]): readonly T[] {
  return list
    .map((item, index) => ({ item, key: (index * 0.6180339887498949) % 1 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** At most so many items of a list, spread evenly. */
export function spread<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, index) => list[Math.floor(((index + 0.5) * list.length) / count)]!);
}
