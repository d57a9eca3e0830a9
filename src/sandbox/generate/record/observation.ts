import { addDays, addMinutes, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Category, categoryOf } from '../codes/categories.ts';
import { type Concept, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';

export interface Finding {
  readonly profile: string;
  /** US Core versions that it conforms to; default: all that define the profile. */
  readonly versions?: readonly string[];
  readonly category: Category;
  readonly code: Concept;
  /** Minutes after the start of the visit. */
  readonly minute: number;
  readonly status?: 'final' | 'entered-in-error' | 'corrected';
  /** Time of release; laboratory results come a day after the visit. */
  readonly issued?: Date;
  readonly performer?: Reference;
  readonly social?: boolean;
  /** Number of days before the visit that the value covers; default: the time of the visit. */
  readonly days?: number;
  /** The elements value[x], component, interpretation, referenceRange, hasMember, dataAbsentReason and note. */
  readonly found: Readonly<Record<string, unknown>>;
}

/** Adds one Observation of a visit with the elements that all of them share. */
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
