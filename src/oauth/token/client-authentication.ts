import { Problem, sameBytes, sha256 } from '../../kernel/index.ts';
import type { Parameters } from '../parameters.ts';
import type { Client, Clients } from '../ports.ts';

/** What a request says about its client, wherever it says it. */
export interface ClaimedClient {
  readonly clientId: string | undefined;
  readonly secret: string | undefined;
}

/**
 * Basic, form body and query are all read, in any mix that agrees: RFC 6749 §2.3.1 asks clients to use one, the guide's
 * clients put both in the query, and some send Basic with the client_id repeated in the body.
 */
export function readClaimedClient(authorization: string | undefined, parameters: Parameters): ClaimedClient {
  const sent = { clientId: parameters['client_id'], secret: parameters['client_secret'] };
  const basic = readBasic(authorization);
  if (basic === undefined) return sent;
  if ((sent.clientId ?? basic.clientId) !== basic.clientId || (sent.secret ?? basic.secret) !== basic.secret) {
    throw new Problem('invalid_request', {
      status: 400,
      message: 'The Authorization header and the parameters name different clients. Send the credentials once.',
    });
  }
  return basic;
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they are joined; clients that forget to are understood too. */
export function readBasic(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^basic\s+([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { clientId: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The client that is who it says it is. A confidential one proves it; a public one can't, and is bound by PKCE instead. */
export async function authenticateClient(clients: Clients, claimed: ClaimedClient): Promise<Client> {
  if (claimed.clientId === undefined) {
    throw refusal('client_id is missing. Send it in the body, in the query, or with Basic authentication.');
  }
  const client = await clients.find(claimed.clientId);
  if (client === undefined) throw refusal('This client_id is not known here.');
  if (client.confidential && !holdsSecret(client, claimed.secret)) {
    throw refusal(
      claimed.secret === undefined
        ? 'client_secret is missing. This app is confidential: send its secret.'
        : 'client_secret is not a secret of this app, or it has expired.',
    );
  }
  if (client.state !== 'active' && client.state !== 'provisional') {
    throw new Problem('unauthorized_client', {
      status: 400,
      message: `This app is ${client.state}. It can't get tokens.`,
    });
  }
  return client;
}

/** Every secret is compared, and each in constant time. */
function holdsSecret(client: Client, secret: string | undefined): boolean {
  const hash = sha256(secret ?? '');
  return client.secretHashes.map((known) => sameBytes(known, hash)).includes(true);
}

/** RFC 6749 §5.2: 401; the token endpoint adds the challenge. */
const refusal = (message: string): Problem => new Problem('invalid_client', { status: 401, message });
