// Installs the packages of this repository where they are missing or older than the lock.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './processes.mjs';

/** Whether all packages are there; runs `npm ci` where they are not. Says what it does. */
export async function ensureInstalled(root) {
  if (isCurrent(root)) return true;
  console.log('\n▸ Installing packages (npm ci)\n');
  return (await npm(['ci', '--no-audit', '--no-fund'], { cwd: root })) === 0;
}

/** npm notes what it has installed in a lock of its own: the same packages in the same versions as ours must stand there. */
function isCurrent(root) {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const present = packagesOf(installed);
  return Object.entries(wanted).every(
    ([name, { version, optional, peer }]) => name === '' || optional || peer || present[name]?.version === version,
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
