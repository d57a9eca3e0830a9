import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A URL could not be fetched. The message explains the reason to the person who registered the URL. */
export class FetchError extends Error {
  override readonly name = 'FetchFault';
  readonly code: FetchErrorCode;
  /**
   * Values that appear in the message, such as the HTTP `status`, by name. They are needed to translate the message.
   */
  readonly values: Readonly<Record<string, string>>;
  constructor(code: FetchErrorCode, message: string, values: FetchError['values'] = {}) {
    super(message);
    this.code = code;
    this.values = values;
  }
}

export type FetchErrorCode =
  | 'fetch-not-https'
  | 'fetch-not-public'
  | 'fetch-no-host'
  | 'fetch-no-dns'
  | 'fetch-redirects'
  | 'fetch-status'
  | 'fetch-too-large'
  | 'fetch-too-slow'
  | 'fetch-unreachable'
  /** With the code `fetch-failed`, `values.reason` holds the code of the network or TLS error. */
  | 'fetch-failed';

export interface SafeFetchOptions {
  /** Whether http URLs and private addresses are allowed too. */
  readonly trusted: boolean;
  /** Timeout in milliseconds for the whole fetch. */
  readonly within?: number;
  readonly mostBytes?: number;
  /** Value of the Accept header, `application/json` by default. RFC 9110 §12.5.1 */
  readonly accept?: string;
  /**
   * Whether to check only that the URL responds with status 200. The body then isn't read, and its size doesn't matter.
   */
  readonly unread?: boolean;
}

export interface FetchedDocument {
  readonly text: string;
  readonly headers: http.IncomingHttpHeaders;
}

/**
 * Fetches a document from an untrusted URL without giving it access to the internal network (SSRF): https only, no
 * redirects, public addresses only, with limits on time and size. The connection goes to the address that was checked,
 * so DNS rebinding has no effect. Throws `FetchError`.
 */
export async function safeFetch(url: URL, options: SafeFetchOptions): Promise<FetchedDocument> {
  const { trusted, within = 3000, mostBytes = 64 * 1024, accept = 'application/json', unread = false } = options;
  if (url.protocol !== 'https:' && !(trusted && url.protocol === 'http:')) {
    throw new FetchError('fetch-not-https', 'it must use https');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // If the URL contains an IP address, Node doesn't call `lookup`, so the address is checked here.
  if (!trusted && isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic();
  const signal = AbortSignal.timeout(within);
  try {
    const response = await sendRequest(url, trusted ? {} : { lookup: publicLookup }, accept, signal);
    return { text: await readBody(response, mostBytes, unread), headers: response.headers };
  } catch (error) {
    if (error instanceof FetchError) throw error;
    throw signal.aborted ? timedOut(within / 1000) : unreachable(error);
  }
}

const notPublic = (): FetchError => new FetchError('fetch-not-public', 'its address isn’t public');

const timedOut = (seconds: number): FetchError =>
  new FetchError('fetch-too-slow', `it didn’t respond within ${seconds} s`, { seconds: String(seconds) });

/**
 * Addresses that look public, but that a cloud platform reserves for services to its machines. Azure serves
 * certificates and machine settings at 168.63.129.16. Other platforms use link-local or private addresses for such
 * services.
 */
const CLOUD_PLATFORM_ADDRESSES: readonly string[] = ['168.63.129.16'];

/**
 * Whether an address is ordinary unicast of the public internet. Excluded are loopback, private, link-local,
 * documentation, tunnel and multicast addresses, and those in `CLOUD_PLATFORM_ADDRESSES`.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const read = ipaddr.process(address);
  // In IPv6, only addresses in 2000::/3 are global unicast.
  const global = read.kind() === 'ipv4' || ((read.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
  return global && read.range() === 'unicast' && !CLOUD_PLATFORM_ADDRESSES.includes(read.toString());
}

/** Resolves a host name like `dns.lookup`, but rejects the name if any of its addresses is not public. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? [];
    if (error !== null || first === undefined) callback(error ?? hostNotFound(), '');
    else if (!found.every(({ address }) => isPublicAddress(address))) callback(notPublic(), '');
    else if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  });
};

const hostNotFound = (): FetchError => new FetchError('fetch-no-host', 'its host name doesn’t exist');

function sendRequest(
  url: URL,
  options: https.RequestOptions,
  accept: string,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const headers = { accept, 'accept-encoding': 'identity', 'user-agent': 'patient-access' };
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  // With `agent: false`, Node opens a new connection for this request. Node's global agent could reuse an open
  // connection, whose address was not checked for this fetch.
  const all = { ...options, headers, signal, agent: false } as const;
  const request = url.protocol === 'https:' ? https.get(url, all, resolve) : http.get(url, all, resolve);
  request.on('error', reject);
  return promise;
}

async function readBody(response: http.IncomingMessage, mostBytes: number, unread: boolean): Promise<string> {
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400) throw redirectNotFollowed();
    if (statusCode !== 200) throw unexpectedStatus(statusCode);
    if (unread) return '';
    if (Number(headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    response.destroy();
  }
}

const redirectNotFollowed = (): FetchError =>
  new FetchError('fetch-redirects', 'it redirects, and redirects aren’t followed');

const unexpectedStatus = (status: number): FetchError =>
  new FetchError('fetch-status', `it responded with status ${status}`, { status: String(status) });

const tooLarge = (bytes: number): FetchError =>
  new FetchError('fetch-too-large', `it is larger than ${bytes / 1024} KB`, { kilobytes: String(bytes / 1024) });

const dnsUnavailable = (): FetchError => new FetchError('fetch-no-dns', 'its host name can’t be looked up right now');

/**
 * Creates an error that contains only the code of the network or TLS error, so that it reveals nothing about our
 * network.
 */
function unreachable(error: unknown): FetchError {
  const reason = (error as { code?: unknown } | null)?.code;
  if (reason === 'ENOTFOUND') return hostNotFound();
  if (reason === 'EAI_AGAIN') return dnsUnavailable();
  return typeof reason === 'string'
    ? new FetchError('fetch-failed', `it can't be reached (${reason})`, { reason })
    : new FetchError('fetch-unreachable', "it can't be reached");
}
