import { elementsAt } from '../../fhir/index.ts';
import { activityOf, type EntryText } from './entries/entry.ts';
import { isInsurersNumber } from './member-numbers.ts';
import { joined, type Reader, textOf } from './values.ts';

export function aboutPatient(resource: unknown, reader: Reader): EntryText {
  const { words: messages, coded, concepts, dateAt } = reader;
  const { labels } = messages;
  return {
    title: nameOf(resource, reader),
    when: '',
    facts: [
      [labels.birthDate, dateAt(resource, 'birthDate')],
      [labels.gender, coded(resource, 'gender', messages.genders)],
      [labels.address, addressOf(resource, reader)],
      [labels.phone, contactOf(resource, reader)],
      [labels.language, concepts(resource, 'communication.language')],
      [labels.identifiers, identifiersOf(resource)],
    ],
  };
}

/** Leaves out insurance numbers, which are shown with the insurance. */
const identifiersOf = (resource: unknown): string | undefined =>
  joined(
    elementsAt(resource, 'identifier')
      .filter((identifier) => !isInsurersNumber(identifier))
      .flatMap((identifier) => elementsAt(identifier, 'value').map(textOf)),
  );

/** Family members, caregivers, clinicians, practices and locations. */
export function personInvolved(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, text, dateAt } = reader;
  const { labels } = messages;
  return {
    title: nameOf(resource, reader) ?? text(resource, 'name'),
    when: '',
    facts: [
      [
        labels.role,
        concepts(resource, 'relationship') ?? concepts(resource, 'qualification.code') ?? concepts(resource, 'type'),
      ],
      [labels.status, stateOf(resource, reader)],
      [labels.birthDate, dateAt(resource, 'birthDate')],
      [labels.address, addressOf(resource, reader)],
      [labels.contact, contactOf(resource, reader)],
    ],
  };
}

/** Only shown when the person or organization is no longer active. */
function stateOf(resource: unknown, reader: Reader): string | undefined {
  const state = activityOf(resource, reader);
  return state === reader.words.statuses['active'] ? undefined : state;
}

export function nameOf(resource: unknown, { text, texts }: Reader): string | undefined {
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

function addressOf(resource: unknown, { text, texts }: Reader): string | undefined {
  const [address] = elementsAt(resource, 'address');
  const parts = ['line', 'city', 'state', 'postalCode', 'country'].map((part) => texts(address, part));
  const written = text(address, 'text') ?? parts.filter((part) => part !== undefined).join(', ');
  return written === '' ? undefined : written;
}

const contactOf = (resource: unknown, { texts }: Reader): string | undefined => texts(resource, 'telecom.value');
