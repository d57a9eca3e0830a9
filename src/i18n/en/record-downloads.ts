import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

/** Texts of the files that a patient can download or print: the health summary, the readable record and the CSV file. */
export const recordDownloads = {
  copy: (when: string) => `Patient copy. Created in Patient Access on ${when}.`,
  source: (practice: string) => `Source: the record at ${practice}.`,
  limits: 'This copy shows what the practice has sent to this system. It may not be complete.',
  born: (date: string) => `Born ${date}`,
  notOnRecord: 'Not on record',

  summary: {
    title: 'Health summary',
    unsigned: 'No clinician has checked or signed this copy.',
    savePdf: 'Download as PDF',
    print: 'To print this summary, use your browser’s menu.',
    patient: 'Patient',
    name: 'Name',
    current: 'Current medicines',
    problems: 'Current health problems',
    results: 'Recent lab results',
    measurements: 'Recent measurements',
    procedures: 'Procedures',
    visits: 'Recent visits',
    devices: 'Implants and devices',
    coverage: 'Current insurance',
    contact: 'Practice contact',
    columns: {
      allergy: 'Allergy',
      medicine: 'Medicine',
      directions: 'Dose and directions',
      problem: 'Health problem',
      vaccine: 'Vaccine',
      dates: 'Dates',
      procedure: 'Procedure',
      visit: 'Visit',
      device: 'Device',
      insurance: terms.insuranceCompany,
      test: 'Test',
      measurement: 'Measurement',
      result: terms.result,
    },
    none: {
      allergies: 'No allergies are listed in this record. That doesn’t mean there are none.',
      medicines: 'No current medicines are listed in this record. That doesn’t mean none are taken.',
    } as Readonly<Record<string, string>>,
    ruledOut: (names: string) => `Ruled out: ${names}.`,
    notCurrent: (count: number) =>
      plural(count, {
        one: 'The full record has 1 more entry that isn’t marked as current.',
        other: `The full record has ${formatNumber(count)} more entries that aren’t marked as current.`,
      }),
    more: (count: number) =>
      `The full record has ${plural(count, { one: '1 more entry', other: `${formatNumber(count)} more entries` })}.`,
    medicineNote: 'These are the medicines that the practice marks as active. The patient may take others.',
    resultRule: (to: string) =>
      `This list has the latest result of each test in the 12 months up to ${to}. It also has every flagged result of that time. An older test is listed if its latest result was flagged.`,
    measurementRule: (to: string) =>
      `This list has the latest value of each measurement in the 12 months up to ${to}. It also has every flagged value of that time. An older measurement is listed if its latest value was flagged.`,
    futureDates: 'A date in this list is in the future. It may be wrong.',
    unreadResults: (count: number) => `Only the newest ${formatNumber(count)} results were searched.`,
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
    missingCharacters:
      'The symbol □ stands for a character that this file can’t show. You can see it in Patient Access.',
  },

  file: {
    title: (name: string) => `Health record of ${name}`,
    lead: 'This file has the whole record in readable form. It works without the internet. Keep it where no one else can read it.',
    contents: 'Contents',
    sources: 'Where entries came from',
    sourceOf: 'Source of',
    otherEntries: 'More entries',
    documentElsewhere: 'This document isn’t in this file. You can open it in Patient Access.',
    end: 'End of the record',
  },

  csv: {
    date: 'Date',
    time: 'Time',
    panel: 'Panel',
    test: 'Test',
    value: 'Value',
    unit: 'Unit',
    range: 'Normal range',
    flag: 'Flag',
    status: terms.status,
    code: 'Code',
    system: 'Code system',
  },

  tooLarge: (entries: number, max: number) =>
    `This record has ${counts.recordEntries(entries)}. This file can have at most ${formatNumber(max)}. Download the record as FHIR R4 instead.`,
  tooOften: (minutes: number) => `You downloaded many files in a short time. Try again in ${counts.minutes(minutes)}.`,
  summaryTooOften: (minutes: number) =>
    `You opened the summary many times in a short time. Try again in ${counts.minutes(minutes)}.`,
  summaryBusy: 'Many summaries are being made right now. Try again in a few seconds.',
};
