// Follows a page of the documentation as a reader does: pastes its commands into a shell, one block after the other, and
// opens the addresses that they print in a browser.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PatientBrowser, SANDBOX_PATIENT } from '../people/patient.ts';
import { SANDBOX_STAFF } from '../people/staff.ts';
import type { TestServer } from '../servers/server.ts';
import { addCommands } from './commands.ts';
import { differences, failuresOf, matches, outputDifferences } from './compare.ts';
import { fillIn } from './fill-in.ts';
import type { PageBlock, PageExample } from './page-blocks.ts';
import type { ReaderValues } from './reader-setup.ts';
import { Shell, type ShellOutput } from './shell.ts';

const PEOPLE = [SANDBOX_PATIENT, SANDBOX_STAFF];

export class DocsReader {
  readonly #server: TestServer;
  readonly #values: ReaderValues;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'patient-access-docs-'));
  readonly #shell: Shell;
  #printed = '';
  /** Address to which the browser was redirected last. */
  #redirect = '';

  /** @param listens host and port where the test server listens. They get the requests to the documented origin. */
  constructor(server: TestServer, listens: string, values: ReaderValues) {
    this.#server = server;
    this.#values = values;
    const { host } = new URL(server.config.publicUrl);
    // curl saves the headers of each response, so that the test knows its status.
    writeFileSync(
      path.join(this.#folder, '.curlrc'),
      `connect-to = "${host}:${listens}"\ndump-header = "${this.#headersFile}"\n`,
    );
    addCommands(this.#folder);
    this.#shell = new Shell(this.#folder, {
      HOME: this.#folder,
      PATH: `${this.#folder}${path.delimiter}${process.env['PATH'] ?? ''}`,
      LC_ALL: 'C.UTF-8',
    });
  }

  get #headersFile(): string {
    return path.join(this.#folder, '.headers');
  }

  /**
   * Pastes a block into the shell.
   * @returns what differs from the page: errors, output that the page doesn't show, and other output than it shows
   */
  async follow({ command, result }: PageExample): Promise<readonly string[]> {
    const ran = await this.#shell.run(await fillIn(command.text, (name) => this.#value(name)));
    // The exports of the test server wait for the test.
    await this.#server.runExports();
    this.#printed = ran.output;
    const wrong = [...this.#compare(ran, result)];
    if (result?.caption === 'Address in the browser') wrong.push(...(await this.#open(ran.output.trim(), result)));
    return wrong.map((what) => `${command.text.split('\n')[0]}: ${what}`);
  }

  async close(): Promise<void> {
    await this.#shell.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #value(name: string): Promise<string> {
    if (name === 'CODE') return new URL(this.#redirect).searchParams.get('code') ?? '';
    const value = await this.#values(name, this.#printed);
    if (value === undefined) throw new Error(`no reader knows what ${name} is`);
    return value;
  }

  *#compare(ran: ShellOutput, result: PageBlock | undefined): Iterable<string> {
    yield* failuresOf(ran);
    const [, expected] = /^Answer: (\d+)$/.exec(result?.caption ?? '') ?? [];
    if (expected === undefined) yield* outputDifferences(ran.output, result);
    else yield* this.#compareResponse(ran.output, expected, result?.text ?? '');
  }

  *#compareResponse(output: string, expected: string, text: string): Iterable<string> {
    const headers = readFileSync(this.#headersFile, 'utf8').trimEnd().split('\r\n');
    const [, status] = /^HTTP\/\S+ (\d+)/.exec(headers[0] ?? '') ?? [];
    if (status !== expected) yield `shown with status ${expected}, is ${status}: ${output.slice(0, 500)}`;
    // A block that begins with a status line shows headers, because `curl -i` prints them.
    const [head = '', body = ''] = text.startsWith('HTTP/') ? text.split(/\n\n([\s\S]*)/) : ['', text];
    const printed = head === '' ? output : output.replace(/^[\s\S]*?\r?\n\r?\n/, '');
    for (const line of head.split('\n').filter(Boolean)) {
      if (!output.split(/\r?\n/).some((one) => matches(line.toLowerCase(), one.toLowerCase())))
        yield `doesn't print ${line}: ${output.slice(0, 1500)}`;
    }
    if (body.trim() === '') return;
    const actual = parsedJson(printed);
    if (actual === undefined) yield `isn't JSON: ${printed.slice(0, 300)}`;
    else yield* differences(parsedJson(withMembers(body)), actual);
  }

  /** Opens the printed address. Signs in and decides as the text says, and follows the redirect to the app. */
  async #open(address: string, { before, text }: PageBlock): Promise<readonly string[]> {
    const url = new URL(address);
    const person = PEOPLE.find(({ username }) => before.includes(username));
    if (person === undefined) return ['the text names no one who signs in'];
    const browser = new PatientBrowser(this.#server.app);
    const oauth = url.pathname.replace(/\/authorize$/, '');
    const page = await browser.authorize(Object.fromEntries(url.searchParams), person, oauth);
    const done = page.body.includes('/authorize/decision')
      ? await browser.submitConsent(page, /\bDeny\b/.test(before) ? { decision: 'deny' } : {})
      : page;
    this.#redirect = done.location ?? '';
    const shown = decodeURIComponent(this.#redirect.replaceAll('+', ' '));
    return matches(text.replaceAll('+', ' '), shown) ? [] : [`returns to ${shown || done.body}`];
  }
}

/** A page shows members that it leaves out as `…`. Makes them members again, so that the rest is JSON. */
const withMembers = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|…/g, (part) => (part === '…' ? '"…": "…"' : part));

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
