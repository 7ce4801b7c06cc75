/** Compares two JSON values and names every place where they differ. Order in objects does not count. */
export function differences(ours: unknown, theirs: unknown, path = ''): string[] {
  if (same(ours, theirs)) return [];
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const found = ours.length === theirs.length ? [] : [`${path}: ${ours.length} entries instead of ${theirs.length}`];
    for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
      const name = nameOf(ours[i]) ?? nameOf(theirs[i]) ?? String(i);
      found.push(...differences(ours[i], theirs[i], `${path}[${name}]`));
    }
    return found;
  }
  if (isRecord(ours) && isRecord(theirs)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].flatMap(key => differences(ours[key], theirs[key], path === '' ? key : `${path}.${key}`));
  }
  return [`${path}: ${JSON.stringify(ours) ?? 'nothing'} instead of ${JSON.stringify(theirs) ?? 'nothing'}`];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, canonical(child)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string | undefined {
  return isRecord(value) && typeof value['name'] === 'string' ? value['name'] : undefined;
}
