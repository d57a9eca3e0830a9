// Runs the examples of the documentation like a reader: shell commands in a shell, authorization in a browser.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PatientBrowser, SANDBOX_PATIENT, type TestUser } from '../people/patient.ts';
import { SANDBOX_STAFF } from '../people/staff.ts';
import type { TestServer } from '../servers/server.ts';
import type { DocsBlock, DocsExample } from './blocks.ts';
import { differences, matches } from './compare.ts';
import { type CurlResponse, runCurl } from './curl.ts';

/**
 * Shell function that replaces curl. It sends its arguments to this process, which makes the request and returns the
 * length of the response, and then the response. A process for each request would take most of the examples' CPU time.
 */
const CURL = `curl() { printf '%s\\0' "$#" "$@" >&3; read -r DOCS_LENGTH <&4; head -c "$DOCS_LENGTH" <&4; }`;

/** The reader of one page, with the values that earlier responses provided. */
export class DocsReader {
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

  /**
   * Runs an example.
   * @returns the differences between the response and the documented one
   */
  async runExample({ request, answer }: DocsExample): Promise<readonly string[]> {
    const { file } = request.attributes;
    if (file !== undefined) {
      writeFileSync(path.join(this.#folder, file), request.content);
      return [];
    }
    const response = request.language === 'http' ? await this.#open(request) : await this.#shell(request);
    if (answer === undefined) return [];
    if (response === undefined) return ['no request was made'];
    const wrong = [...this.#compared(answer, response)];
    if (wrong.length === 0) this.#keep(answer, response);
    return wrong;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #shell({ content }: DocsBlock): Promise<CurlResponse | undefined> {
    const after = path.join(this.#folder, '.variables');
    const script = ['set -a', CURL, 'node() { "$DOCS_NODE" "$@"; }', content, `env -0 > ${after}`].join('\n');
    const shell = spawn('sh', ['-euc', script], {
      cwd: this.#folder,
      env: { ...this.#variables, DOCS_NODE: process.execPath, PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    const [, , errors, requests, answers] = shell.stdio as [null, null, Readable, Readable, Writable];
    const errorText = text(errors);
    const ended = once(shell, 'close');
    let response: CurlResponse | undefined;
    for await (const words of commandsIn(requests)) {
      response = await runCurl(words, this.#server.config.publicUrl, this.#listens).catch((error: unknown) => {
        shell.kill();
        throw error;
      });
      const body = Buffer.from(response.body);
      answers.write(Buffer.concat([Buffer.from(`${body.length}\n`), body]));
    }
    const [code] = await ended;
    if (code !== 0) throw new Error(`the shell ended with ${code}: ${await errorText}`);
    const left = readFileSync(after, 'utf8')
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
    this.#variables = Object.fromEntries(left.filter(([name]) => !name.startsWith('DOCS_')));
    return response;
  }

  /** Signs in and allows everything, or denies if the block has the attribute `deny`. */
  async #open({ content, attributes }: DocsBlock): Promise<CurlResponse> {
    const [, address = ''] = /^GET (\S+)$/.exec(content.replaceAll(/\n\s*/g, '')) ?? [];
    const url = new URL(this.#put(address, encodeURIComponent));
    const browser = new PatientBrowser(this.#server.app);
    const person: TestUser = attributes['browser'] === 'staff' ? SANDBOX_STAFF : SANDBOX_PATIENT;
    const oauth = url.pathname.replace(/\/authorize$/, '');
    const page = await browser.authorize(Object.fromEntries(url.searchParams), person, oauth);
    const done = page.body.includes('/authorize/decision')
      ? await browser.submitConsent(page, 'deny' in attributes ? { decision: 'deny' } : {})
      : page;
    return { status: done.status, headers: { ...done.headers, location: done.location }, body: done.body };
  }

  *#compared(
    { language, attributes: words, content }: DocsBlock,
    { status, headers, body }: CurlResponse,
  ): Iterable<string> {
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

  /**
   * Stores values of a response in shell variables, by an attribute such as `keep=code` or
   * `keep=entry.0.resource.id:OBSERVATION`.
   */
  #keep({ attributes: words }: DocsBlock, { headers, body }: CurlResponse): void {
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

/**
 * Reads the arguments of curl commands. A command is the number of its arguments, followed by the arguments. Each ends
 * with NUL.
 */
async function* commandsIn(stream: Readable): AsyncIterable<readonly string[]> {
  let left = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    left += chunk;
    for (;;) {
      const [count, ...words] = left.split('\0').slice(0, -1);
      if (count === undefined || words.length < Number(count)) break;
      const own = words.slice(0, Number(count));
      left = left
        .split('\0')
        .slice(1 + own.length)
        .join('\0');
      yield own;
    }
  }
}
