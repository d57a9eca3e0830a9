import { elementsAt, isObject } from '../../../fhir/index.ts';
import { referenceName, referred } from '../titles.ts';
import { joined, type Reader } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

export function appointment(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, momentAt, text, texts } = reader;
  const { labels } = messages;
  const start = momentAt(resource, 'start') ?? reader.dateAt(resource, 'requestedPeriod.start');
  return {
    title:
      text(resource, 'description') ??
      concepts(resource, 'serviceType') ??
      concepts(resource, 'appointmentType') ??
      messages.appointment,
    when: start,
    facts: [
      [labels.until, momentAt(resource, 'end')],
      [labels.status, statusOf(resource, reader)],
      [labels.where, participants(resource, 'Location', reader)],
      [labels.with, participants(resource, 'Practitioner', reader)],
      [labels.reason, concepts(resource, 'reasonCode') ?? referred(resource, 'reasonReference', reader)],
      [labels.instructions, reader.long(resource, 'patientInstruction')],
      [labels.whyCancelled, concepts(resource, 'cancelationReason')],
      [labels.note, texts(resource, 'comment')],
    ],
  };
}

/**
 * Names of the participants of a kind. Everyone other than the patient counts as a practitioner; participants who
 * declined are left out.
 */
function participants(resource: unknown, kind: 'Location' | 'Practitioner', reader: Reader): string | undefined {
  const attending = elementsAt(resource, 'participant').filter(
    (one) => !elementsAt(one, 'status').includes('declined'),
  );
  const actors = attending.flatMap((one) => elementsAt(one, 'actor')).filter(isObject);
  const matching = actors.filter(({ reference, type }) => {
    const [referenceType = ''] = typeof reference === 'string' ? reference.split('/') : [];
    const name = typeof type === 'string' ? type : referenceType;
    return name === 'Location' ? kind === 'Location' : name !== 'Patient' && kind === 'Practitioner';
  });
  return joined(matching.map((actor) => referenceName(resource, actor, reader)));
}
