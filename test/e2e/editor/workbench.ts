import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { type Host, startHost } from '../../../scripts/editor/host.mjs';
import { startBrowser } from '../harness/browser.ts';

/** A real VS Code with the packaged extension, on a copy of a folder, as a person would use it. */
export interface Workbench {
  readonly page: Page;
  /** The copy of the folder that is open. */
  readonly folder: string;
  /** Page requests that would have left this machine; they are refused. */
  readonly refused: readonly string[];
  /** Opens a file of the workspace and puts the cursor somewhere; both numbers are 1-based. */
  open(file: string, line?: number, column?: number): Promise<void>;
  /** Runs a command by its title, as from the palette. */
  command(title: string): Promise<void>;
  /** What the status bar says of the cursor, such as `Ln 3, Col 1`. */
  cursor(): Promise<string>;
  /** Loads the window anew. Its editors come back. */
  reload(): Promise<void>;
  /** The route preview. */
  preview(): FrameLocator;
  close(): Promise<void>;
}

const SETTINGS = {
  'editor.minimap.enabled': false,
  'files.autoSave': 'off',
  'workbench.colorTheme': 'Default Dark Modern',
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/**
 * Starts everything and waits until a file is shown.
 *
 * @param vsix the package of the extension
 * @param workspace the folder of which a copy is opened
 */
export async function startWorkbench(vsix: string, file: string, workspace = 'examples'): Promise<Workbench> {
  const host = await startHost({ vsix, workspace, copy: true, settings: SETTINGS });
  let browser: Browser | undefined;
  try {
    browser = await startBrowser();
    return await openWindow(host, browser, file);
  } catch (error) {
    await browser?.close();
    await host.stop();
    throw error;
  }
}

async function openWindow(host: Host, browser: Browser, file: string): Promise<Workbench> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 } });
  const refused: string[] = [];
  await context.route(
    url => !['127.0.0.1', 'localhost'].includes(url.hostname),
    route => {
      refused.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(host.window([['openFile', host.remote(file)]]));
  await page.locator('.monaco-editor .view-lines').first().waitFor();

  const input = page.locator('.quick-input-widget .quick-input-box input');
  const choose = async (key: string, text: string, row: Locator | undefined): Promise<void> => {
    await page.keyboard.press(key);
    await input.waitFor();
    await input.fill(text);
    await row?.first().waitFor();
    await page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  };
  const rowOf = (text: string): Locator => page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  const cursor = async (): Promise<string> =>
    (await page.locator('#status\\.editor\\.selection').allInnerTexts()).join('');
  return {
    page,
    folder: host.folder,
    refused,
    async open(name, line = 1, column = 1) {
      await choose('Control+P', name, rowOf(name));
      await page.locator('.tab.active', { hasText: name }).first().waitFor();
      await choose('Control+G', `:${line}:${column}`, undefined);
      // Keys that come before go elsewhere.
      await page.locator('#status\\.editor\\.selection', { hasText: `Ln ${line},` }).waitFor();
      await page.locator('.editor-group-container.active .monaco-editor.focused').first().waitFor();
    },
    command: title => choose('F1', `>${title}`, rowOf(title)),
    cursor,
    preview: () => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame'),
    async reload() {
      // Without a file to open: with one, VS Code restores no other editors.
      await page.goto(host.window());
      await page.locator('.monaco-editor .view-lines').first().waitFor();
    },
    async close() {
      await browser.close();
      await host.stop();
    },
  };
}
