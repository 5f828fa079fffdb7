/** One line of a CSV file without its line end (RFC 4180): a cell is quoted where it holds a comma, quote or line end. */
export function csvRow(cells: Iterable<string | number>): string {
  return Array.from(cells, csvCell).join(',')
}

function csvCell(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
