import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { previewHtml } from '../../../client/src/preview/html.ts';
import type { FromWebview, RouteModel, ToWebview } from '../../../server/src/contract.ts';

/** Everything that opens the page is started in the root of the repository; the bench has its modules in one bundle. */
const root = process.cwd();
const ORIGIN = 'http://preview.test';
/** Files of the page, all from this machine; any other request fails. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/preview.js': { file: 'out/client/preview.js', type: 'text/javascript' },
  '/preview.css': { file: 'out/client/preview.css', type: 'text/css' },
  '/themes.css': { file: 'test/e2e/preview/themes.css', type: 'text/css' },
};

export type Theme = 'dark' | 'light' | 'high-contrast';

/** The built page of the preview, alone in a browser, with the extension's side played by the test. */
export interface PreviewPage {
  readonly page: Page;
  send(message: ToWebview): Promise<void>;
  /** Sends a model and waits until its rows stand. */
  show(model: RouteModel): Promise<void>;
  /** Messages that the page has sent, oldest first. */
  sent(): Promise<readonly FromWebview[]>;
  /** What the page tells VS Code to keep. */
  state(): Promise<unknown>;
  /** What went wrong in the page: exceptions, and what its security policy refused. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** The text of an element as it is seen. */
export async function textOf(element: Locator): Promise<string> {
  return (await element.allInnerTexts()).join(' ');
}

export interface PreviewOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What VS Code kept from an earlier page. */
  readonly state?: unknown;
}

export async function openPreview(browser: Browser, options: PreviewOptions = {}): Promise<PreviewPage> {
  const { theme = 'dark', width = 900, height = 800, state } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', error => faults.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text());
  });
  const html = previewHtml({ script: '/preview.js', style: '/preview.css', styleSource: ORIGIN, nonce: 'bm9uY2U=' });
  const withTheme = html
    .replace('<link ', '<link rel="stylesheet" href="/themes.css">\n<link ')
    .replace('<body>', `<body class="vscode-${theme}">`);
  await context.route('**/*', route => {
    const { origin, pathname } = new URL(route.request().url());
    const known = FILES[pathname];
    if (origin !== ORIGIN) return route.abort();
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: withTheme });
    if (known === undefined) return route.fulfill({ status: 204 });
    return route.fulfill({ contentType: known.type, body: readFileSync(path.join(root, known.file)) });
  });
  await page.addInitScript(kept => {
    const sent: unknown[] = [];
    let saved = kept;
    Object.assign(window, {
      sentMessages: sent,
      savedState: () => saved,
      acquireVsCodeApi: () => ({
        postMessage: (message: unknown) => sent.push(message),
        getState: () => saved,
        setState: (value: unknown) => {
          saved = value;
        },
      }),
    });
  }, state);
  await page.goto(`${ORIGIN}/`);
  const send = (message: ToWebview): Promise<void> => page.evaluate(data => window.postMessage(data, '*'), message);
  return {
    page,
    send,
    async show(model) {
      await send({ type: 'model', model });
      await page.locator(model.selected === undefined ? '.empty h1' : '[role=treegrid]').waitFor({ state: 'attached' });
    },
    sent: () => page.evaluate(() => (window as unknown as { sentMessages: FromWebview[] }).sentMessages),
    state: () => page.evaluate(() => (window as unknown as { savedState(): unknown }).savedState()),
    faults,
    close: () => context.close(),
  };
}
