// Charts as files.

function save(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const fileName = (name, ending) => `${name.replaceAll(/[^\w.-]+/g, '_')}.${ending}`;

export function svgText(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  for (const element of copy.querySelectorAll('[data-live]')) element.remove();
  for (const element of [copy, ...copy.querySelectorAll('*')])
    for (const name of ['style', 'tabindex', 'class']) element.removeAttribute(name);
  return new XMLSerializer().serializeToString(copy);
}

export const saveSvg = (name, svg) => save(fileName(name, 'svg'), new Blob([svgText(svg)], {type: 'image/svg+xml'}));

export async function savePng(name, svg, scale = 2) {
  const address = URL.createObjectURL(new Blob([svgText(svg)], {type: 'image/svg+xml'}));
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = svg.width.baseVal.value * scale;
  canvas.height = svg.height.baseVal.value * scale;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  save(fileName(name, 'png'), await new Promise((done) => canvas.toBlob(done, 'image/png')));
}

const quoted = (value) => {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export function saveCsv(name, rows) {
  save(fileName(name, 'csv'), new Blob([rows.map((row) => row.map(quoted).join(',')).join('\n') + '\n'], {type: 'text/csv'}));
}
