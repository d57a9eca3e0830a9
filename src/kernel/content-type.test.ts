import { describe, expect, it } from 'vitest';
import { findServedType } from './content-type.ts';

const UNKNOWN = 'application/octet-stream';
const PNG = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
const PROGRAM = Buffer.from('4d5a90000300000004000000ffff0000', 'hex');
const ZIP = Buffer.from('504b03041400000008000000', 'hex');
const PDF = Buffer.from('%PDF-1.7\n%âãÏÓ\n');

const served = (declared: string, bytes: Buffer | string) => findServedType(declared, Buffer.from(bytes));

describe('the type of a file', () => {
  it.each([
    ['application/pdf', PDF],
    ['Application/PDF; version=1.7', PDF],
    ['application/pdf', `\n\n${PDF}`],
    ['image/png', PNG],
    ['image/jpg', JPEG],
    ['text/rtf', '{\\rtf1 Note}'],
    ['text/plain; charset=utf-8', 'Ünder observation\r\n\tstable\f'],
    ['text/plain', 'BMI 24.3'],
    ['text/plain', 'MZ, PK and ID3 are letters'],
    ['text/plain', Buffer.from('\ufeffStable', 'utf16le')],
    ['text/plain', Buffer.from('caf\xe9', 'latin1')],
    ['text/plain', ''],
    ['text/html', '<p>Note</p>'],
    ['application/hl7-cda+xml', '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', ZIP],
    ['application/dicom', 'anything'],
    ['', 'anything'],
    [UNKNOWN, PROGRAM],
  ])('is the declared one (%s) if the bytes don’t contradict it', async (declared, bytes) => {
    expect(await served(declared, bytes)).toEqual({ contentType: declared, nameType: declared, isMismatch: false });
  });

  it.each([
    ['application/pdf', PROGRAM, 'application/x-msdownload'],
    ['application/pdf', '<script>alert(1)</script>', UNKNOWN],
    ['application/pdf', '', UNKNOWN],
    ['image/png', JPEG, 'image/jpeg'],
    ['image/png', '<svg onload="alert(1)"/>', UNKNOWN],
    ['text/plain', PDF, 'application/pdf'],
    ['text/plain', PROGRAM, 'application/x-msdownload'],
    ['text/html', PNG, 'image/png'],
    ['application/dicom', PROGRAM, 'application/x-msdownload'],
    ['audio/mpeg', PDF, 'application/pdf'],
    ['application/rtf', 'Note', UNKNOWN],
  ])('isn’t %s if the bytes contradict that', async (declared, bytes, nameType) => {
    expect(await served(declared, bytes)).toEqual({ contentType: UNKNOWN, nameType, isMismatch: true });
  });
});
