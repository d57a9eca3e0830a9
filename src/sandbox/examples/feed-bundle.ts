/** Time of the last change of each resource. It never changes, so that sending a resource again adds no version. */
const LAST_UPDATED = '2026-11-02T09:30:00Z';
const LABORATORY = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
};
const MRN_SYSTEM = 'urn:example:example-lab:patient-number';

/** The patients whose results the example feed sends. */
export interface FeedPatients {
  /** Absolute references to patients of the practice. */
  readonly known: readonly string[];
  /** `Patient.id` of a patient whom another source sent, so that the feed can't change the Patient. */
  readonly foreign: string;
}

/**
 * Returns the batch Bundle that the example feed sends each day. The practice accepts the results of its patients, and
 * rejects entries with the errors that such feeds have: patients whom it doesn't know, and resources of another source.
 */
export function feedBundle({ known, foreign }: FeedPatients): string {
  const accepted = known.flatMap((reference, index) => [
    observation(`glucose-${index + 1}`, { code: '2339-0', display: 'Glucose', value: 92 + index * 7 }, { reference }),
    observation(`calcium-${index + 1}`, { code: '17861-6', display: 'Calcium', value: 9.4 }, { reference }),
  ]);
  const result = { code: '2339-0', display: 'Glucose', value: 104 };
  const rejected = [
    observation('result-80412', result, { identifier: { system: MRN_SYSTEM, value: '80412' } }),
    observation('result-80977', result, { identifier: { system: MRN_SYSTEM, value: '80977' } }),
    observation('result-4711', result, { reference: 'Patient/4711' }),
    entry({
      resourceType: 'Patient',
      id: foreign,
      name: [{ family: 'Changed', given: ['By', 'Lab'] }],
      gender: 'unknown',
    }),
  ];
  return JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: [...accepted, ...rejected] });
}

function observation(
  id: string,
  { code, display, value }: { readonly code: string; readonly display: string; readonly value: number },
  subject: object,
): object {
  return entry({
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [LABORATORY],
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject,
    effectiveDateTime: '2026-11-02',
    valueQuantity: { value, unit: 'mg/dL', system: 'http://unitsofmeasure.org', code: 'mg/dL' },
  });
}

interface FeedResource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

const entry = (resource: FeedResource): object => ({
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  resource: { ...resource, meta: { lastUpdated: LAST_UPDATED } },
});
