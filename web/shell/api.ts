import type { ProblemResponse } from '../../src/portal-api/contract/common.ts';
import type { SessionResponse } from '../../src/portal-api/contract/session.ts';

/** An error response of the JSON API (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: ProblemResponse;
  constructor(response: ProblemResponse) {
    super(response.detail);
    this.problem = response;
  }
  /** Error messages of single fields, by the path of the field in the request. */
  get fieldErrors(): Readonly<Record<string, string>> {
    return Object.fromEntries((this.problem.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

let csrf: string | undefined;

/**
 * Calls the JSON API under `/api`. Throws an `ApiProblem` for every error. The status of the problem is 0 if the server
 * can't be reached.
 */
export async function api<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  if (method !== 'GET' && csrf === undefined) await readSession();
  const response = await send(method, path, body);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  const problem = await toProblem(response);
  // The CSRF token changes when the user signs in again in another tab of this browser. The next call fetches the new
  // one.
  if (problem.problem.code === 'form-expired') csrf = undefined;
  throw problem;
}

/** The session, and until when this browser's clock may count the user's identity as confirmed. */
export type PortalSession = SessionResponse & { readonly confirmedUntil: number };

export async function readSession(): Promise<PortalSession> {
  const session = await api<SessionResponse>('GET', '/session');
  csrf = session.csrf;
  return { ...session, confirmedUntil: Date.now() + (session.person?.confirmedSeconds ?? 0) * 1000 };
}

async function send(method: string, path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = csrf === undefined || method === 'GET' ? {} : { 'x-csrf-token': csrf };
  const blob = body instanceof Blob;
  if (blob) headers['content-type'] = body.type;
  else if (body !== undefined) headers['content-type'] = 'application/json';
  const content = blob ? body : JSON.stringify(body);
  try {
    return await fetch(`/api${path}`, { method, headers, ...(body === undefined ? {} : { body: content }) });
  } catch {
    throw new ApiProblem({ ...UNREACHABLE, request_id: '' });
  }
}

const UNREACHABLE = {
  type: 'about:blank',
  title: 'Not reachable',
  status: 0,
  detail: 'The server can’t be reached. Check your connection and try again.',
  code: 'unreachable',
};

async function toProblem(response: Response): Promise<ApiProblem> {
  const text = await response.text();
  try {
    return new ApiProblem(JSON.parse(text) as ProblemResponse);
  } catch {
    const detail = `The server responded with status ${response.status} and a body that isn’t valid JSON.`;
    return new ApiProblem({
      ...UNREACHABLE,
      status: response.status,
      detail,
      request_id: response.headers.get('x-request-id') ?? '',
    });
  }
}

/** Returns the address of the sign-in page, which leads back to the current page. */
export function signInUrl(): string {
  return `/sign-in?${new URLSearchParams({ return_to: `${location.pathname}${location.search}` })}`;
}

/** Returns the address of the page on which users confirm their identity. It leads back to the current page. */
export function confirmIdentityUrl(): string {
  return `/account/security/confirm?${new URLSearchParams({ return_to: `${location.pathname}${location.search}` })}`;
}
