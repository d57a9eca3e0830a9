import { createHash } from 'node:crypto';
import { addMinutes, atHour, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Coding, type Concept, coding, conceptOf, profiled } from '../codes/coding.ts';
import { type StudyKey, study } from '../codes/procedures.ts';
import type { Reference } from '../directory/directory.ts';
import type { ImagingPlan } from '../life.ts';
import { writePng } from '../png.ts';
import { recordNote } from './document.ts';

/** Studies without an Observation: only the report exists. */
const REPORT_ALONE: ReadonlySet<StudyKey> = new Set(['bone', 'heartTracing']);

/** The study's report, its impression as an Observation, and a small copy of the image. */
export function recordImaging(chart: Chart, visits: readonly Visit[]): void {
  for (const plan of chart.life.imaging) {
    const visit = visits.find(({ ago }) => Math.abs(ago - plan.at) < 0.05);
    const taken = visit === undefined ? atHour(chart.moment(plan.at), 10) : addMinutes(visit.start, 25);
    const picture = recordPicture(chart, plan, taken, visit);
    chart.add(
      'DiagnosticReport',
      `report ${plan.study} ${plan.at}`,
      {
        meta: profiled('us-core-diagnosticreport-note'),
        status: 'final',
        category: [study(plan.study).section],
        code: study(plan.study).code,
        subject: chart.subject,
        ...(visit === undefined ? {} : { encounter: visit.encounter }),
        effectiveDateTime: timeText(taken),
        issued: timeText(addMinutes(taken, 90)),
        performer: [chart.directory.practitioner(plan.by), chart.directory.organization('practice')],
        resultsInterpreter: [chart.directory.practitioner(plan.by)],
        ...resultOf(chart, plan, taken, visit),
        media: [{ comment: 'Small copy', link: picture }],
        conclusion: plan.found,
        presentedForm: [letter(plan, taken)],
      },
      visit,
    );
    recordReportNote(chart, plan, taken, visit);
  }
}

/** The report's text is recorded as a DocumentReference too: US Core clinical notes lets apps look in both places. */
function recordReportNote(chart: Chart, { study: key, at, by, found }: ImagingPlan, taken: Date, visit?: Visit): void {
  const type = key === 'tissue' ? 'pathology' : key === 'heartTracing' ? undefined : 'imaging';
  if (type === undefined) return;
  const end = addMinutes(taken, 90);
  recordNote(
    chart,
    { key: `report ${key} ${at}`, title: study(key).title, text: found, type, by, start: taken, end },
    visit,
  );
}

function resultOf(chart: Chart, plan: ImagingPlan, taken: Date, visit: Visit | undefined): object {
  if (plan.study === 'tissue') return { result: [recordTissue(chart, plan, taken, visit)] };
  return REPORT_ALONE.has(plan.study) ? {} : { result: [recordImpression(chart, plan, taken, visit)] };
}

function letter({ study: key, found }: ImagingPlan, taken: Date) {
  const bytes = Buffer.from(`${study(key).title}\n\n${found}\n`);
  return {
    contentType: 'text/plain',
    language: 'en-US',
    data: bytes.toString('base64'),
    size: bytes.length,
    hash: createHash('sha1').update(bytes).digest('base64'),
    title: study(key).title,
    creation: timeText(addMinutes(taken, 90)),
  };
}

const recordPicture = (chart: Chart, plan: ImagingPlan, taken: Date, visit: Visit | undefined): Reference => {
  const bytes = writePng(plan.study);
  return chart.add(
    'Media',
    `picture ${plan.study} ${plan.at}`,
    {
      status: 'completed',
      type: { coding: [coding('mediaType', 'image', 'Image')] },
      subject: chart.subject,
      createdDateTime: timeText(taken),
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

/** The radiologist's impression as an Observation, so that it can be searched. */
function recordImpression(chart: Chart, plan: ImagingPlan, taken: Date, visit: Visit | undefined): Reference {
  const code = conceptOf(
    'loinc',
    '19005-8',
    'Radiology Imaging study [Impression] (narrative)',
    `Impression: ${study(plan.study).title}`,
  );
  const category = coding('observationCategory', 'imaging', 'Imaging');
  return recordWords(chart, plan, taken, visit, { profile: 'us-core-observation-clinical-result', category, code });
}

/** The pathologist's diagnosis as a laboratory result. */
function recordTissue(chart: Chart, plan: ImagingPlan, taken: Date, visit: Visit | undefined): Reference {
  const code = conceptOf('loinc', '22637-3', 'Pathology report final diagnosis Narrative', 'Diagnosis of the tissue');
  const category = coding('observationCategory', 'laboratory', 'Laboratory');
  return recordWords(chart, plan, taken, visit, { profile: 'us-core-observation-lab', category, code });
}

interface Words {
  readonly profile: string;
  readonly category: Coding;
  readonly code: Concept;
}

function recordWords(
  chart: Chart,
  { study: key, at, by, found }: ImagingPlan,
  taken: Date,
  visit: Visit | undefined,
  { profile, category, code }: Words,
): Reference {
  return chart.add(
    'Observation',
    `impression ${key} ${at}`,
    {
      meta: profiled(profile),
      status: 'final',
      category: [{ coding: [category], text: category.display }],
      code,
      subject: chart.subject,
      ...(visit === undefined ? {} : { encounter: visit.encounter }),
      effectiveDateTime: timeText(taken),
      performer: [chart.directory.practitioner(by)],
      valueString: found,
    },
    visit,
  );
}
