import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startBrowser } from '../harness/browser.ts';
import { openPreview, type PreviewOptions, type PreviewPage } from './page.ts';
import { sampleModel } from './sample.ts';

export interface Session {
  open(options?: PreviewOptions): Promise<PreviewPage>;
  /** The page with the sample table. */
  openSample(options?: PreviewOptions): Promise<PreviewPage>;
}

/** One browser for the tests of a file; each page is closed after its test, in which nothing may have gone wrong. */
export function previewSession(): Session {
  let browser: Browser;
  const opened: PreviewPage[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    for (const preview of opened.splice(0)) {
      await preview.close();
      expect(preview.faults).toEqual([]);
    }
  });
  afterAll(() => browser.close());
  const open: Session['open'] = async (options = {}) => {
    const preview = await openPreview(browser, options);
    opened.push(preview);
    return preview;
  };
  return {
    open,
    async openSample(options = {}) {
      const preview = await open(options);
      await preview.show(sampleModel());
      return preview;
    },
  };
}

export function row(page: Page, id: string): Locator {
  return page.locator(`[data-key="${id.includes(':') ? id : `route:${id}`}"]`);
}

/** Key of the row that has the focus. */
export function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['key']);
}

export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
