import { type Browser, chromium } from 'playwright-core';
import { BROWSER_FLAGS, findBrowser } from '../../../scripts/editor/browser.mjs';

/** Starts a browser without a window. `npm run e2e` has seen to it that there is one. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Error('there is no browser; set BROWSER to a Chrome, Chromium or Edge');
  return chromium.launch({ executablePath, headless: true, args: [...BROWSER_FLAGS] });
}
