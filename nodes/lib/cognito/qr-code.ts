/** The empty margin that scanners need, in modules: ISO/IEC 18004 wants four. */
const pad = 4;

/** The side of a module, in pixels: an otpauth address makes a picture of some 300 pixels. */
const scale = 6;

/** A QR code as pictures, black on white whatever is behind them: as `data:` URL of a PNG, and as SVG markup. */
export async function qrCode(text: string): Promise<{ dataUrl: string; svg: string }> {
  const [{ correction, generate }, { toPngDataURL }, { toSvgSource }] = await Promise.all([
    import('lean-qr'),
    import('lean-qr/extras/node_export'),
    import('lean-qr/extras/svg'),
  ]);
  const code = generate(text, { minCorrectionLevel: correction.M });
  return {
    dataUrl: toPngDataURL(code, { on: [0, 0, 0], off: [255, 255, 255], pad, scale }),
    svg: toSvgSource(code, { on: '#000', off: '#fff', pad, scale }),
  };
}
