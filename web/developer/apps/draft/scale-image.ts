const MAX_SIDE = 256;

/**
 * Scales an image to a width and height of at most 256 pixels and returns it as a PNG data URL. Returns undefined if
 * the file isn't an image. Redrawing drops all metadata of the file.
 */
export async function scaleImage(file: Blob): Promise<string | undefined> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png');
  } catch {
    return undefined;
  }
}

/**
 * Decodes a `data:` URL. `fetch` can't do this, because the Content-Security-Policy only allows requests to the page's
 * own server.
 */
export function dataUrlToBlob(address: string): Blob {
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (one) => one.charCodeAt(0));
  return new Blob([bytes], { type: 'image/png' });
}
