import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUIDE, type GuidePage, readGuide } from '../../../src/public-site/docs/guide.ts';
import { addJq, findCommand } from '../../support/docs/commands.ts';
import { differences } from '../../support/docs/compare.ts';
import { readDocsPage } from '../../support/docs/page-blocks.ts';
import { DocsReader } from '../../support/docs/reader.ts';
import { createReaderValues } from '../../support/docs/reader-setup.ts';
import { signInReviewer } from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

/** Pages with commands. A page without any has nothing to run. */
const withCommands = GUIDE.filter((page) => readGuide(page).includes('\n```sh\n'));
const missing = ['bash', 'curl', 'openssl'].filter((name) => findCommand(name) === undefined);
const skipped = missing.length === 0 ? '' : ` (skipped: this machine has no ${missing.join(', ')})`;

describe.skipIf(missing.length > 0)(`in a shell, as a reader pastes them${skipped}`, () => {
  let server: TestServer;
  let listens: string;
  beforeAll(async () => {
    server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox' });
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    // Publishes the brands, so that the examples can look up practices.
    await (await signInReviewer(server)).call('POST', '/review/brands/publish');
    listens = `127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const readPage = async (address: string) => readDocsPage((await server.app.inject(address)).body);

  /** Follows a page in a new shell, after the pages that it starts with. */
  async function followPage(page: GuidePage): Promise<readonly string[]> {
    const pages = [await readPage(`/docs/${page}`)];
    for (let first = pages[0]; first?.startsWith !== undefined; first = pages[0])
      pages.unshift(await readPage(first.startsWith));
    const reader = new DocsReader(server, listens, createReaderValues(server));
    try {
      const wrong: string[] = [];
      for (const example of pages.flatMap(({ examples }) => examples)) wrong.push(...(await reader.follow(example)));
      return wrong;
    } finally {
      await reader.close();
    }
  }

  it.each(withCommands)(
    'docs/guide/%s.md: every command works in its order, and prints what the page shows',
    async (page) => {
      expect(await followPage(page)).toEqual([]);
    },
    120_000,
  );

  it('a command that fails, and a result that differs, are noticed', async () => {
    const reader = new DocsReader(server, listens, createReaderValues(server));
    const block = (caption: string, text: string) => ({ caption, text, before: '' });
    const command = block('Shell', `curl -s ${server.config.publicUrl}/api/nothing`);
    const answer = (caption: string, text: string) => reader.follow({ command, result: block(caption, text) });
    expect(await answer('Answer: 404', '{ "code": "not-found", … }')).toEqual([]);
    expect(await answer('Answer: 200', '{ "code": "not-found", … }')).toHaveLength(1);
    expect(await answer('Answer: 404', '{ "code": "gone", … }')).toHaveLength(1);
    expect(await reader.follow({ command, result: undefined })).toHaveLength(1);
    expect(await reader.follow({ command: block('Shell', 'echo "wow!x"'), result: undefined })).not.toEqual([]);
    expect(await reader.follow({ command: block('Shell', 'nonesuch'), result: undefined })).toHaveLength(2);
    await reader.close();
  });
});

describe('the reader of pages', () => {
  const figure = (caption: string, text: string) =>
    `<figure class="code"><figcaption>${caption}</figcaption><pre><code>${text}</code></pre></figure>`;
  const read = (...figures: readonly string[]) => readDocsPage(`<article>${figures.join('')}</article>`).examples;

  it('rejects a page with a request that no one runs, or a result of no command', () => {
    expect(() => read(figure('Example', 'curl /x'))).toThrow('no one runs this');
    expect(() => read(figure('Request', 'GET /x'))).toThrow('no one runs this');
    expect(() => read(figure('Answer: 200', '{}'))).toThrow('a result of no command');
    expect(() => read(figure('Example', '{}'), figure('Output', 'x'))).toThrow('a result of no command');
    expect(read(figure('Shell', 'curl /x'), figure('Answer: 200', '{}'))).toHaveLength(1);
  });

  it('finds the page that the reader follows first', () => {
    const html =
      '<article><p>See <a href="/docs/a">a</a>.</p><p>Before you start: <a href="/docs/b">b</a></p></article>';
    expect(readDocsPage(html).startsWith).toBe('/docs/b');
  });

  it('notices when a response differs from the documented one', () => {
    const shown = { a: 'x…', b: [1, '…'], c: { '…': '…' } };
    expect(differences(shown, { a: 'xyz', b: [1, 2], c: { d: 1 } })).toEqual([]);
    for (const other of [
      { a: 'yx', b: [1], c: {} },
      { a: 'x', b: [2], c: {} },
      { a: 'x', b: [], c: {} },
      { a: 'x', b: [1] },
      { a: 'x', b: [1], c: {}, d: 1 },
      { a: 'x', b: [1], c: null },
    ]) {
      expect(differences(shown, other), JSON.stringify(other)).toHaveLength(1);
    }
  });
});

describe('jq of the package jq-web, for machines without one', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-jq-'));
  beforeAll(() => addJq(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['a member as text', ['-r', '.a'], 'x "y"\n'],
    ['some members', ['{b, c: .c[0].d}'], '{\n  "b": 1.5,\n  "c": null\n}\n'],
    ['the first match, or null', ['-r', 'first(.c[] | select(.d == 2)) // null'], 'null\n'],
    ['a member that is missing', ['-r', '.nothing'], 'null\n'],
  ])('prints %s', async (_what, words, printed) => {
    const file = path.join(folder, 'input.json');
    writeFileSync(file, '{"a":"x \\"y\\"","b":1.5,"c":[{}]}');
    const { stdout } = await promisify(execFile)(path.join(folder, 'jq'), [...words, file]);
    expect(stdout).toBe(printed);
  });
});
