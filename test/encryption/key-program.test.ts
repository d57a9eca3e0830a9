import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliDatabase } from '../support/servers/cli-database.ts';

/** A program as an operator could write it. The key is derived from its id. */
const PROGRAM = `#!${process.execPath}
const { createCipheriv, createDecipheriv, hash, randomBytes } = require('node:crypto');
const { readFileSync } = require('node:fs');
const [, , word, id] = process.argv;
const key = hash('sha256', 'a secret of the program ' + id, 'buffer');
const print = (bytes) => process.stdout.write(bytes.toString('base64') + '\\n');
if (word === 'id') process.stdout.write(readFileSync(__dirname + '/current', 'utf8'));
else {
  const input = Buffer.from(readFileSync(0, 'utf8'), 'base64');
  if (word === 'wrap') {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const body = Buffer.concat([cipher.update(input), cipher.final()]);
    print(Buffer.concat([nonce, cipher.getAuthTag(), body]));
  } else {
    const decipher = createDecipheriv('aes-256-gcm', key, input.subarray(0, 12)).setAuthTag(input.subarray(12, 28));
    print(Buffer.concat([decipher.update(input.subarray(28)), decipher.final()]));
  }
}
`;

const { db, print } = cliDatabase();

describe.skipIf(process.platform === 'win32')('ENCRYPTION_KEY_PROGRAM', { shuffle: false }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'patient-access-key-program-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function writeProgram(name: string, text: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
  }
  const useKey = (id: string) => writeFileSync(path.join(folder, 'current'), `${id}\n`);
  const command = (program: string, ...words: readonly string[]) => print(words, { ENCRYPTION_KEY_PROGRAM: program });
  const keyFile = () => path.join(folder, 'encryption-key');
  const wrappedBy = async () =>
    (await db().queryText<{ by: string }>('select wrapped_by as by from data_key order by data_key_id', [])).map(
      ({ by }) => by,
    );

  it('replaces ENCRYPTION_KEY_FILE, whose keys are needed once more', async () => {
    const program = writeProgram('program', PROGRAM);
    const file = { ENCRYPTION_KEY_FILE: keyFile() };
    expect((await print(['keys', 'create-encryption', keyFile()])).code).toBe(0);
    expect((await print(['keys', 'rotate-encryption'], file)).code).toBe(0);
    expect((await print(['keys', 'rotate'], file)).code).toBe(0);
    useKey('hsm:first');
    expect((await command(program, 'keys', 'rotate-encryption')).code).toBe(1);
    const both = await print(['keys', 'rotate-encryption'], { ...file, ENCRYPTION_KEY_PROGRAM: program });
    expect({ code: both.code, out: both.out }).toEqual({ code: 0, out: expect.stringContaining('hsm:first') });
    expect(await wrappedBy()).toEqual(['hsm:first', 'hsm:first']);
  });

  it('wraps data keys, and unwraps them with the keys that it had before', async () => {
    const program = path.join(folder, 'program');
    useKey('hsm:second');
    expect((await command(program, 'keys', 'rotate-encryption')).code).toBe(0);
    expect(await wrappedBy()).toEqual(['hsm:second', 'hsm:second', 'hsm:second']);
    const stored = await db().queryText<{ clear: boolean; key: number }>(
      'select private_jwk is not null as clear, get_byte(encrypted_key, 4) as key from signing_key',
      [],
    );
    expect(stored).toEqual([
      { clear: false, key: 3 },
      { clear: false, key: 3 },
    ]);
  });

  it.each([
    ['doesn’t exist', undefined, /program \S+missing can't be run \(ENOENT\)/],
    ['fails', '#!/bin/sh\necho the module is locked >&2\nexit 3\n', /exit code 3: the module is locked/],
    ['prints no base64', '#!/bin/sh\ncase $1 in id) echo a;; *) echo "?";; esac\n', /printed no base64/],
    ['returns another key', '#!/bin/sh\ncase $1 in id) echo a;; *) echo bm8ga2V5;; esac\n', /returned 6 bytes instead/],
    ['prints no id', '#!/bin/sh\n', /printed no id/],
  ])('that %s is reported with the reason, and nothing changes', async (name, text, reason) => {
    const program = text === undefined ? path.join(folder, 'missing') : writeProgram(name.replaceAll(' ', '-'), text);
    const { code, err } = await command(program, 'keys', 'rotate-encryption');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(reason) });
    expect(await wrappedBy()).toEqual(['hsm:second', 'hsm:second', 'hsm:second']);
  });

  it('is needed by a command that stores a secret, and by no other', async () => {
    const without = await print(['keys', 'rotate']);
    expect({ code: without.code, err: without.err }).toEqual({
      code: 1,
      err: expect.stringContaining(
        'encrypted with the key hsm:second. Set ENCRYPTION_KEY_FILE or ENCRYPTION_KEY_PROGRAM',
      ),
    });
    expect((await print(['practices', 'list'])).code).toBe(0);
  });
});
