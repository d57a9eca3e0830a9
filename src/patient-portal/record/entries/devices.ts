import type { ResourceReader } from '../resource-reader.ts';
import { deviceName } from '../resource-titles.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

/** Describes an implant or a device that the patient uses at home. A device has no date of its own. */
export function describeDevice(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text, texts } = reader;
  const { labels } = messages;
  const name = deviceName(resource, reader);
  const kind = concepts(resource, 'type');
  return {
    title: name ?? kind ?? text(resource, 'modelNumber'),
    date: '',
    facts: [
      [labels.kind, name === undefined ? undefined : kind],
      [labels.status, formatStatus(resource, reader)],
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
