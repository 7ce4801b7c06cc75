import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Builds the schema data when it is older than what it is made of. */
export default function setup(): void {
  const root = path.join(import.meta.dirname, '../..');
  const sources = [
    path.join(root, 'schemas/documentation'),
    path.join(root, 'schemas/generated'),
    path.join(root, 'schemas'),
  ];
  const newest = Math.max(
    ...sources.flatMap(folder => readdirSync(folder).map(name => statSync(path.join(folder, name)).mtimeMs)),
  );
  const built = statSync(path.join(root, 'out/data/validators.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > newest) return;
  execFileSync(process.execPath, ['scripts/run-ts.mjs', 'schemas/build-data.ts', 'out/data'], {
    cwd: root,
    stdio: 'inherit',
  });
}
