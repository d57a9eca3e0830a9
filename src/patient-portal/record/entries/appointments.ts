import { elementsAt } from '../../../fhir/index.ts';
import { isObject } from '../../../kernel/index.ts';
import { joinTexts, type ResourceReader } from '../resource-reader.ts';
import { formatReferences, referenceName } from '../resource-titles.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

export function describeAppointment(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateTimeAt, text, texts } = reader;
  const { labels } = messages;
  const start = dateTimeAt(resource, 'start') ?? reader.dateAt(resource, 'requestedPeriod.start');
  return {
    title:
      text(resource, 'description') ??
      concepts(resource, 'serviceType') ??
      concepts(resource, 'appointmentType') ??
      messages.appointment,
    date: start,
    facts: [
      [labels.until, dateTimeAt(resource, 'end')],
      [labels.status, formatStatus(resource, reader)],
      [labels.where, formatParticipants(resource, 'Location', reader)],
      [labels.with, formatParticipants(resource, 'Practitioner', reader)],
      [labels.reason, concepts(resource, 'reasonCode') ?? formatReferences(resource, 'reasonReference', reader)],
      [labels.instructions, reader.longText(resource, 'patientInstruction')],
      [labels.whyCancelled, concepts(resource, 'cancelationReason')],
      [labels.note, texts(resource, 'comment')],
    ],
  };
}

/**
 * Names the locations or the practitioners of an appointment. Everyone other than the patient counts as a practitioner.
 * Participants who declined are left out.
 */
function formatParticipants(
  resource: unknown,
  kind: 'Location' | 'Practitioner',
  reader: ResourceReader,
): string | undefined {
  const attending = elementsAt(resource, 'participant').filter(
    (one) => !elementsAt(one, 'status').includes('declined'),
  );
  const actors = attending.flatMap((one) => elementsAt(one, 'actor')).filter(isObject);
  const matching = actors.filter(({ reference, type }) => {
    const [referenceType = ''] = typeof reference === 'string' ? reference.split('/') : [];
    const name = typeof type === 'string' ? type : referenceType;
    return name === 'Location' ? kind === 'Location' : name !== 'Patient' && kind === 'Practitioner';
  });
  return joinTexts(matching.map((actor) => referenceName(resource, actor, reader)));
}
