import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { textOf } from '../support/browser/html.ts';
import { startServer } from '../support/servers/server.ts';
import { a1c, openRecord } from './observations.ts';

it('the operator’s plain name of a test is shown in the reader’s language, with the practice’s name', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'consumer-names-'));
  const file = path.join(folder, 'names.json');
  const term = { system: 'http://loinc.org', code: '4548-4' };
  writeFileSync(file, JSON.stringify([{ ...term, language: 'en', name: 'Average blood sugar' }]));
  const server = await startServer({ CONSUMER_NAMES: file });
  try {
    const { browser, base } = await openRecord(server, [a1c(7, '2026-01-01')]);
    const text = async () => textOf(await browser.get(`${base}/record/results`));
    expect(await text()).toContain('Average blood sugar (Hemoglobin A1c) 7%');
    await browser.get('/language?to=es&return_to=/');
    expect(await text()).not.toContain('Average blood sugar');
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});
