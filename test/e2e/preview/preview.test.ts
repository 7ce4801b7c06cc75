import { describe, expect, test } from 'vitest';
import { textOf } from './page.ts';
import { gateway, largeModel, modelOf, place, sampleModel } from './sample.ts';
import { focused, press, previewSession, row } from './session.ts';

const { open, openSample } = previewSession();

describe('states', () => {
  test('a page that is ready says so and waits', async () => {
    const { page, sent } = await open();
    expect(await sent()).toEqual([{ type: 'ready' }]);
    expect(await page.getByRole('main').getByText('Loading').count()).toBe(1);
  });

  test('a workspace without routes', async () => {
    const { page, show } = await open();
    await show(modelOf(undefined));
    expect(await textOf(page.locator('.empty h1'))).toBe('No routes in this workspace');
  });

  test('a workspace that is still being read', async () => {
    const { page, show } = await open();
    await show(modelOf(undefined, { indexing: true }));
    expect(await textOf(page.locator('.empty h1'))).toBe('Reading the workspace');
  });

  test('a server without an answer, and its return', async () => {
    const { page, send, show } = await open();
    await send({ type: 'failed', message: 'the server is stopped' });
    await page.getByText('the server is stopped').waitFor();
    await show(sampleModel());
    expect(await page.getByText('the server is stopped').count()).toBe(0);
  });

  test('the last good table stays while a file is broken', async () => {
    const { page, show, sent } = await openSample();
    const broken = place(88, 'storefront.yaml');
    await show({ ...sampleModel(), stale: { place: broken, message: 'unclosed bracket' } });
    expect(await textOf(page.locator('.banner'))).toContain('unclosed bracket');
    expect(await row(page, 'route-1').count()).toBe(1);
    await page.getByRole('button', { name: /storefront.yaml:88:5/ }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'open', place: broken, beside: false });
    await show(sampleModel());
    expect(await page.locator('.banner').count()).toBe(0);
  });

  test('a table that is gone is replaced, and that is said', async () => {
    const { page, show } = await openSample();
    const other = { ...gateway([]), id: 'gateway other', label: 'istio-ingress/other: 80 HTTP' };
    await show(modelOf(other));
    expect(await textOf(page.locator('.banner'))).toContain('istio-ingress/shop-gateway: 443 HTTPS');
    expect(await textOf(page.locator('#live'))).toContain('gone');
  });
});

describe('table', () => {
  test('a row is a sentence', async () => {
    const { page } = await openSample({ width: 1100 });
    const text = async (id: string): Promise<string> => (await textOf(row(page, id))).replace(/\s+/g, ' ');
    expect(await text('route-2')).toContain('POST and path starts with /api/checkout… and header x-debug is present');
    expect(await text('route-5')).toMatch(/or path starts with \/api\/reviews… .* same as #4/);
    expect(await text('route-6')).toContain('90% reviews v1 :8080 10% reviews v2 :8080 5% copied to reviews-shadow');
    expect(await text('route-7')).toContain('Unreachable. #6 takes all of its requests');
    expect(await text('route-8')).toContain('503: no DestinationRule in force defines subset v4');
    expect(await text('route-10')).toContain('anything else');
    expect(await text('otherwise:admin.example.com:443')).toContain('404: no route takes the request');
  });

  test('bars are as long as the shares', async () => {
    const { page } = await openSample();
    const widths = await row(page, 'route-6')
      .locator('.bar .v')
      .evaluateAll(bars => bars.map(bar => Number(bar.getAttribute('width'))));
    expect(widths[0]).toBeCloseTo(37.8);
    expect(widths[1]).toBeCloseTo(4.2);
  });

  test('a click on a source opens the file', async () => {
    const { page, sent } = await openSample();
    await row(page, 'route-4')
      .getByRole('button', { name: 'storefront.yaml:40, open routes/storefront.yaml line 40' })
      .click();
    const message = (await sent()).at(-1);
    expect(message).toMatchObject({ type: 'open', place: { path: 'routes/storefront.yaml', line: 40 }, beside: false });
  });

  test('the link of a reason goes to the covering route', async () => {
    const { page } = await openSample();
    await row(page, 'route-7').getByRole('button', { name: '#6, go to route 6' }).click();
    expect(await focused(page)).toBe('route:route-6');
  });

  test('details tell names, labels and the policy with its sources', async () => {
    const { page } = await openSample();
    await row(page, 'route-6').locator('.num').click();
    const details = (await textOf(row(page, 'details:route-6'))).replace(/\s+/g, ' ');
    expect(details).toContain('shop/storefront › rule-6');
    expect(details).toContain('outbound|8080|v2|reviews.shop.svc.cluster.local (version=v2)');
    expect(details).toContain('DestinationRule shop/reviews found in the namespace of the service');
    expect(details).toContain('ROUND_ROBIN from DestinationRule · reviews.yaml:9');
    expect(details).toContain('LEAST_REQUEST from subset v2 · reviews.yaml:31');
    expect(details).toContain('10s from Istio default 2s is lost: subset v2 has a connectionPool of its own');
    await row(page, 'route-6').locator('.num').click();
    expect(await row(page, 'details:route-6').count()).toBe(0);
  });

  test('what is left out and assumed stands below', async () => {
    const { page } = await openSample();
    expect(await page.locator('.sect').allInnerTexts()).toEqual([
      expect.stringContaining('no DestinationRule in force defines subset v4'),
      expect.stringContaining('Not for this proxy'),
      expect.stringContaining('ALLOW_ANY'),
    ]);
  });

  test('the row of the editor’s cursor is marked', async () => {
    const { page, send } = await openSample();
    const marked = (): Promise<(string | null)[]> =>
      page
        .locator('[aria-current=location]')
        .evaluateAll(rows => rows.map(element => element.getAttribute('data-key')));
    await send({ type: 'reveal', uri: 'file:///shop/routes/storefront.yaml', line: 41 });
    await row(page, 'route-4').and(page.locator('.active')).waitFor();
    expect(await marked()).toEqual(['route:route-4']);
    await send({ type: 'reveal', uri: 'file:///shop/routes/other.yaml', line: 41 });
    await row(page, 'route-4').and(page.locator(':not(.active)')).waitFor();
    expect(await marked()).toEqual([]);
  });

  test('another viewpoint is asked for', async () => {
    const { page, sent } = await openSample();
    await page.getByLabel(/Viewpoint/).selectOption('sidecar shop 8080');
    expect((await sent()).at(-1)).toEqual({ type: 'viewpoint', id: 'sidecar shop 8080' });
  });
});

describe('filters', () => {
  test('words leave the rows that hold them, marked', async () => {
    const { page } = await openSample();
    await page.getByLabel('Filter routes').fill('reviews');
    expect(await page.locator('.route').count()).toBe(4);
    expect(await textOf(page.locator('mark').first())).toBe('reviews');
    expect(await textOf(page.locator('#live'))).toBe('4 routes');
  });

  test('a domain leaves all rows of its host', async () => {
    const { page } = await openSample();
    await page.getByLabel('Filter routes').fill('admin.example');
    expect(await page.locator('.route').count()).toBe(1);
  });

  test('nothing found can be undone', async () => {
    const { page } = await openSample();
    await page.getByLabel('Filter routes').fill('nowhere');
    await page.getByRole('button', { name: 'Clear filter' }).click();
    expect(await page.locator('.route').count()).toBe(11);
  });

  test('rows to look at', async () => {
    const { page } = await openSample();
    await page.getByRole('button', { name: '2 to look at' }).click();
    expect(
      await page.locator('.route').evaluateAll(rows => rows.map(element => element.getAttribute('data-key'))),
    ).toEqual(['route:route-7', 'route:route-8']);
    await page.getByRole('button', { name: '2 to look at' }).click();
    expect(await page.locator('.route').count()).toBe(11);
  });
});

describe('keyboard', () => {
  test('the table has one tab stop, with the controls of its row behind it', async () => {
    const { page } = await openSample();
    const stops = await page
      .locator('[role=treegrid] [tabindex="0"]')
      .evaluateAll(elements =>
        elements.map(element => element.getAttribute('data-key') ?? element.getAttribute('data-control')),
      );
    expect(stops).toEqual(['route:route-1', 'source']);
  });

  test('arrows, pages and ends move the row focus', async () => {
    const { page } = await openSample();
    await row(page, 'route-1').focus();
    await press(page, 'ArrowDown');
    expect(await focused(page)).toBe('route:route-2');
    await press(page, 'ArrowUp', 'ArrowUp');
    expect(await focused(page)).toBe('host:shop.example.com:443');
    await press(page, 'PageDown');
    expect(await focused(page)).toBe('route:route-10');
    await press(page, 'PageUp', 'End');
    expect(await focused(page)).toBe('route:admin-1');
    await press(page, 'Home');
    expect(await focused(page)).toBe('host:shop.example.com:443');
  });

  test('right opens, left closes and goes to the host', async () => {
    const { page } = await openSample();
    await row(page, 'route-3').focus();
    await press(page, 'ArrowRight');
    expect(await row(page, 'details:route-3').count()).toBe(1);
    expect(await focused(page)).toBe('route:route-3');
    await press(page, 'ArrowLeft');
    expect(await row(page, 'details:route-3').count()).toBe(0);
    await press(page, 'ArrowLeft');
    expect(await focused(page)).toBe('host:shop.example.com:443');
    await press(page, 'ArrowLeft');
    expect(await row(page, 'route-3').count()).toBe(0);
    await press(page, ' ');
    expect(await row(page, 'route-3').count()).toBe(1);
  });

  test('enter opens the source', async () => {
    const { page, sent } = await openSample();
    await row(page, 'route-3').focus();
    await press(page, 'Enter');
    expect((await sent()).at(-1)).toMatchObject({ type: 'open', place: { line: 30 } });
  });

  test('F8 goes from one row to look at to the next', async () => {
    const { page, send } = await openSample();
    await row(page, 'route-1').focus();
    await press(page, 'F8');
    expect(await focused(page)).toBe('route:route-7');
    await press(page, 'F8');
    expect(await focused(page)).toBe('route:route-8');
    await press(page, 'F8');
    expect(await focused(page)).toBe('route:route-7');
    await press(page, 'Shift+F8');
    expect(await focused(page)).toBe('route:route-8');
    await send({ type: 'command', command: 'next' });
    await expect.poll(() => focused(page)).toBe('route:route-7');
  });

  test('slash filters, down goes to the first hit, escape clears', async () => {
    const { page } = await openSample();
    await row(page, 'route-1').focus();
    await press(page, '/');
    await page.keyboard.type('search');
    await press(page, 'ArrowDown');
    expect(await focused(page)).toBe('route:route-8');
    await press(page, '/', 'Escape');
    expect(await page.locator('.route').count()).toBe(11);
    expect(await focused(page)).toBe('route:route-8');
  });

  test('the export menu is a menu', async () => {
    const { page, sent } = await openSample();
    await page.getByRole('button', { name: 'Export' }).press('Enter');
    await press(page, 'Escape');
    expect(await page.getByRole('menu').count()).toBe(0);
    await press(page, 'Enter', 'ArrowDown', 'ArrowDown', 'Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'export', format: 'json', to: 'editor' });
    expect(await page.getByRole('menu').count()).toBe(0);
    await press(page, 'Enter', 'Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'export', format: 'markdown', to: 'clipboard' });
  });
});

describe('updates', () => {
  test('keep focus, open rows and words looked for', async () => {
    const { page, show } = await openSample();
    await page.getByLabel('Filter routes').fill('reviews');
    await row(page, 'route-6').locator('.num').click();
    await row(page, 'route-7').getByRole('button', { name: '#6, go to route 6' }).focus();
    const model = sampleModel();
    await show({ ...model, stale: { place: place(1), message: 'something' } });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-control'))).toMatch(/^go:/);
    expect(await row(page, 'details:route-6').count()).toBe(1);
    expect(await page.locator('.route').count()).toBe(4);
  });

  test('keep the elements of rows that look as before', async () => {
    const { page, show } = await openSample();
    await row(page, 'route-3').evaluate(element => element.setAttribute('data-test', 'kept'));
    const model = sampleModel();
    const [first, ...others] = model.selected?.virtualHosts ?? [];
    if (model.selected === undefined || first === undefined) throw new Error('no host');
    const routes = first.routes.map(route => (route.order === 2 ? { ...route, badges: [] } : route));
    await show({ ...model, selected: { ...model.selected, virtualHosts: [{ ...first, routes }, ...others] } });
    expect(await row(page, 'route-3').getAttribute('data-test')).toBe('kept');
    expect(await textOf(row(page, 'route-2'))).not.toContain('timeout 10s');
  });

  test('of a long table keep what is in view where it is', async () => {
    const { page, show } = await open();
    await show(largeModel(400));
    await row(page, 'route-1').focus();
    await press(page, ...Array.from({ length: 20 }, () => 'PageDown'));
    const before = await row(page, 'route-201').boundingBox();
    expect(before).not.toBeNull();
    const model = largeModel(400);
    const [first] = model.selected?.virtualHosts ?? [];
    if (model.selected === undefined || first === undefined) throw new Error('no host');
    // Rows above become higher.
    const routes = first.routes.map(route =>
      route.order === 170 ? { ...route, state: 'unreachable' as const, reason: 'why '.repeat(100) } : route,
    );
    await show({ ...model, selected: { ...model.selected, virtualHosts: [{ ...first, routes }] } });
    const after = await row(page, 'route-201').boundingBox();
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    expect(await focused(page)).toBe('route:route-201');
  });

  test('put the focus onto a neighbor when its row is gone', async () => {
    const { page, show } = await openSample();
    await row(page, 'route-4').focus();
    const model = sampleModel();
    const [first] = model.selected?.virtualHosts ?? [];
    if (model.selected === undefined || first === undefined) throw new Error('no host');
    const routes = first.routes.filter(({ order }) => order !== 4);
    await show({ ...model, selected: { ...model.selected, virtualHosts: [{ ...first, routes }] } });
    expect(await focused(page)).toBe('route:route-5');
  });

  test('a page made anew shows what the reader had chosen', async () => {
    const first = await openSample();
    await first.page.getByLabel('Filter routes').fill('reviews');
    await row(first.page, 'route-6').locator('.num').click();
    const second = await openSample({ state: await first.state() });
    expect(await second.page.getByLabel('Filter routes').inputValue()).toBe('reviews');
    expect(await row(second.page, 'details:route-6').count()).toBe(1);
  });

  test('a state that makes no sense is left alone', async () => {
    const { page } = await openSample({ state: { query: 7, open: 'all', closed: [null], active: {} } });
    expect(await page.locator('.route').count()).toBe(11);
  });
});
