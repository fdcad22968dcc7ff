// Light and dark. Series' colours are told apart by the colour-blind (after Okabe and Ito) and stand out 3:1 against
// the ground; beyond eight, dashes tell them apart.

const light = ['#0060a8', '#b34700', '#00735c', '#9a3e7c', '#8a6400', '#2b7bba', '#5b4bb5', '#555e68'];
const dark = ['#6db7f2', '#f0904f', '#3ec9a7', '#e08cc2', '#e6c34a', '#9cd3ff', '#b0a3f5', '#aab4bf'];
const dashes = ['', '6 3', '2 3', '8 3 2 3'];

const system = matchMedia('(prefers-color-scheme: dark)');
const chosen = () => localStorage.getItem('theme') ?? 'auto';

export const isDark = () => chosen() === 'dark' || (chosen() === 'auto' && system.matches);

export const seriesColour = (i) => (isDark() ? dark : light)[i % light.length];
export const seriesDash = (i) => dashes[Math.floor(i / light.length) % dashes.length];

/** A colour of the style sheet, for drawings that are also saved. */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const between = (from, to) => (share) => d3.interpolateLab(colour(from), colour(to))(Math.min(1, Math.max(0, share)));
/** From little to much by lightness, which the colour-blind see as others do: for areas, and for lines on the ground. */
export const areaScale = () => between('less', 'more');
export const lineScale = () => between('faint', 'accent');

/** Black or white, whichever stands out more; at least 4.5:1. */
export function inkOn(fill) {
  const linear = (part) => part <= 10.31475 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  const {r, g, b} = d3.rgb(fill);
  const light = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return light > 0.179 ? '#000000' : '#ffffff';
}

export function startTheme(onChange) {
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
    onChange();
  };
  const menu = document.getElementById('theme');
  menu.value = chosen();
  menu.addEventListener('change', () => {
    localStorage.setItem('theme', menu.value);
    apply();
  });
  system.addEventListener('change', apply);
  apply();
}
