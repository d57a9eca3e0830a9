// Runs the examples of the documentation as a reader would: shell in a shell, authorization in a browser.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Block, Example } from './docs-blocks.ts';
import { differences, matches } from './docs-shape.ts';
import { PatientBrowser, type Person, SANDBOX_PATIENT } from './patient.ts';
import type { TestServer } from './server.ts';
import { SANDBOX_STAFF } from './staff.ts';

const CURL = path.join(import.meta.dirname, 'docs-curl.mjs');
const run = promisify(execFile);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A reader of one page, who keeps what answers gave. */
export class Reader {
  readonly #server: TestServer;
  readonly #listens: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'patient-access-docs-'));
  #variables: Record<string, string>;

  constructor(server: TestServer, listens: string, variables: Record<string, string>, files: Record<string, string>) {
    this.#server = server;
    this.#listens = listens;
    this.#variables = variables;
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(this.#folder, name), content);
  }

  /** @returns how what came differs from what is shown; empty: it does not */
  async follow({ request, answer }: Example): Promise<readonly string[]> {
    const { file } = request.words;
    if (file !== undefined) {
      writeFileSync(path.join(this.#folder, file), request.content);
      return [];
    }
    const came = request.language === 'http' ? await this.#open(request) : await this.#shell(request);
    if (answer === undefined) return [];
    if (came === undefined) return ['no request was made'];
    const wrong = [...this.#compared(answer, came)];
    if (wrong.length === 0) this.#keep(answer, came);
    return wrong;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #shell({ content }: Block): Promise<Answer | undefined> {
    const file = path.join(this.#folder, '.answer');
    const after = path.join(this.#folder, '.variables');
    rmSync(file, { force: true });
    const script = [
      'set -a',
      `curl() { "$DOCS_NODE" ${CURL} "$@"; }`,
      'node() { "$DOCS_NODE" "$@"; }',
      content,
      `env -0 > ${after}`,
    ].join('\n');
    const own = {
      DOCS_NODE: process.execPath,
      DOCS_ORIGIN: this.#server.config.publicUrl,
      DOCS_LISTENS: this.#listens,
      DOCS_ANSWER: file,
      PATH: process.env['PATH'] ?? '',
    };
    await run('sh', ['-euc', script], { cwd: this.#folder, env: { ...this.#variables, ...own } });
    const left = readFileSync(after, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
    this.#variables = Object.fromEntries(left.filter(([name]) => !name.startsWith('DOCS_')));
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }

  /** Signs in and allows everything; `deny` in the block: nothing. */
  async #open({ content, words }: Block): Promise<Answer> {
    const [, address = ''] = /^GET (\S+)$/.exec(content.replaceAll(/\n\s*/g, '')) ?? [];
    const url = new URL(this.#put(address, encodeURIComponent));
    const browser = new PatientBrowser(this.#server.app);
    const person: Person = words['browser'] === 'staff' ? SANDBOX_STAFF : SANDBOX_PATIENT;
    const oauth = url.pathname.replace(/\/authorize$/, '');
    const page = await browser.authorize(Object.fromEntries(url.searchParams), person, oauth);
    const done = page.body.includes('/authorize/decision')
      ? await browser.decide(page, 'deny' in words ? { decision: 'deny' } : {})
      : page;
    return { status: done.status, headers: { ...done.headers, location: done.location }, body: done.body };
  }

  *#compared({ language, words, content }: Block, { status, headers, body }: Answer): Iterable<string> {
    if (String(status) !== words['answer']) yield `shown with status ${words['answer']}, is ${status}: ${body}`;
    const shown = this.#put(content, (text) => text);
    const [head = '', json = ''] = language === 'json' ? ['', shown] : shown.split(/\n\n([\s\S]*)/);
    for (const line of head.split('\n').filter(Boolean)) {
      const [name = '', ...rest] = line.split(': ');
      const actual = decodeURIComponent(String(headers[name.toLowerCase()] ?? ''));
      if (!matches(rest.join(': '), actual)) yield `${name}: shown as ${rest.join(': ')}, is ${actual}`;
    }
    if (json.trim() !== '') yield* differences(JSON.parse(json), JSON.parse(body));
  }

  /** `keep=code`, `keep=entry.0.resource.id:OBSERVATION`. */
  #keep({ words }: Block, { headers, body }: Answer): void {
    for (const one of (words['keep'] ?? '').split(',').filter(Boolean)) {
      const [from = '', name = from.toUpperCase()] = one.split(':');
      const location = headers['location'];
      const value =
        typeof location === 'string' ? new URL(location).searchParams.get(from) : at(JSON.parse(body), from);
      if (typeof value !== 'string') throw new Error(`the answer has no ${from} to keep`);
      this.#variables[name] = value;
    }
  }

  #put(text: string, as: (value: string) => string): string {
    return text.replaceAll(/\$([A-Z][A-Z_]*)/g, (_all, name: string) => {
      const value = this.#variables[name];
      if (value === undefined) throw new Error(`nothing said what $${name} is`);
      return as(value);
    });
  }
}

const at = (value: unknown, names: string): unknown =>
  names.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
