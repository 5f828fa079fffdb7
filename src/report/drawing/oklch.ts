/**
 * A colour by lightness (0 to 1), chroma (0 to about 0.3) and hue (degrees) in OKLCH, where equal steps of lightness look
 * equal (Ottosson, "A perceptual color space for image processing", 2020), as `#rrggbb`. A chroma that screens cannot
 * show is lowered.
 */
export function oklch(lightness: number, chroma: number, hue: number): string {
  for (let c = chroma; ; c = Math.max(0, c - 0.01)) {
    const channels = linearRgb(lightness, c, hue)
    if (c === 0 || channels.every((channel) => channel >= -1e-4 && channel <= 1.0001)) {
      return `#${channels.map((channel) => twoDigits(gamma(Math.min(1, Math.max(0, channel))))).join('')}`
    }
  }
}

function linearRgb(lightness: number, chroma: number, hue: number): number[] {
  const angle = (hue * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

function gamma(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
}

function twoDigits(channel: number): string {
  return Math.round(255 * channel)
    .toString(16)
    .padStart(2, '0')
}
