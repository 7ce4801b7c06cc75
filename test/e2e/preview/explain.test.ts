import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation, RequestView } from '../../../server/src/contract/explain.ts';
import type { FromWebview, RouteModel } from '../../../server/src/contract.ts';
import { startBrowser } from '../harness/browser.ts';
import { openPreview, type PreviewOptions, type PreviewPage, textOf } from './page.ts';
import { sampleModel } from './sample.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = path.join(import.meta.dirname, '../results');

let browser: Browser;
const opened: PreviewPage[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  mkdirSync(pictures, { recursive: true });
});
afterEach(async () => {
  for (const preview of opened.splice(0)) {
    await preview.close();
    expect(preview.faults).toEqual([]);
  }
});
afterAll(() => browser.close());

async function open(options: PreviewOptions = {}, model: RouteModel = sampleModel()): Promise<PreviewPage> {
  const preview = await openPreview(browser, { height: 1000, ...options });
  opened.push(preview);
  await preview.show(model);
  return preview;
}

type Asked = Extract<FromWebview, { type: 'explain' }>;

async function asked({ sent }: PreviewPage): Promise<readonly Asked[]> {
  return (await sent()).filter((message): message is Asked => message.type === 'explain');
}

const REQUEST: RequestView = {
  method: 'GET',
  scheme: 'https',
  authority: 'shop.example.com',
  path: '/api/reviews/42',
  query: 'sort=new',
  headers: [['x-beta', 'false']],
};

/** An answer about the first rows of the sample. */
function answer(model: RouteModel): Explanation {
  const view = model.selected;
  const host = view?.virtualHosts[0];
  const [first, second] = host?.routes ?? [];
  if (view === undefined || host === undefined || first === undefined || second === undefined)
    throw new Error('no sample');
  const route = (one: typeof first) => ({
    id: one.id,
    order: one.order,
    name: one.name,
    source: one.source,
    match: one.text.match,
  });
  return {
    request: REQUEST,
    normalPath: undefined,
    viewpoint: { ...view, reason: 'a Gateway serves this host on port 443' },
    virtualHost: {
      name: host.name,
      domain: 'shop.example.com',
      reason: 'it is the host asked for',
      routes: host.routes.length,
    },
    considered: [
      {
        ...route(first),
        failed: { condition: 'path is /x', expected: 'is /x', actual: '/api/reviews/42' },
        sentence: 'path is /api/reviews/42, but must be /x',
      },
    ],
    route: route(second),
    headline: '#2 takes it: 90% reviews subset v1, 10% reviews subset v2',
    status: undefined,
    upstream: {
      path: '/reviews/42?sort=new',
      authority: 'shop.example.com',
      destinations: [
        {
          cluster: 'outbound|80|v1|reviews.shop.svc.cluster.local',
          share: 90,
          host: 'reviews.shop.svc.cluster.local',
          subset: 'v1',
          port: 80,
          labels: { version: 'v1' },
          authority: 'shop.example.com',
          headers: [],
          problem: undefined,
          text: '90% reviews:80 subset v1 (version=v1)',
        },
      ],
      mirrors: [],
      headers: [],
      timeout: {
        timeout: 3000,
        retries: 2,
        perTryTimeout: undefined,
        retryOn: '5xx',
        worstCase: 3000,
        text: 'at most 3s',
      },
    },
    redirect: undefined,
    directResponse: undefined,
    nearest: undefined,
    faults: [{ kind: 'delay', percent: 10, text: '10% of the requests are delayed by 2s first' }],
    notes: ['the path is normal'],
  };
}

describe('the form', () => {
  test('is opened by its button, asks with Enter, and closes with Escape', async () => {
    const preview = await open();
    const { page } = preview;
    const toggle = page.getByRole('button', { name: 'Try a Request' });
    await toggle.click();
    expect(await toggle.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.type('https://shop.example.com/x?y=1');
    await page.keyboard.press('Enter');
    expect(await asked(preview)).toEqual([
      {
        type: 'explain',
        id: 1,
        params: { request: { method: 'GET', url: 'https://shop.example.com/x?y=1', headers: [] } },
      },
    ]);
    await page.keyboard.press('Escape');
    expect(await toggle.getAttribute('aria-expanded')).toBe('false');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('explain');
  });

  test('takes method, headers and the table that is shown', async () => {
    const preview = await open();
    const { page } = preview;
    await page.getByRole('button', { name: 'Try a Request' }).click();
    await page.getByLabel('Method').fill('POST');
    await page.getByLabel('URL', { exact: true }).fill('http://a/');
    await page.getByRole('button', { name: '+ Header' }).click();
    await page.keyboard.type('x-user');
    await page.getByLabel('Value of the header').fill('jason');
    await page.getByRole('button', { name: '+ Header' }).click();
    await page.getByLabel('Proxy that gets the request').selectOption('shown');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    const [question] = await asked(preview);
    expect(question?.params).toEqual({
      request: { method: 'POST', url: 'http://a/', headers: [['x-user', 'jason']] },
      viewpoint: sampleModel().selected?.id,
    });
  });

  test('is filled from a request that the extension gives, and asks at once', async () => {
    const preview = await open();
    await preview.send({ type: 'explain', request: REQUEST });
    await preview.page.getByLabel('URL', { exact: true }).waitFor();
    expect((await asked(preview))[0]?.params.request).toEqual({
      method: 'GET',
      url: 'https://shop.example.com/api/reviews/42?sort=new',
      headers: [['x-beta', 'false']],
    });
  });

  test('is filled from the witness of a row', async () => {
    const sample = sampleModel();
    const text = JSON.stringify(sample);
    const [route] = sample.selected?.virtualHosts[0]?.routes ?? [];
    const witness = { ...REQUEST, headers: { 'x-beta': 'true' }, claims: [], curl: 'curl https://example.com/' };
    const model = JSON.parse(
      text.replace(
        `"id":${JSON.stringify(route?.id)}`,
        `"witness":${JSON.stringify(witness)},"id":${JSON.stringify(route?.id)}`,
      ),
    ) as RouteModel;
    const preview = await open({}, model);
    await preview.page.locator(`[data-key="route:${route?.id}"] .num`).click();
    await preview.page.getByRole('button', { name: /^Copy GET https:.* as curl$/ }).click();
    expect(await preview.sent()).toContainEqual({ type: 'copy', text: 'curl https://example.com/' });
    await preview.page.getByRole('button', { name: /^Explain GET https:/ }).click();
    expect((await asked(preview))[0]?.params.request.headers).toEqual([['x-beta', 'true']]);
  });
});

describe('the answer', () => {
  test('says who takes the request, and marks the rows', async () => {
    const preview = await open();
    const { page, send } = preview;
    await send({ type: 'explain', request: REQUEST });
    await send({ type: 'explained', id: 1, answer: answer(sampleModel()) });
    await page.locator('[data-explain=winner]').waitFor();
    expect(await textOf(page.locator('.explain .headline'))).toBe(
      '#2 takes it: 90% reviews subset v1, 10% reviews subset v2',
    );
    expect(await textOf(page.locator('#live'))).toBe('#2 takes it: 90% reviews subset v1, 10% reviews subset v2');
    expect(await page.locator('[data-explain=passed]').count()).toBe(1);
    await page.getByText('1 route before did not match').click();
    expect(await textOf(page.locator('.considered'))).toContain('path is /api/reviews/42, but must be /x');
    await page.keyboard.press('Escape');
    expect(await page.locator('[data-explain]').count()).toBe(0);
  });

  test('to an earlier question is dropped, and a wrong request is a sentence', async () => {
    const preview = await open();
    const { page, send } = preview;
    await send({ type: 'explain', request: REQUEST });
    await send({ type: 'explain', request: REQUEST });
    await send({ type: 'explained', id: 1, answer: answer(sampleModel()) });
    await send({ type: 'explained', id: 2, answer: { fault: '"x" is no URL' } });
    await page.locator('.problem').waitFor();
    expect(await textOf(page.locator('.explain .answer'))).toBe('"x" is no URL.');
  });

  test('of another table offers to show it', async () => {
    const preview = await open();
    const { page, send, sent } = preview;
    await send({ type: 'explain', request: REQUEST });
    const other = answer(sampleModel());
    await send({ type: 'explained', id: 1, answer: { ...other, viewpoint: { ...other.viewpoint, id: 'elsewhere' } } });
    await page.getByRole('button', { name: 'Show the table that was asked' }).click();
    expect(await sent()).toContainEqual({ type: 'viewpoint', id: 'elsewhere' });
  });

  test.each(['dark', 'light', 'high-contrast'] as const)('axe finds nothing in the %s theme', async theme => {
    const preview = await open({ theme });
    const { page, send } = preview;
    await send({ type: 'explain', request: REQUEST });
    await send({ type: 'explained', id: 1, answer: answer(sampleModel()) });
    await page.locator('[data-explain=winner]').waitFor();
    await page.screenshot({ path: path.join(pictures, `explain-${theme}.png`) });
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { violations: found } = await (
        window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
      ).axe.run();
      return found.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html}`));
    });
    expect(violations).toEqual([]);
  });

  test('has room on a narrow page', async () => {
    const preview = await open({ width: 360 });
    const { page, send } = preview;
    await send({ type: 'explain', request: REQUEST });
    await send({ type: 'explained', id: 1, answer: answer(sampleModel()) });
    await page.locator('.explain .headline').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
