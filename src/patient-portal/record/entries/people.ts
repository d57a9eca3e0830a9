import { elementsAt } from '../../../fhir/index.ts';
import { isInsuranceNumber } from '../insurance-numbers.ts';
import { joinTexts, type ResourceReader, toText } from '../resource-reader.ts';
import { formatActivity, type RecordEntryText } from './entry.ts';

export function describePatient(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, codeLabel, concepts, dateAt } = reader;
  const { labels } = messages;
  return {
    title: formatName(resource, reader),
    date: '',
    facts: [
      [labels.birthDate, dateAt(resource, 'birthDate')],
      [labels.gender, codeLabel(resource, 'gender', messages.genders)],
      [labels.address, formatAddress(resource, reader)],
      [labels.phone, formatContact(resource, reader)],
      [labels.language, concepts(resource, 'communication.language')],
      [labels.identifiers, formatIdentifiers(resource)],
    ],
  };
}

/** Lists the identifiers of a person. Insurance numbers are left out, because they are shown with the insurance. */
const formatIdentifiers = (resource: unknown): string | undefined =>
  joinTexts(
    elementsAt(resource, 'identifier')
      .filter((identifier) => !isInsuranceNumber(identifier))
      .flatMap((identifier) => elementsAt(identifier, 'value').map(toText)),
  );

/** Describes a family member, caregiver, clinician, practice or location. */
export function describePerson(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, text, dateAt } = reader;
  const { labels } = messages;
  return {
    title: formatName(resource, reader) ?? text(resource, 'name'),
    date: '',
    facts: [
      [
        labels.role,
        concepts(resource, 'relationship') ?? concepts(resource, 'qualification.code') ?? concepts(resource, 'type'),
      ],
      [labels.status, formatInactiveStatus(resource, reader)],
      [labels.birthDate, dateAt(resource, 'birthDate')],
      [labels.address, formatAddress(resource, reader)],
      [labels.contact, formatContact(resource, reader)],
    ],
  };
}

/** Returns the status if the person or organization is no longer active. undefined otherwise. */
function formatInactiveStatus(resource: unknown, reader: ResourceReader): string | undefined {
  const state = formatActivity(resource, reader);
  return state === reader.messages.statuses['active'] ? undefined : state;
}

export function formatName(resource: unknown, { text, texts }: ResourceReader): string | undefined {
  const [name] = elementsAt(resource, 'name');
  const parts = [
    texts(name, 'prefix', ' '),
    texts(name, 'given', ' '),
    texts(name, 'family', ' '),
    texts(name, 'suffix', ' '),
  ];
  const written = text(name, 'text') ?? parts.filter((part) => part !== undefined).join(' ');
  return written === '' ? undefined : written;
}

function formatAddress(resource: unknown, { text, texts }: ResourceReader): string | undefined {
  const [address] = elementsAt(resource, 'address');
  const parts = ['line', 'city', 'state', 'postalCode', 'country'].map((part) => texts(address, part));
  const written = text(address, 'text') ?? parts.filter((part) => part !== undefined).join(', ');
  return written === '' ? undefined : written;
}

const formatContact = (resource: unknown, { texts }: ResourceReader): string | undefined =>
  texts(resource, 'telecom.value');
