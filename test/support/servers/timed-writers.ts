import { R4 } from '../../../bench/against/api-paths.ts';

/** A write that the server acknowledged. Times are in milliseconds since 1970, by the clock that the server uses too. */
export interface TimedWrite {
  readonly resource: string;
  readonly began: number;
  readonly acknowledged: number;
}

export interface TimedWriters {
  /** Writes that were acknowledged so far, in the order of their acknowledgment. */
  readonly writes: readonly TimedWrite[];
  /** Responses other than a success. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** Starts clients that send one Bundle after the other, each with a result that no other Bundle has. */
export function startTimedWriters(origin: string, token: string, clients = 4): TimedWriters {
  const writes: TimedWrite[] = [];
  const failures: string[] = [];
  let stopping = false;
  let next = 0;

  async function writeOn(): Promise<void> {
    while (!stopping && failures.length < MAX_FAILURES) {
      const id = `result-${next++}`;
      const began = Date.now();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
      const response = await fetch(`${origin}${R4}`, { method: 'POST', headers, body: createBundle(id) });
      const body = await response.text();
      const acknowledged = Date.now();
      const [resource] = /Observation\/[^/"]+/.exec(response.ok ? body : '') ?? [];
      if (resource === undefined) failures.push(`${response.status} ${body.slice(0, 300)}`);
      else writes.push({ resource, began, acknowledged });
    }
  }
  const writing = Promise.all(Array.from({ length: clients }, writeOn));
  return {
    writes,
    failures,
    async stop() {
      stopping = true;
      await writing;
    },
  };
}

const MAX_FAILURES = 10;

function createBundle(id: string): string {
  const patient = {
    resourceType: 'Patient',
    id: 'feed-patient',
    identifier: [{ system: 'urn:example:mrn', value: 'feed-patient' }],
    name: [{ family: 'Example', given: ['Ada'] }],
    birthDate: '1980-05-17',
  };
  const result = {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'Glucose' },
    subject: { reference: 'Patient/feed-patient' },
    effectiveDateTime: '2026-05-17T09:30:00Z',
    valueQuantity: { value: 70, unit: 'mg/dL' },
  };
  const entry = [patient, result].map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
}
