import { coding, profileMeta } from '../../codes/coding.ts';
import { visitKind } from '../../codes/visits.ts';
import type { SandboxReference } from '../../directory/directory.ts';
import { LOCATIONS } from '../../directory/organizations.ts';
import { toFhirDateTime } from '../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../record-builder.ts';

/**
 * Adds one Provenance for each visit, whose targets are the resources of the visit, and one for all resources that
 * belong to no visit.
 */
export function addProvenance(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  const targetsByVisit = new Map(chart.referencesByVisit);
  for (const visit of visits) {
    const organization = chart.directory.organization(LOCATIONS[visitKind(visit.plan.kind).location].organizationKey);
    addProvenanceResource(
      chart,
      visit.key,
      targetsByVisit.get(visit.key) ?? [],
      visit.end,
      chart.directory.practitioner(visit.plan.by),
      organization,
    );
  }
  addProvenanceFor(chart, 'record', targetsByVisit.get('') ?? []);
}

/**
 * Adds a Provenance for resources that belong to no visit.
 * @param key `record` for the record as a whole, whose author is the practice itself; with any other key, the author is
 * the patient's doctor
 */
export function addProvenanceFor(chart: RecordBuilder, key: string, target: readonly SandboxReference[]): void {
  const { doctor, died } = chart.scenario.persona;
  const last = died === undefined ? chart.scenario.epoch : chart.dateAt(died);
  const practice = chart.directory.organization('practice');
  const author = key === 'record' ? practice : chart.directory.practitioner(doctor);
  addProvenanceResource(chart, key, target, last, author, practice);
}

function addProvenanceResource(
  chart: RecordBuilder,
  key: string,
  target: readonly SandboxReference[],
  recorded: Date,
  author: SandboxReference,
  organization: SandboxReference,
): void {
  if (target.length === 0) return;
  chart.add('Provenance', key, {
    meta: profileMeta('us-core-provenance'),
    target,
    recorded: toFhirDateTime(recorded),
    agent: [
      { type: { coding: [coding('provenanceAgent', 'author', 'Author')] }, who: author, onBehalfOf: organization },
      {
        type: { coding: [coding('usCoreProvenanceAgent', 'transmitter', 'Transmitter')] },
        who: chart.directory.organization('practice'),
        onBehalfOf: organization,
      },
    ],
  });
}
