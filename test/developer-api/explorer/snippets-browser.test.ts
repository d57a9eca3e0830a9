import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openConnectedExplorer } from '../../support/apps/explorer.ts';
import { runSnippet, SNIPPET_PROGRAMS, type SnippetName } from '../../support/apps/snippets.ts';
import { expectNoProblemsAnywhere, openPortal } from '../../support/browser/portal-browser.ts';

vi.setConfig({ testTimeout: 60_000 });

const portal = openPortal();
const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-snippets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LANGUAGES = ['curl', 'fetch', 'Python'] as const;
/** Characters that a shell, JavaScript, Python, curl or a URL could misread. */
const HOSTILE = `O'Neil "$HOME" \`id\` \${x} $(id) {a,b} [1-3] \\n é`;

const r4 = (page: Page) => page.getByRole('region', { name: 'FHIR R4' });
const clipboard = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');

async function copy(page: Page, name: string): Promise<string> {
  await r4(page).getByRole('button', { name }).click();
  return clipboard(page);
}

async function snippet(page: Page, language: SnippetName): Promise<string> {
  await r4(page).getByText(language, { exact: true }).click();
  return copy(page, `Copy ${language}`);
}

/** Opens the explorer with an R4 request, and the code of that request. */
async function opened(request: string): Promise<Page> {
  const page = await portal.newPage({ permissions: ['clipboard-read', 'clipboard-write'], timeout: 20_000 });
  await openConnectedExplorer(page, portal.server, `/developer/explorer?r4=${encodeURIComponent(request)}`);
  await r4(page).getByText('200 OK').waitFor();
  await r4(page).getByText('Code: curl, fetch, Python').click();
  return page;
}

describe('the code of a search', () => {
  let page: Page;
  let tokenCommand: string;
  let sent: Record<string, unknown>;
  beforeAll(async () => {
    page = await opened(`/Patient?name:contains=${encodeURIComponent(`${HOSTILE} % #`)}&name=${HOSTILE}`);
    tokenCommand = await copy(page, 'Copy the command that sets the token');
    sent = JSON.parse(await copy(page, 'Copy JSON'));
  });

  it('contains no token, and a command sets the token as a variable', async () => {
    const token = await page.evaluate<string>(
      `JSON.parse(sessionStorage.getItem('api-explorer-2')).connection.tokens.access_token`,
    );
    const panel = (await r4(page).textContent()) ?? '';
    expect(panel.indexOf('1. Set the token')).toBeGreaterThan(-1);
    expect(panel.indexOf('1. Set the token')).toBeLessThan(panel.indexOf('2. Run the code'));
    expect(tokenCommand).toBe(`export ACCESS_TOKEN='${token}'`);
    expect(await r4(page).textContent()).not.toContain(token);
    for (const language of LANGUAGES) {
      const code = await snippet(page, language);
      expect(code).toContain('ACCESS_TOKEN');
      expect(code).not.toContain(token.slice(0, 6));
    }
    await expectNoProblemsAnywhere(page, 'code in the explorer');
  });

  it.each(LANGUAGES.filter((language) => SNIPPET_PROGRAMS[language] !== undefined))(
    'in %s sends the same request as the explorer, whatever characters it contains',
    async (language) => {
      const output = await runSnippet(language, await snippet(page, language), tokenCommand);
      const [status, ...body] = language === 'curl' ? ['200', output] : output.split('\n');
      expect(status).toBe('200');
      expect(JSON.parse(body.join('\n'))).toMatchObject({ resourceType: 'Bundle', link: sent['link'] });
    },
  );

  it.each(LANGUAGES.filter((language) => SNIPPET_PROGRAMS[language] !== undefined))(
    'in %s shows the error of the API if the token is wrong',
    async (language) => {
      const output = await runSnippet(language, await snippet(page, language), "export ACCESS_TOKEN='wrong'");
      expect(output).toContain('OperationOutcome');
      if (language !== 'curl') expect(output).toMatch(/^401\n/);
    },
  );
});

it('the code of a document saves it as a file', async () => {
  const page = await opened('/DocumentReference?_count=1');
  const bundle = JSON.parse(await copy(page, 'Copy JSON'));
  const { url } = bundle.entry[0].resource.content[0].attachment;
  await page.getByLabel('Path of the R4 request').fill(new URL(url).pathname.replace(/.*(?=\/Binary\/)/, ''));
  await page.getByLabel('Path of the R4 request').press('Enter');
  const downloaded = page.waitForEvent('download');
  await r4(page).getByRole('link', { name: 'Save document' }).click();
  const fileName = (await downloaded).suggestedFilename();
  const document = readFileSync(await (await downloaded).path());
  const tokenCommand = await copy(page, 'Copy the command that sets the token');
  for (const language of LANGUAGES.filter((one) => SNIPPET_PROGRAMS[one] !== undefined)) {
    await runSnippet(language, await snippet(page, language), tokenCommand, folder);
    expect(readFileSync(path.join(folder, fileName)).equals(document), language).toBe(true);
    rmSync(path.join(folder, fileName));
  }
});
