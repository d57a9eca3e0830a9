import { type ObservationCategory, observationCategory } from '../../../codes/categories.ts';
import { profileMeta, type SandboxConcept } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addDays, addMinutes, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';

export interface ObservationFinding {
  readonly profile: string;
  /** US Core versions that the Observation conforms to. Default: all versions that define the profile. */
  readonly versions?: readonly string[];
  readonly category: ObservationCategory;
  readonly code: SandboxConcept;
  /** Time of the observation, in minutes after the start of the visit. */
  readonly minute: number;
  readonly status?: 'final' | 'entered-in-error' | 'corrected';
  /** Time at which the result was released (`issued`). Laboratory results are released a day after the visit. */
  readonly issued?: Date;
  readonly performer?: SandboxReference;
  readonly social?: boolean;
  /** Number of days before the visit that the value covers. Default: the value is for the time of the visit. */
  readonly days?: number;
  /** The elements value[x], component, interpretation, referenceRange, hasMember, dataAbsentReason and note. */
  readonly elements: Readonly<Record<string, unknown>>;
}

/** Adds one Observation of a visit, with the elements that all Observations have in common. */
export function addObservation(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  key: string,
  finding: ObservationFinding,
): SandboxReference {
  const at = addMinutes(visit.start, finding.minute);
  return chart.add(
    'Observation',
    `${key} ${visit.key}`,
    {
      meta: profileMeta(finding.profile, finding.versions),
      status: finding.status ?? 'final',
      category: [
        observationCategory(finding.category),
        ...(finding.social === true ? [observationCategory('sdoh')] : []),
      ],
      code: finding.code,
      subject: chart.subject,
      encounter: visit.encounter,
      ...(finding.days === undefined
        ? { effectiveDateTime: toFhirDateTime(at) }
        : { effectivePeriod: { start: toFhirDateTime(addDays(at, -finding.days)), end: toFhirDateTime(at) } }),
      issued: toFhirDateTime(finding.issued ?? at),
      performer: [finding.performer ?? chart.directory.practitioner(visit.plan.by)],
      ...finding.elements,
    },
    visit,
  );
}
