/** A drawing without colours: each becomes the grey that is as light (Rec. 709 luma). */
export function greyed(svg: string): string {
  return svg.replaceAll(/"#([\da-f]{2})([\da-f]{2})([\da-f]{2})"/gi, (_colour, ...channels: string[]) => {
    const [red = 0, green = 0, blue = 0] = channels.slice(0, 3).map((channel) => Number.parseInt(channel, 16))
    const grey = Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return `"#${grey.toString(16).padStart(2, '0').repeat(3)}"`
  })
}
