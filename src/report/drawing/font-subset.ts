import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The part of WebAssembly that is used here; its types come with those of a browser, which a program for Node has not. */
declare const WebAssembly: {
  instantiate(code: Uint8Array): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>
}

/** The functions of HarfBuzz's subsetter that are used here; a number is an address in its memory. */
interface Subsetter {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(bytes: number): number
  free(at: number): void
  hb_blob_create(data: number, length: number, mode: number, userData: number, destroy: number): number
  hb_blob_destroy(blob: number): void
  hb_blob_get_data(blob: number, length: number): number
  hb_blob_get_length(blob: number): number
  hb_face_create(blob: number, index: number): number
  hb_face_destroy(face: number): void
  hb_face_reference_blob(face: number): number
  hb_set_add(set: number, value: number): void
  hb_subset_input_create_or_fail(): number
  hb_subset_input_unicode_set(input: number): number
  hb_subset_input_set_flags(input: number, flags: number): void
  hb_subset_input_destroy(input: number): void
  hb_subset_or_fail(face: number, input: number): number
}

/** HarfBuzz's mode of memory that it may write to, and its flag for letters without instructions for coarse screens. */
const [WRITABLE, NO_HINTING] = [2, 1] as const

let loaded: Promise<Subsetter> | undefined

async function load(): Promise<Subsetter> {
  const file = fileURLToPath(import.meta.resolve('harfbuzzjs/dist/harfbuzz-subset.wasm'))
  const { instance } = await WebAssembly.instantiate(await readFile(file))
  const begin = instance.exports['_initialize'] as () => void
  begin()
  return instance.exports as unknown as Subsetter
}

/**
 * A font of nothing but some letters, given by their code points, of a font file, or of the first font of several in it. The
 * same file and letters give the same bytes. Throws where the file is no font.
 */
export async function fontSubset(font: Uint8Array, letters: Iterable<number>): Promise<Uint8Array> {
  const hb = await (loaded ??= load())
  const data = hb.malloc(font.length)
  new Uint8Array(hb.memory.buffer).set(font, data)
  const blob = hb.hb_blob_create(data, font.length, WRITABLE, 0, 0)
  const face = hb.hb_face_create(blob, 0)
  const input = hb.hb_subset_input_create_or_fail()
  const wanted = hb.hb_subset_input_unicode_set(input)
  for (const letter of letters) hb.hb_set_add(wanted, letter)
  hb.hb_subset_input_set_flags(input, NO_HINTING)
  const subset = hb.hb_subset_or_fail(face, input)
  const result = hb.hb_face_reference_blob(subset)
  const [from, length] = [hb.hb_blob_get_data(result, 0), hb.hb_blob_get_length(result)]
  const bytes = new Uint8Array(hb.memory.buffer).slice(from, from + length)
  hb.hb_blob_destroy(result)
  if (subset !== 0) hb.hb_face_destroy(subset)
  hb.hb_subset_input_destroy(input)
  hb.hb_face_destroy(face)
  hb.hb_blob_destroy(blob)
  hb.free(data)
  if (subset === 0 || length === 0) throw new Error('no subset could be made of the font')
  return bytes
}
