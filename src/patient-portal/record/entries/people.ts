import { elementsAt, personName } from '../../../fhir/index.ts';
import { describeIdentifiers } from '../../values/identifiers.ts';
import type { ResourceReader } from '../resource-reader.ts';
import { formatActivity, type RecordEntryText } from './entry.ts';

export function describePatient(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, codeLabel, concepts, dateAt } = reader;
  const { labels } = messages;
  return {
    title: personName(resource),
    date: '',
    facts: [
      [labels.birthDate, dateAt(resource, 'birthDate')],
      [labels.gender, codeLabel(resource, 'gender', messages.genders)],
      [labels.address, formatAddress(resource, reader)],
      [labels.phone, formatContact(resource, reader)],
      [labels.language, concepts(resource, 'communication.language')],
      ...identifierFacts(resource, reader, false),
    ],
    hiddenFacts: identifierFacts(resource, reader, true),
  };
}

/** Returns a fact for each ID number of a person. Hidden numbers are in `hiddenFacts`. */
const identifierFacts = (
  resource: unknown,
  { messages }: ResourceReader,
  isHidden: boolean,
): RecordEntryText['facts'] =>
  describeIdentifiers(resource, messages.values.identifiers)
    .filter((identifier) => identifier.isHidden === isHidden)
    .map(({ label, text }) => [label, text]);

/** Describes a family member, caregiver, clinician, practice or location. */
export function describePerson(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, text, dateAt } = reader;
  const { labels } = messages;
  return {
    title: personName(resource) ?? text(resource, 'name'),
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

function formatAddress(resource: unknown, { text, texts }: ResourceReader): string | undefined {
  const [address] = elementsAt(resource, 'address');
  const parts = ['line', 'city', 'state', 'postalCode', 'country'].map((part) => texts(address, part));
  const written = text(address, 'text') ?? parts.filter((part) => part !== undefined).join(', ');
  return written === '' ? undefined : written;
}

const formatContact = (resource: unknown, { texts }: ResourceReader): string | undefined =>
  texts(resource, 'telecom.value');
