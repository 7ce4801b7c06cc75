import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { textOf } from './page.ts';
import { gateway, listener, modelOf, place, sampleModel } from './sample.ts';
import { focused, previewSession } from './session.ts';

const { open, openSample } = previewSession();

describe('what stands below the table', () => {
  test('is named in one line above it, which leads there', async () => {
    const { page } = await openSample();
    expect((await textOf(page.locator('.summary'))).replace(/\s+/g, ' ')).toContain('1 not found 2 left out Assumes');
    await page.getByRole('button', { name: '2 left out' }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Left out of this table');
    await page.getByRole('button', { name: '1 not found' }).click();
    await page.locator('section[data-section=missing]').getByRole('button', { name: '#8, go to route 8' }).click();
    expect(await focused(page)).toBe('route:route-8');
  });

  test('tells what something lost to, with a link', async () => {
    const { page, sent } = await openSample();
    await page.locator('section[data-section=left-out]').getByRole('button', { name: 'storefront.yaml:120' }).click();
    expect((await sent()).at(-1)).toMatchObject({ type: 'open', place: { line: 120 } });
  });

  test('is searched by the filter', async () => {
    const { page } = await openSample();
    await page.getByLabel('Filter routes').fill('promo');
    expect(await textOf(page.locator('section[data-section=left-out]'))).toContain('marketing/promo');
    expect(await page.locator('section[data-section=left-out] .rowline').count()).toBe(1);
    expect(await page.locator('section[data-section=assumptions]').count()).toBe(0);
  });

  test('keeps the focus over an update', async () => {
    const { page, show } = await openSample();
    await page.locator('section[data-section=left-out]').getByRole('button', { name: 'promo.yaml:8' }).focus();
    await show({ ...sampleModel(), stale: { place: place(1), message: 'something' } });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-control'))).toBe('left-out:0');
  });

  test('of a long list shows the first lines, and all on demand', async () => {
    const { page, show } = await open();
    const [line] = gateway([]).leftOut;
    if (line === undefined) throw new Error('no line');
    const leftOut = Array.from({ length: 300 }, (_, i) => ({ ...line, name: `rule ${i}` }));
    await show(modelOf({ ...gateway([]), leftOut }));
    const lines = page.locator('section[data-section=left-out] .rowline');
    expect(await lines.count()).toBe(51);
    await page.getByRole('button', { name: 'Show all 300' }).click();
    expect(await lines.count()).toBe(300);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-control'))).toBe('left-out:50');
  });
});

describe('connections', () => {
  test('are counted and told with where they go, where they were written, and what is wrong with them', async () => {
    const { page, show, sent } = await open();
    await show(modelOf(listener()));
    expect(await page.locator('#everything').innerText()).toBe('3 connections');
    expect(await page.locator('#problems').innerText()).toBe('1 to look at');
    expect(await textsOf(page)).toEqual([
      'TLS for git.example.com | 80% git.infra:8443, 20% git-next.infra:8443 | git.yaml:17 infra/by-name, tls[0]',
      'to 10.1.0.0/16 | db near:5432 (closed: no DestinationRule in force defines subset near) | db.yaml:50 infra/db, tcp[1]',
      'any other connection | closed |',
    ]);
    expect(await page.locator('section[data-section=connections] .st-unreachable').count()).toBe(1);
    expect(await page.getByText('There is no virtual host here').count()).toBe(0);
    await page.getByRole('button', { name: 'git.yaml:17' }).click();
    expect((await sent()).at(-1)).toMatchObject({ type: 'open', place: { line: 17 } });
  });

  test('are searched by the filter', async () => {
    const { page, show } = await open();
    await show(modelOf(listener()));
    await page.getByLabel('Filter routes').fill('GIT-NEXT');
    expect(await textsOf(page)).toEqual([expect.stringContaining('TLS for git.example.com')]);
    expect(await page.locator('section[data-section=connections] mark').innerText()).toBe('git-next');
    await page.getByLabel('Filter routes').fill('nothing like it');
    expect(await page.getByText('No connection matches the filter.').count()).toBe(1);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    expect(await textsOf(page)).toHaveLength(3);
    await page.locator('#problems').click();
    expect(await textsOf(page)).toEqual([expect.stringContaining('to 10.1.0.0/16')]);
  });
});

/** The lines of the section, its cells parted by bars. */
async function textsOf(page: Page): Promise<readonly string[]> {
  const lines = await page.locator('section[data-section=connections] .rowline').all();
  return Promise.all(
    lines.map(async line => {
      const cells = await line.locator('> span').allInnerTexts();
      return cells
        .map(cell => cell.replace(/\s+/g, ' ').trim())
        .join(' | ')
        .trim();
    }),
  );
}

test('the table can be had in three forms', async () => {
  const { page, sent } = await openSample();
  for (const [name, format] of [
    ['Open as Markdown', 'markdown'],
    ['Open as JSON', 'json'],
    ['Open for Envoy', 'envoy'],
  ] as const) {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'export', format, to: 'editor' });
  }
});
