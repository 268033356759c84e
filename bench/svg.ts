/** Drawing by hand: what a page needs to show a plot in light and in dark, and no more. */

const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .faint { fill: #57606a; }
  .axis { stroke: #8c959f; fill: none; }
  .grid { stroke: #d0d7de; fill: none; }
  .a { fill: #0969da; } .b { fill: #bc4c00; } .c { fill: #8250df; }
  path.a, path.b, path.c { fill: none; stroke-width: 2; }
  path.a { stroke: #0969da; } path.b { stroke: #bc4c00; } path.c { stroke: #8250df; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .faint { fill: #9198a1; } .axis { stroke: #6e7681; } .grid { stroke: #30363d; }
    .a { fill: #58a6ff; } .b { fill: #f0883e; } .c { fill: #bc8cff; }
    path.a { stroke: #58a6ff; } path.b { stroke: #f0883e; } path.c { stroke: #bc8cff; }
  }`;

/** Two colours for what is compared, and a third. */
export type Colour = 'a' | 'b' | 'c';

export type Point = readonly [x: number, y: number];

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

export function text(x: number, y: number, words: string, className = '', anchor: 'start' | 'end' | 'middle' = 'start') {
  return `<text x="${x}" y="${y}" class="${className}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

export function bar(x: number, y: number, width: number, height: number, colour: Colour): string {
  return `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${height}" rx="2" class="${colour}"/>`;
}

export function line(points: readonly Point[], className: string): string {
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return `<path d="${path}" class="${className}"/>`;
}

/** @param label what the picture shows, for those who can't see it */
export function picture(width: number, height: number, label: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`,
    `<style>${style}\n</style>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}
