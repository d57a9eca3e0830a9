import { attributeAt, type CdaNode, nodeAt, nodesAt } from './tree.ts';

export type SectionKind =
  | 'allergies'
  | 'problems'
  | 'concerns'
  | 'diagnoses'
  | 'medications'
  | 'dischargeMedications'
  | 'immunizations'
  | 'procedures'
  | 'equipment'
  | 'encounters'
  | 'results'
  | 'vitals'
  | 'social'
  | 'status'
  | 'directives'
  | 'plan'
  | 'goals'
  | 'careTeams';

interface SectionType {
  readonly kind: SectionKind;
  /** LOINC codes of the section. */
  readonly codes: readonly string[];
  /** Last part of the section's template ids in C-CDA 2.1, with required and with optional entries. */
  readonly templates: readonly string[];
}

const TEMPLATES = '2.16.840.1.113883.10.20.22.2.';

/** Sections whose entries are imported. The entries of all other sections would be misread, so they are left out. */
const SECTION_TYPES: readonly SectionType[] = [
  { kind: 'allergies', codes: ['48765-2'], templates: ['6.1', '6'] },
  { kind: 'problems', codes: ['11450-4'], templates: ['5.1', '5'] },
  { kind: 'concerns', codes: ['75310-3'], templates: ['58'] },
  { kind: 'diagnoses', codes: ['11535-2'], templates: ['24'] },
  { kind: 'medications', codes: ['10160-0'], templates: ['1.1', '1'] },
  { kind: 'dischargeMedications', codes: ['10183-2', '75311-1'], templates: ['11.1', '11'] },
  { kind: 'immunizations', codes: ['11369-6'], templates: ['2.1', '2'] },
  { kind: 'procedures', codes: ['47519-4'], templates: ['7.1', '7'] },
  { kind: 'equipment', codes: ['46264-8'], templates: ['23'] },
  { kind: 'encounters', codes: ['46240-8'], templates: ['22.1', '22'] },
  { kind: 'results', codes: ['30954-2'], templates: ['3.1', '3'] },
  { kind: 'vitals', codes: ['8716-3'], templates: ['4.1', '4'] },
  { kind: 'social', codes: ['29762-2'], templates: ['17'] },
  { kind: 'status', codes: ['47420-5', '10190-7'], templates: ['14', '56'] },
  { kind: 'directives', codes: ['42348-3'], templates: ['21.1', '21'] },
  { kind: 'plan', codes: ['18776-5', '51847-2'], templates: ['10', '9'] },
  { kind: 'goals', codes: ['61146-7'], templates: ['60'] },
  { kind: 'careTeams', codes: ['85847-2'], templates: ['500'] },
];

/** Template id by which the conversion library recognizes the kind of a section. It knows only some of the real ones. */
const LIBRARY_TEMPLATES: Readonly<Partial<Record<SectionKind, string>>> = {
  allergies: '6.1',
  problems: '5.1',
  concerns: '58',
  diagnoses: '5.1',
  medications: '1.1',
  dischargeMedications: '1.1',
  immunizations: '2.1',
  procedures: '7.1',
  goals: '60',
  careTeams: '500',
};

export const libraryTemplate = (kind: SectionKind): string => `${TEMPLATES}${LIBRARY_TEMPLATES[kind] ?? '3.1'}`;

export function sectionKind(section: CdaNode): SectionKind | undefined {
  const code = attributeAt(section, 'code.code') ?? '';
  const roots = nodesAt(section, 'templateId').map((id) => attributeAt(id, 'root'));
  const byCode = SECTION_TYPES.find(({ codes }) => codes.includes(code));
  const byTemplate = SECTION_TYPES.find(({ templates }) => templates.some((one) => roots.includes(TEMPLATES + one)));
  return (byCode ?? byTemplate)?.kind;
}

/** All sections of a document, with the sections inside them. */
export function sectionsOf(document: CdaNode): readonly CdaNode[] {
  const inside = (section: CdaNode): readonly CdaNode[] => [
    section,
    ...nodesAt(section, 'component.section').flatMap(inside),
  ];
  return nodesAt(nodeAt(document, 'component.structuredBody'), 'component.section').flatMap(inside);
}
