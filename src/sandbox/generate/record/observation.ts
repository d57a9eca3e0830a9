import { addDays, addMinutes, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Category, categoryOf } from '../codes/categories.ts';
import { type Concept, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';

export interface Finding {
  readonly profile: string;
  /** Versions of US Core that it meets; default: all that have the profile. */
  readonly versions?: readonly string[];
  readonly category: Category;
  readonly code: Concept;
  /** Minutes into the visit. */
  readonly minute: number;
  readonly status?: 'final' | 'entered-in-error' | 'corrected';
  /** Laboratory results come a day later, from the laboratory. */
  readonly issued?: Date;
  readonly performer?: Reference;
  readonly social?: boolean;
  /** Days up to the visit that it is about; default: the moment. */
  readonly days?: number;
  /** value[x], component, interpretation, referenceRange, hasMember, dataAbsentReason, note */
  readonly found: Readonly<Record<string, unknown>>;
}

/** One Observation of a visit, with what all of them have. */
export function recordFinding(chart: Chart, visit: Visit, key: string, finding: Finding): Reference {
  const at = addMinutes(visit.start, finding.minute);
  return chart.add(
    'Observation',
    `${key} ${visit.key}`,
    {
      meta: profiled(finding.profile, finding.versions),
      status: finding.status ?? 'final',
      category: [categoryOf(finding.category), ...(finding.social === true ? [categoryOf('sdoh')] : [])],
      code: finding.code,
      subject: chart.subject,
      encounter: visit.encounter,
      ...(finding.days === undefined
        ? { effectiveDateTime: timeText(at) }
        : { effectivePeriod: { start: timeText(addDays(at, -finding.days)), end: timeText(at) } }),
      issued: timeText(finding.issued ?? at),
      performer: [finding.performer ?? chart.directory.practitioner(visit.plan.by)],
      ...finding.found,
    },
    visit,
  );
}
