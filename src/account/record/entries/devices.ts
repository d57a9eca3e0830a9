import { deviceName } from '../titles.ts';
import type { Reader } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

/** An implant or a device used at home. Devices have no date of their own. */
export function device(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text, texts } = reader;
  const { labels } = messages;
  const name = deviceName(resource, reader);
  const kind = concepts(resource, 'type');
  return {
    title: name ?? kind ?? text(resource, 'modelNumber'),
    when: '',
    facts: [
      [labels.kind, name === undefined ? undefined : kind],
      [labels.status, statusOf(resource, reader)],
      [labels.maker, text(resource, 'manufacturer')],
      [labels.model, text(resource, 'modelNumber')],
      [labels.serial, text(resource, 'serialNumber')],
      [labels.lot, text(resource, 'lotNumber')],
      [labels.made, dateAt(resource, 'manufactureDate')],
      [labels.useBy, dateAt(resource, 'expirationDate')],
      [labels.deviceNumber, text(resource, 'udiCarrier.carrierHRF', 'udiCarrier.deviceIdentifier')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}
