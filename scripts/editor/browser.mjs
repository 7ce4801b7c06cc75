// Finds a browser that Playwright can drive, and gets one where that is possible.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { npm, run } from './processes.mjs';

const ON_PATH = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const ON_MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  name => `/Applications/${name}.app/Contents/MacOS/${name}`,
);
const ON_WINDOWS = [process.env['ProgramFiles'], process.env['ProgramFiles(x86)'], process.env['LOCALAPPDATA']]
  .filter(folder => folder !== undefined)
  .flatMap(folder =>
    ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'].map(file =>
      path.join(folder, file),
    ),
  );

/** Flags for tests: no sandbox for root, and nothing that would reach for the network. */
export const BROWSER_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** The program of a browser that is there: the one that BROWSER names, else Chrome, Chromium or Edge, else Playwright's own. */
export async function findBrowser() {
  const named = process.env['BROWSER'];
  if (named !== undefined && isProgram(named)) return named;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(folder => folder !== '');
  const candidates =
    {
      darwin: ON_MAC,
      win32: ON_WINDOWS,
    }[process.platform] ?? ON_PATH.flatMap(name => folders.map(folder => path.join(folder, name)));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  const { chromium } = await import('playwright-core');
  const own = chromium.executablePath();
  return isProgram(own) ? own : undefined;
}

/** A browser as `findBrowser` gives it, installed first where there is none; `undefined` when none can be had. */
export async function getBrowser({ log = console.log } = {}) {
  const there = await findBrowser();
  if (there !== undefined) return there;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    log('No browser found: installing chromium with apt-get …');
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    await run('apt-get', ['update', '-qq'], quiet);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    const installed = await findBrowser();
    if (installed !== undefined) return installed;
  }
  log('No browser found: asking Playwright for its Chromium …');
  await npm(['exec', '--no', '--', 'playwright-core', 'install', 'chromium']);
  return findBrowser();
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
