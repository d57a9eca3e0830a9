import { createHash } from 'node:crypto';
import {
  codeableConcept,
  coding,
  profileMeta,
  type SandboxCoding,
  type SandboxConcept,
} from '../../../codes/coding.ts';
import { type StudyKey, study } from '../../../codes/procedures.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addMinutes, atHour, toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { ImagingPlan } from '../../../scenarios/scenario.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { writePng } from '../../write-png.ts';
import { addNote } from '../clinical/document.ts';

/** Imaging studies for which there is a DiagnosticReport but no Observation. */
const REPORT_ONLY: ReadonlySet<StudyKey> = new Set(['bone', 'electrocardiogram']);

/**
 * Adds the imaging studies: for each study a report, its impression as an Observation, and a small copy of the image.
 */
export function addImaging(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  for (const plan of chart.scenario.imaging) {
    const visit = visits.find(({ ago }) => Math.abs(ago - plan.at) < 0.05);
    const takenAt = visit === undefined ? atHour(chart.dateAt(plan.at), 10) : addMinutes(visit.start, 25);
    const picture = addImage(chart, plan, takenAt, visit);
    chart.add(
      'DiagnosticReport',
      `report ${plan.study} ${plan.at}`,
      {
        meta: profileMeta('us-core-diagnosticreport-note'),
        status: 'final',
        category: [study(plan.study).section],
        code: study(plan.study).code,
        subject: chart.subject,
        ...(visit === undefined ? {} : { encounter: visit.encounter }),
        effectiveDateTime: toFhirDateTime(takenAt),
        issued: toFhirDateTime(addMinutes(takenAt, 90)),
        performer: [chart.directory.practitioner(plan.by), chart.directory.organization('practice')],
        resultsInterpreter: [chart.directory.practitioner(plan.by)],
        ...resultElement(chart, plan, takenAt, visit),
        media: [{ comment: 'Small copy', link: picture }],
        conclusion: plan.findings,
        presentedForm: [resultLetter(plan, takenAt)],
      },
      visit,
    );
    addReportNote(chart, plan, takenAt, visit);
  }
}

/** The report's text is recorded as a DocumentReference too: US Core clinical notes lets apps look in both places. */
function addReportNote(
  chart: RecordBuilder,
  { study: key, at, by, findings }: ImagingPlan,
  takenAt: Date,
  visit?: ScheduledVisit,
): void {
  const type = key === 'tissue' ? 'pathology' : key === 'electrocardiogram' ? undefined : 'imaging';
  if (type === undefined) return;
  const end = addMinutes(takenAt, 90);
  addNote(
    chart,
    { key: `report ${key} ${at}`, title: study(key).title, text: findings, type, by, start: takenAt, end },
    visit,
  );
}

function resultElement(
  chart: RecordBuilder,
  plan: ImagingPlan,
  takenAt: Date,
  visit: ScheduledVisit | undefined,
): object {
  if (plan.study === 'tissue') return { result: [addPathologyDiagnosis(chart, plan, takenAt, visit)] };
  return REPORT_ONLY.has(plan.study) ? {} : { result: [addImpression(chart, plan, takenAt, visit)] };
}

function resultLetter({ study: key, findings }: ImagingPlan, takenAt: Date) {
  const bytes = Buffer.from(`${study(key).title}\n\n${findings}\n`);
  return {
    contentType: 'text/plain',
    language: 'en-US',
    data: bytes.toString('base64'),
    size: bytes.length,
    hash: createHash('sha1').update(bytes).digest('base64'),
    title: study(key).title,
    creation: toFhirDateTime(addMinutes(takenAt, 90)),
  };
}

const addImage = (
  chart: RecordBuilder,
  plan: ImagingPlan,
  takenAt: Date,
  visit: ScheduledVisit | undefined,
): SandboxReference => {
  const bytes = writePng(plan.study);
  return chart.add(
    'Media',
    `picture ${plan.study} ${plan.at}`,
    {
      status: 'completed',
      type: { coding: [coding('mediaType', 'image', 'Image')] },
      subject: chart.subject,
      createdDateTime: toFhirDateTime(takenAt),
      content: {
        contentType: 'image/png',
        data: bytes.toString('base64'),
        size: bytes.length,
        title: study(plan.study).title,
      },
    },
    visit,
  );
};

/** Adds the radiologist's impression as an Observation, so that it can be searched. */
function addImpression(
  chart: RecordBuilder,
  plan: ImagingPlan,
  takenAt: Date,
  visit: ScheduledVisit | undefined,
): SandboxReference {
  const code = codeableConcept(
    'loinc',
    '19005-8',
    'Radiology Imaging study [Impression] (narrative)',
    `Impression: ${study(plan.study).title}`,
  );
  const category = coding('observationCategory', 'imaging', 'Imaging');
  return addNarrativeResult(chart, plan, takenAt, visit, {
    profile: 'us-core-observation-clinical-result',
    category,
    code,
  });
}

/** Adds the pathologist's diagnosis as a laboratory result. */
function addPathologyDiagnosis(
  chart: RecordBuilder,
  plan: ImagingPlan,
  takenAt: Date,
  visit: ScheduledVisit | undefined,
): SandboxReference {
  const code = codeableConcept(
    'loinc',
    '22637-3',
    'Pathology report final diagnosis Narrative',
    'Diagnosis of the tissue',
  );
  const category = coding('observationCategory', 'laboratory', 'Laboratory');
  return addNarrativeResult(chart, plan, takenAt, visit, { profile: 'us-core-observation-lab', category, code });
}

interface NarrativeResult {
  readonly profile: string;
  readonly category: SandboxCoding;
  readonly code: SandboxConcept;
}

function addNarrativeResult(
  chart: RecordBuilder,
  { study: key, at, by, findings }: ImagingPlan,
  takenAt: Date,
  visit: ScheduledVisit | undefined,
  { profile, category, code }: NarrativeResult,
): SandboxReference {
  return chart.add(
    'Observation',
    `impression ${key} ${at}`,
    {
      meta: profileMeta(profile),
      status: 'final',
      category: [{ coding: [category], text: category.display }],
      code,
      subject: chart.subject,
      ...(visit === undefined ? {} : { encounter: visit.encounter }),
      effectiveDateTime: toFhirDateTime(takenAt),
      performer: [chart.directory.practitioner(by)],
      valueString: findings,
    },
    visit,
  );
}
