import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImageHeader } from '../../src/practices/image-header.ts';
import { validateLogo } from '../../src/practices/index.ts';
import { startBrowser } from '../support/browser/browser.ts';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
  page = await browser.newPage();
});
afterAll(() => browser.close());

/** Draws an image in Chromium and encodes it. */
async function drawn(type: string, width: number, height: number, quality = 0.8): Promise<Buffer> {
  const address = await page.evaluate(
    `(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: ${width}, height: ${height} });
      const context = canvas.getContext('2d');
      context.fillStyle = '#0b5f6b';
      context.fillRect(0, 0, ${width}, ${height / 2});
      return canvas.toDataURL('${type}', ${quality});
    })()`,
  );
  return Buffer.from(String(address).split(',')[1] ?? '', 'base64');
}

/** Makes a PNG chunk (PNG §5.3). Its checksum is zero, because it isn't verified. */
function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
}

function png(width: number, height: number, more: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(1000)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...more, pixels]);
}

describe('the size of an image, without decoding it', () => {
  it.each([
    ['image/png', 1],
    ['image/jpeg', 0.8],
    ['image/webp', 0.5],
    ['image/webp', 1],
  ])('%s at quality %d: is read from a browser’s encoding', async (type, quality) => {
    for (const [width, height] of [
      [1, 1],
      [300, 40],
      [17, 999],
      [2000, 2000],
    ] as const) {
      const bytes = await drawn(type, width, height, quality);
      expect(readImageHeader(bytes)).toEqual({ type, width, height, animated: false });
      expect(validateLogo(bytes)).toEqual({ type, bytes });
    }
  });

  it.each(['image/png', 'image/jpeg', 'image/webp'])('%s of more than 2000 pixels is rejected', async (type) => {
    expect(validateLogo(await drawn(type, 2001, 10))).toMatch(/at most 2000 pixels/);
    expect(validateLogo(await drawn(type, 10, 2001))).toMatch(/at most 2000 pixels/);
  });

  it('a few bytes that declare gigabytes of pixels are rejected: decompression bombs', async () => {
    expect(png(65_000, 65_000).length).toBeLessThan(200);
    expect(validateLogo(png(65_000, 65_000))).toMatch(/at most 2000 pixels/);
    expect(validateLogo(png(0xffff_ffff, 1))).toMatch(/at most 2000 pixels/);
    const jpeg = await drawn('image/jpeg', 8, 8);
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(65_535, frame + 5);
    expect(validateLogo(jpeg)).toMatch(/at most 2000 pixels/);
    const webp = await drawn('image/webp', 8, 8, 0.5);
    expect(webp.toString('latin1', 12, 16)).toBe('VP8X');
    webp.writeUIntLE(0xff_ffff, 24, 3);
    expect(validateLogo(webp)).toMatch(/at most 2000 pixels/);
    const plain = Buffer.alloc(40);
    plain.write('RIFF0000WEBPVP8 ', 0);
    plain.write('\x9d\x01\x2a', 23, 'latin1');
    plain.writeUInt16LE(16_383, 26);
    plain.writeUInt16LE(16_383, 28);
    expect(validateLogo(plain)).toMatch(/at most 2000 pixels/);
  });

  it('WCAG 2.2 §2.2.2: an animated image is rejected', () => {
    expect(validateLogo(png(10, 10, [chunk('acTL', Buffer.alloc(8))]))).toMatch(/animated/);
    const webp = Buffer.alloc(40);
    webp.write('RIFF', 0);
    webp.write('WEBPVP8X', 8);
    webp[20] = 0x02;
    expect(validateLogo(webp)).toMatch(/animated/);
    webp[20] = 0x10;
    expect(readImageHeader(webp)).toEqual({ type: 'image/webp', width: 1, height: 1, animated: false });
  });

  it('an image without a size is rejected: truncated, or zero pixels', async () => {
    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      const whole = await drawn(type, 20, 20);
      expect(validateLogo(whole.subarray(0, 20))).toMatch(/must be a PNG, JPEG or WebP/);
    }
    expect(validateLogo(png(0, 10))).toMatch(/must be a PNG/);
    expect(validateLogo(Buffer.from('ffd8ffda0008010100003f00ffd9', 'hex'))).toMatch(/must be a PNG/);
  });

  it('reading any bytes terminates, and throws nothing', () => {
    const begins = [
      '\x89PNG\r\n\x1a\n0000IHDR',
      '\xff\xd8\xff',
      'RIFF0000WEBPVP8 ',
      'RIFF0000WEBPVP8X',
      'RIFF0000WEBPVP8L',
    ];
    const bytes = fc.tuple(fc.constantFrom(...begins), fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(bytes, ([begin, rest]) => {
        const image = readImageHeader(Buffer.concat([Buffer.from(begin, 'latin1'), rest]));
        expect(image === undefined || (image.width > 0 && image.height > 0)).toBe(true);
      }),
    );
  });
});
