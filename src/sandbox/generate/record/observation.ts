import { addMinutes, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Coding, type Concept, coding, profiled } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';

const CATEGORIES = {
  laboratory: 'Laboratory',
  'vital-signs': 'Vital Signs',
  'social-history': 'Social History',
  survey: 'Survey',
  imaging: 'Imaging',
  procedure: 'Procedure',
} as const;

type Category = keyof typeof CATEGORIES;

const categoryOf = (key: Category) => concepts(coding('observationCategory', key, CATEGORIES[key]));
const concepts = (given: Coding) => ({ coding: [given], text: given.display });
const SDOH = concepts(coding('usCoreCategory', 'sdoh', 'SDOH'));

export interface Finding {
  readonly profile: string;
  readonly category: Category;
  readonly code: Concept;
  /** Minutes into the visit. */
  readonly minute: number;
  readonly status?: 'final' | 'entered-in-error' | 'corrected';
  /** Laboratory results come a day later, from the laboratory. */
  readonly issued?: Date;
  readonly performer?: Reference;
  readonly social?: boolean;
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
      meta: profiled(finding.profile),
      status: finding.status ?? 'final',
      category: [categoryOf(finding.category), ...(finding.social === true ? [SDOH] : [])],
      code: finding.code,
      subject: chart.subject,
      encounter: visit.encounter,
      effectiveDateTime: timeText(at),
      issued: timeText(finding.issued ?? at),
      performer: [finding.performer ?? chart.directory.practitioner(visit.plan.by)],
      ...finding.found,
    },
    visit,
  );
}
