import { describe, expect, test } from 'vitest';
import type { RouteModel } from '../../../server/src/contract.ts';
import { largeModel, modelOf } from './sample.ts';
import { focused, press, previewSession, row } from './session.ts';

const { open } = previewSession();

describe('long tables', () => {
  test('take rows away that are far from the view, and keep the heading and the place', async () => {
    const { page, show } = await open();
    await show(largeModel(1000));
    const height = (): Promise<number> => page.evaluate(() => document.querySelector('.main')?.scrollHeight ?? 0);
    for (let top = 0; top < 40_000; top += 2000) {
      await page.evaluate(to => document.querySelector('.main')?.scrollTo(0, to), top);
      await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))));
    }
    expect(await page.locator('.route').count()).toBeLessThan(400);
    expect(await row(page, 'host:shop.example.com:443').count()).toBe(1);
    expect((await row(page, 'host:shop.example.com:443').boundingBox())?.y).toBeLessThan(200);
    // The row that Tab leads to is still there, and what was taken away comes back where it was.
    expect(await page.locator('.grid [tabindex="0"][role=row]').count()).toBe(1);
    const before = await height();
    await page.evaluate(() => document.querySelector('.main')?.scrollTo(0, 8000));
    await expect.poll(() => page.locator('.route').filter({ visible: true }).count()).toBeGreaterThan(5);
    expect(Math.abs((await height()) - before)).toBeLessThan(before / 5);
  });

  test('make only the rows near the view', async () => {
    const { page, show } = await open();
    await show(largeModel(1000));
    expect(await page.locator('.route').count()).toBeLessThan(200);
    await row(page, 'route-1').focus();
    await press(page, 'End');
    expect(await focused(page)).toBe('route:route-1000');
    expect(await row(page, 'route-1000').getAttribute('aria-rowindex')).toBe('1003');
  });

  test('show their first routes until the whole is there, and keep what the reader does with them', async () => {
    const { page, show, send } = await open();
    await show(firstOf(1000, 100));
    expect(await page.locator('#everything').innerText()).toBe('1000 routes');
    expect(await page.locator('#problems').isDisabled()).toBe(true);
    expect(await page.getByText('900 more routes follow.').count()).toBe(1);
    await row(page, 'route-3').focus();
    await show(largeModel(1000));
    expect(await page.getByText('more routes follow').count()).toBe(0);
    expect(await page.locator('#problems').isDisabled()).toBe(false);
    expect(await focused(page)).toBe('route:route-3');
    // The whole table is not taken away again, and a filter wants all routes.
    await send({ type: 'model', model: firstOf(1000, 100) });
    await press(page, 'End');
    expect(await focused(page)).toBe('route:route-1000');
  });

  test('show no first routes to a filter that the whole table may fulfil', async () => {
    const { page, send, show } = await open({ state: { query: 'products/900' } });
    await send({ type: 'model', model: firstOf(1000, 100) });
    expect(await page.getByText('Loading the routes').count()).toBe(1);
    await show(largeModel(1000));
    expect(await page.locator('.route').count()).toBe(1);
  });

  test('reveal a row that was not made yet', async () => {
    const { page, show, send } = await open();
    await show(largeModel(1000));
    await send({ type: 'reveal', uri: 'file:///shop/routes/storefront.yaml', line: 7001 });
    await row(page, 'route-700').waitFor();
    await expect
      .poll(() => row(page, 'route-700').evaluate(element => element.getBoundingClientRect().top))
      .toBeLessThan(800);
  });
});

/** The first routes of a long table, as the server sends them before the whole. */
function firstOf(count: number, first: number): RouteModel {
  return modelOf(largeModel(first).selected, { rest: count - first });
}
