const SIDE = 256;

/** A picture in PNG, 256 pixels at most, as a data: address; undefined: it is none. Drawn anew, so that nothing of the file but its pixels is left. */
export async function smallPicture(file: Blob): Promise<string | undefined> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png');
  } catch {
    return undefined;
  }
}

/** Of a `data:` address, without fetching it: the page's policy lets it fetch from its own server alone. */
export function blobOf(address: string): Blob {
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (one) => one.charCodeAt(0));
  return new Blob([bytes], { type: 'image/png' });
}
