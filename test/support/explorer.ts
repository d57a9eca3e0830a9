import { derivedUuid } from '../../src/kernel/index.ts';
import { CHALLENGE, type Fields } from './patient.ts';
import type { TestServer } from './server.ts';

/** The app that the API explorer and Swagger UI ask with. */
const CLIENT_ID = derivedUuid('sandbox', 'api explorer');

export const EXPLORER = {
  clientId: CLIENT_ID,
  client: ({ config }: Pick<TestServer, 'config'>) => ({
    client_id: CLIENT_ID,
    redirect_uri: `${config.publicUrl}/developer/explorer/callback`,
  }),
  ask: (more: Fields = {}): Fields => ({ code_challenge: CHALLENGE, code_challenge_method: 'S256', ...more }),
};
