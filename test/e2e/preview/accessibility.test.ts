import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../harness/browser.ts';
import { openPreview, type Theme, textOf } from './page.ts';
import { hostileModel, modelOf, place, sampleModel } from './sample.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = path.join(import.meta.dirname, '../results');
const THEMES: readonly Theme[] = ['dark', 'light', 'high-contrast'];

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  mkdirSync(pictures, { recursive: true });
});
afterAll(() => browser.close());

/** What axe-core finds wrong with the page, one line each. */
async function audit(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
    }
    const { violations } = await (window as unknown as { axe: Axe }).axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
    );
  });
}

describe.each(THEMES)('in the %s theme', theme => {
  test('axe finds nothing, with and without details', async () => {
    const { page, show, send, close } = await openPreview(browser, { theme, width: 900, height: 1400 });
    await show({ ...sampleModel(), stale: { place: place(88), message: 'unclosed bracket' } });
    await send({ type: 'reveal', uri: 'file:///shop/routes/storefront.yaml', line: 41 });
    await page.locator('.route.active').waitFor();
    await page.screenshot({ path: path.join(pictures, `preview-${theme}.png`) });
    expect(await audit(page)).toEqual([]);
    for (const id of ['route-2', 'route-6', 'route-7']) await page.locator(`[data-key="route:${id}"] .num`).click();
    expect(await audit(page)).toEqual([]);
    await page.getByRole('button', { name: 'Export' }).click();
    expect(await audit(page)).toEqual([]);
    await close();
  });

  test('axe finds nothing without a table', async () => {
    const { page, show, close } = await openPreview(browser, { theme });
    await show(modelOf(undefined));
    expect(await audit(page)).toEqual([]);
    await close();
  });
});

describe('hostile names', () => {
  test('stay text', async () => {
    const { page, show, faults, close } = await openPreview(browser, { width: 600 });
    await show(hostileModel());
    for (const cell of await page.locator('.num').all()) await cell.click();
    expect(await page.locator('#app').locator('img, script, iframe, object').count()).toBe(0);
    expect(await page.title()).toBe('Effective Routes');
    expect(faults).toEqual([]);
    expect(await textOf(page.locator('.vhost .name'))).toBe('<img src=x onerror="document.title=\'owned\'">');
    await close();
  });
});

describe('no sideways scrolling', () => {
  test.each([300, 420, 560, 700, 860, 1100])('at %i pixels', async width => {
    const { page, show, close } = await openPreview(browser, { width });
    for (const model of [sampleModel(), hostileModel()]) {
      await show(model);
      for (const cell of await page.locator('.route .num').all()) await cell.click();
      const overflow = await page.evaluate(() => {
        const main = document.querySelector('.main');
        return Math.max(
          document.documentElement.scrollWidth - window.innerWidth,
          (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0),
        );
      });
      expect(overflow).toBeLessThanOrEqual(0);
    }
    await page.getByRole('button', { name: 'Export' }).click();
    const menu = await page.getByRole('menu').boundingBox();
    expect(menu?.x).toBeGreaterThanOrEqual(0);
    await close();
  });
});

test('without motion where the reader wants none', async () => {
  const { page, show, close } = await openPreview(browser);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await show(sampleModel());
  expect(
    await page
      .locator('.twist')
      .first()
      .evaluate(icon => getComputedStyle(icon).transitionDuration),
  ).toBe('0s');
  await close();
});
