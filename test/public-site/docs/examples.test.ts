import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUIDE, type GuidePage, readGuide } from '../../../src/public-site/docs/guide.ts';
import { readExamples } from '../../support/docs/blocks.ts';
import { differences } from '../../support/docs/compare.ts';
import { DocsReader } from '../../support/docs/reader.ts';
import { guideText, prepareReader } from '../../support/docs/reader-setup.ts';
import { signInReviewer } from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let listens: string;
beforeAll(async () => {
  server = await startServer();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  // Publishes the brands, so that the examples can look up practices.
  await (await signInReviewer(server)).call('POST', '/review/brands/publish');
  listens = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** Pages whose Markdown has examples. Tables that the server adds to a page aren't examples. */
const withExamples = GUIDE.filter((page) => readExamples(readGuide(page)).length > 0);

const testPage = (page: GuidePage) => () => {
  let reader: DocsReader;
  let examples: ReturnType<typeof readExamples>;
  beforeAll(async () => {
    const { variables, files } = await prepareReader(server);
    reader = new DocsReader(server, listens, variables, files);
    examples = readExamples(await guideText(server, page));
  });
  afterAll(() => reader.close());

  const names = readExamples(readGuide(page)).map(
    ({ request }) => `line ${request.line}: ${request.content.split('\n')[0]}`,
  );
  it.each(names.map((name, index) => [name, index] as const))('%s', async (_name, index) => {
    const example = examples[index];
    if (example === undefined) throw new Error('the page has an example less than its file');
    expect(await reader.runExample(example)).toEqual([]);
  });
};
// The examples of a page run in its order, because a reader uses values of earlier responses in later requests.
for (const page of withExamples) describe(`docs/guide/${page}.md`, { shuffle: false }, testPage(page));

describe('the example runner', () => {
  it('rejects a page with a block that would not run, or a request without its response', () => {
    const codeBlock = (info: string, content: string) => `\`\`\`${info}\n${content}\n\`\`\`\n`;
    expect(() => readExamples(codeBlock('bash', 'curl /x'))).toThrow('nobody runs this');
    expect(() => readExamples(codeBlock('text', 'curl /x'))).toThrow('nobody runs this');
    expect(() => readExamples(codeBlock('', 'anything'))).toThrow('nobody runs this');
    expect(() => readExamples(codeBlock('http', 'GET /x'))).toThrow('nobody runs this');
    expect(() => readExamples(codeBlock('sh', 'curl /x'))).toThrow('without an answer');
    expect(() => readExamples(codeBlock('json answer=200', '{}'))).toThrow('an answer to nothing');
    expect(readExamples(codeBlock('sh', 'curl /x') + codeBlock('json answer=200', '{}'))).toHaveLength(1);
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
