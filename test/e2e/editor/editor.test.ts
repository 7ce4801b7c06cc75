import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorkbench, type Workbench } from './workbench.ts';

/** `npm run images` writes the pictures of the README; an ordinary run leaves them alone. */
const pictures = path.resolve(process.env['ISTIO_IMAGES'] ?? 'test/e2e/results');
const vsix = process.env['ISTIO_VSIX'] ?? 'out/e2e/istio-yaml.vsix';

let workbench: Workbench;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  workbench = await startWorkbench(vsix, 'mistakes.yaml');
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.page.screenshot({ path: path.resolve('test/e2e/results/failure.png') });
});

afterAll(() => workbench?.close());

async function picture(name: string): Promise<void> {
  // Hovers and lists are faded in.
  await workbench.page.waitForTimeout(300);
  await workbench.page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** The line of the active editor that shows a text. */
function line(text: string) {
  return workbench.page.locator('.editor-group-container.active .view-line', { hasText: text }).first();
}

/** What is to be read in all that a locator finds, on one line. VS Code fills the rows of its lists anew as it goes. */
async function textOf(locator: Locator): Promise<string> {
  return (await locator.allInnerTexts()).join(' ').replace(/\s+/g, ' ');
}

/** Presses keys until they open what they should: on a busy machine they come before the editor is ready for them. */
async function pressFor(keys: string, wanted: Locator): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await workbench.page.keyboard.press(keys);
    try {
      return await wanted.waitFor({ timeout: attempt * 2000 });
    } catch (error) {
      if (attempt === 5) throw error;
      await workbench.page.keyboard.press('Escape');
    }
  }
}

describe('what a person sees', () => {
  test('squiggles, and what they say in the Problems panel', async () => {
    const { page } = workbench;
    await page.locator('.squiggly-error').first().waitFor();
    await page.keyboard.press('Control+Shift+M');
    const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'timeuot' });
    await row.waitFor();
    await expect.poll(() => textOf(row)).toMatch(/did you mean "timeout"\?.*istio.*schema\/unknown-field.*Ln 25/s);
    await picture('problems');
    await page.keyboard.press('Control+Shift+M');
  });

  test('dead rules are faded', async () => {
    const { page, open } = workbench;
    await open('mistakes.yaml', 50, 1);
    await page.locator('.squiggly-inline-unnecessary').first().waitFor();
  });

  test('a quick fix', async () => {
    const { page, open } = workbench;
    await open('mistakes.yaml', 25, 9);
    const entry = page.locator('.action-widget .monaco-list-row', { hasText: 'timeout' }).first();
    await pressFor('Control+.', entry);
    await entry.click();
    await line('timeout: 5s').waitFor();
    await page.keyboard.press('Control+Z');
    await line('timeuot: 5s').waitFor();
  });

  test('a hover with the values in force', async () => {
    const { page, open } = workbench;
    await open('reviews.yaml', 44, 9);
    await line('outlierDetection').locator('span', { hasText: 'outlierDetection' }).last().hover();
    const hover = page.locator('.monaco-hover', { hasText: 'outlierDetection' }).first();
    await hover.waitFor();
    await expect.poll(() => textOf(hover)).toContain('maxEjectionPercent');
    await picture('hover');
    await page.mouse.move(5, 5);
    await hover.waitFor({ state: 'hidden' });
  });

  test('completion of names from other files', async () => {
    const { page, open } = workbench;
    await open('storefront.yaml', 75, 23);
    for (let i = 0; i < 2; i++) await page.keyboard.press('Backspace');
    const rows = page.locator('.suggest-widget .monaco-list-row');
    await pressFor('Control+Space', rows.first());
    await expect.poll(() => textOf(rows)).toMatch(/\bv1\b.*\bv2\b/);
    await page.keyboard.press('Escape');
    await page.keyboard.type('v2');
  });

  test('completion of keys, with what they do', async () => {
    const { page, open } = workbench;
    await open('storefront.yaml', 99, 18);
    await page.keyboard.press('Enter');
    await pressFor('Control+Space', page.locator('.suggest-widget .monaco-list-row', { hasText: 'retries' }).first());
    await page.keyboard.type('ret');
    await page.locator('.suggest-widget .monaco-list-row.focused', { hasText: 'retries' }).waitFor();
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-details').waitFor();
    await picture('completion');
    await page.keyboard.press('Escape');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Backspace');
    await workbench.command('File: Revert File');
  });
});

describe('the route preview', () => {
  test('opens from the palette, with the rows of the file', async () => {
    const { page, open, command, preview } = workbench;
    await open('storefront.yaml', 84, 9);
    await command('View: Close Other Editors in Group');
    await command('View: Toggle Primary Side Bar Visibility');
    await command('Istio: Preview Effective Routes');
    await preview().locator('[role=treegrid]').waitFor();
    await expect.poll(() => preview().locator('.route').count()).toBe(10);
    const canary = preview().locator('.route', { hasText: '90%' });
    await expect.poll(() => textOf(canary)).toMatch(/starts with \/api\/reviews… 90% .*v1 :9080 10% .*v2 :9080/);
    await preview().locator('.route.active', { hasText: '90%' }).waitFor();
    await page.mouse.move(5, 5);
    await picture('preview-dark');
  });

  test('goes to the source with a click', async () => {
    const { cursor, preview } = workbench;
    await preview()
      .getByRole('button', { name: /^storefront.yaml:15,/ })
      .click();
    await expect.poll(cursor).toMatch(/^Ln 15,/);
    await preview().locator('.route.active', { hasText: '/healthz' }).waitFor();
  });

  test('follows every edit', async () => {
    const { page, open, preview } = workbench;
    await open('storefront.yaml', 94, 21);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('30');
    await preview().locator('.route', { hasText: '75%' }).waitFor();
    await page.keyboard.press('Control+Z');
    await workbench.command('File: Revert File');
    await preview().locator('.route', { hasText: '90%' }).waitFor();
  });

  test('keeps the last good table while the file is broken', async () => {
    const { page, open, preview } = workbench;
    await open('storefront.yaml', 14, 18);
    await page.keyboard.type(' [');
    await preview().locator('.banner', { hasText: 'last good table' }).waitFor();
    await expect.poll(() => preview().locator('.route').count()).toBe(10);
    await workbench.command('File: Revert File');
    await preview().locator('.banner').waitFor({ state: 'detached' });
  });

  test('shows other tables', async () => {
    const { preview } = workbench;
    await preview()
      .getByLabel(/^Viewpoint/)
      .selectOption({ label: 'istio-ingress/shop: 80 HTTP' });
    await preview().getByText('redirect 301 to https').waitFor();
    await preview()
      .getByLabel(/^Viewpoint/)
      .selectOption({ label: 'istio-ingress/shop: 443 HTTPS' });
    await preview().locator('.route', { hasText: '90%' }).waitFor();
  });

  test('can be taken along', async () => {
    const { page, command, preview } = workbench;
    await preview().getByRole('button', { name: 'Export' }).click();
    await preview().getByRole('menuitem', { name: 'Open as Markdown' }).click();
    await page.locator('.view-line', { hasText: 'Gateways: istio-ingress/shop: 443 HTTPS' }).first().waitFor();
    await command('View: Revert and Close Editor');
  });

  test('is as readable in a light theme', async () => {
    const { page, open, command, preview } = workbench;
    await command('Preferences: Toggle between Light/Dark Themes');
    await open('storefront.yaml', 84, 9);
    await preview().locator('body.vscode-light').waitFor();
    await preview().locator('.route', { hasText: '90%' }).locator('.num').click();
    await preview().getByText('Policy in force').waitFor();
    await page.mouse.move(5, 5);
    await picture('preview-light');
    await command('Preferences: Toggle between Light/Dark Themes');
  });

  test('is there again after a reload of the window', async () => {
    const { preview, reload } = workbench;
    await reload();
    await preview().locator('.route', { hasText: '90%' }).waitFor();
  });
});

test('nothing was asked of the network', () => {
  expect(workbench.refused).toEqual([]);
});
