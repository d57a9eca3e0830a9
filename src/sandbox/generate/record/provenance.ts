import { timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { coding, profiled } from '../codes/coding.ts';
import { visitKind } from '../codes/visits.ts';
import type { Reference } from '../directory/directory.ts';
import { LOCATIONS } from '../directory/places.ts';

/** One Provenance for all resources of a visit, and one for those that belong to no visit. */
export function recordProvenance(chart: Chart, visits: readonly Visit[]): void {
  const targetsByVisit = new Map(chart.made);
  for (const visit of visits) {
    const organization = chart.directory.organization(LOCATIONS[visitKind(visit.plan.kind).place].of);
    provenance(
      chart,
      visit.key,
      targetsByVisit.get(visit.key) ?? [],
      visit.end,
      chart.directory.practitioner(visit.plan.by),
      organization,
    );
  }
  recordProvenanceOf(chart, 'record', targetsByVisit.get('') ?? []);
}

/** Provenance of resources that belong to no visit. The practice itself is the author of a record as a whole. */
export function recordProvenanceOf(chart: Chart, key: string, target: readonly Reference[]): void {
  const { doctor, died } = chart.life.persona;
  const last = died === undefined ? chart.life.epoch : chart.moment(died);
  const practice = chart.directory.organization('practice');
  const author = key === 'record' ? practice : chart.directory.practitioner(doctor);
  provenance(chart, key, target, last, author, practice);
}

function provenance(
  chart: Chart,
  key: string,
  target: readonly Reference[],
  recorded: Date,
  author: Reference,
  organization: Reference,
): void {
  if (target.length === 0) return;
  chart.add('Provenance', key, {
    meta: profiled('us-core-provenance'),
    target,
    recorded: timeText(recorded),
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
