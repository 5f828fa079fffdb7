/** A piece of HTML that is safe to stand in a page as it is. */
export interface Html {
  readonly html: string
}

/** A template of HTML: texts and numbers put into it are escaped, pieces of HTML and lists of them are not. */
export function safeHtml(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const pieces = values.map((value, index) => piece(value) + parts[index + 1]!)
  return { html: parts[0]! + pieces.join('') }
}

function piece(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeXml(String(value))
  return 'html' in value ? value.html : value.map((part) => part.html).join('')
}

/** A text without anything that HTML or XML would take for markup, in content and in quoted attributes. */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!)
}

/** A script to stand in a page: nothing in it can end the script's element. */
export function inlineScript(source: string): Html {
  return { html: `<script>${shut(source)}</script>` }
}

/** The same for a module, whose names are its own. */
export function inlineModule(source: string): Html {
  return { html: `<script type="module">${shut(source)}</script>` }
}

function shut(source: string): string {
  return source.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3C`)
}

/** Plain data to stand in a page, for a script to parse. */
export function inlineJson(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
  return { html: `<script type="application/json" id="${escapeXml(id)}">${json}</script>` }
}
