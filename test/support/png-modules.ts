import { inflateSync } from 'node:zlib';

/**
 * The modules of a QR code in a PNG picture of one bit a pixel, with their margin; true is dark.
 * @param scale the side of a module in pixels; every pixel of a module has to be the same
 */
export function pngModules(dataUrl: string, scale: number): boolean[][] {
  const file = Buffer.from(dataUrl.replace(/^data:image\/png;base64,/, ''), 'base64');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const header = chunks.get('IHDR')!;
  const [width, height, depth] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8]];
  if (depth !== 1 || width !== height || width % scale !== 0) throw new Error('another kind of picture');
  const palette = chunks.get('PLTE')!;
  const isDark = (index: number): boolean => palette[index * 3] === 0;
  const lines = inflateSync(chunks.get('IDAT')!);
  const perLine = 1 + Math.ceil(width / 8);
  const pixel = (x: number, y: number): boolean => {
    if (lines[y * perLine] !== 0) throw new Error('lines are filtered');
    return isDark((lines[y * perLine + 1 + (x >> 3)]! >> (7 - (x & 7))) & 1);
  };
  const side = width / scale;
  return Array.from({ length: side }, (_row, y) =>
    Array.from({ length: side }, (_module, x) => {
      const dark = pixel(x * scale, y * scale);
      for (let i = 0; i < scale * scale; i += 1) {
        if (pixel(x * scale + (i % scale), y * scale + Math.floor(i / scale)) !== dark) throw new Error('blurred');
      }
      return dark;
    }),
  );
}
