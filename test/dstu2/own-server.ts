import { afterAll, beforeEach, expect } from 'vitest';
import type { Resource } from '../../src/fhir/core/version.ts';
import { dstu2, dstu2Projections } from '../../src/fhir/dstu2/index.ts';
import { type FhirServer, startFhir } from '../support/fhir-server.ts';
import type { Node } from './convert.ts';

/** The data that DSTU2 clients of one patient get. Each test has its own server. */
export interface OwnServer {
  readonly server: FhirServer;
  /** A token of the patient, renewed by each load. */
  readonly token: string;
  load(...resources: readonly Resource[]): Promise<void>;
  read(path: string): Promise<Node>;
}

export function ownServer(patientId: string): OwnServer {
  const servers: FhirServer[] = [];
  let server: FhirServer;
  let token: string;
  beforeEach(async () => {
    server = await startFhir({ version: dstu2, projections: dstu2Projections });
    servers.push(server);
  });
  afterAll(() => Promise.all(servers.map((one) => one.close())));
  return {
    get server() {
      return server;
    },
    get token() {
      return token;
    },
    async load(...resources) {
      expect(await server.load(resources)).toMatchObject({ refused: [] });
      token = await server.token(patientId, { scope: 'patient/*.rs' });
    },
    async read(path) {
      const answer = await server.get(token, path);
      expect(answer.statusCode, `${path} ${answer.body}`).toBe(200);
      return answer.json();
    },
  };
}
